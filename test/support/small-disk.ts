import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import process from 'node:process';

const PAGE_BYTES = 4096;

/** A file system of its own, as small as wanted, in memory. Needs root, or sudo without a password, and Linux. */
export class SmallDisk implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one at `path`, which is made. */
  static mount(path: string, sizeBytes: number): SmallDisk {
    mkdirSync(path, { recursive: true });
    const owner = `uid=${process.getuid?.() ?? 0}`;
    asRoot('mount', '-t', 'tmpfs', '-o', `size=${sizeBytes},mode=0755,${owner}`, 'holdfast-test', path);
    return new SmallDisk(path);
  }

  get usedBytes(): number {
    const { blocks, bfree, bsize } = statfsSync(this.path);
    return (blocks - bfree) * bsize;
  }

  /** Somebody makes room, or needs it. */
  resize(sizeBytes: number): void {
    // A size of 0 would be no limit at all.
    asRoot('mount', '-o', `remount,size=${Math.max(PAGE_BYTES, sizeBytes)}`, this.path);
  }

  /** Only to be read from now on, as after an error that the system noticed. Nothing on it may be open for writing. */
  protect(isProtected: boolean): void {
    asRoot('mount', '-o', `remount,${isProtected ? 'ro' : 'rw'}`, this.path);
  }

  /** Somebody pulls the plug. What lies there is gone with it. */
  [Symbol.dispose](): void {
    asRoot('umount', this.path);
  }
}

/** A file system that can be pulled out while files of it are open, and keeps what was written. Needs root, and Linux. */
export class PullableDisk implements Disposable {
  readonly #path: string;
  /** The same file system at another place: what would be the disk itself. */
  readonly #home: string;
  #plugged = false;

  private constructor(path: string) {
    this.#path = path;
    this.#home = `${path}.disk`;
  }

  /** Mounts one at `path`, which is made. */
  static mount(path: string): PullableDisk {
    const disk = new PullableDisk(path);
    mkdirSync(path, { recursive: true });
    mkdirSync(disk.#home, { recursive: true });
    const owner = `uid=${process.getuid?.() ?? 0}`;
    asRoot('mount', '-t', 'tmpfs', '-o', `size=200000000,mode=0755,${owner}`, 'holdfast-test', disk.#home);
    disk.plug();
    return disk;
  }

  plug(): void {
    asRoot('mount', '--bind', this.#home, this.#path);
    this.#plugged = true;
  }

  /** The path leads to an empty folder from now on; files that are open go on, as those of a lazy unmount do. */
  pull(): void {
    asRoot('umount', '--lazy', this.#path);
    this.#plugged = false;
  }

  [Symbol.dispose](): void {
    if (this.#plugged) this.pull();
    asRoot('umount', '--lazy', this.#home);
  }
}

function asRoot(command: string, ...args: string[]): void {
  const words = process.getuid?.() === 0 ? [command, ...args] : ['sudo', '-n', command, ...args];
  const [program = '', ...rest] = words;
  const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr}`);
}
