import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import process from 'node:process';

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
    asRoot('mount', '-o', `remount,size=${sizeBytes}`, this.path);
  }

  /** Somebody pulls the plug. What lies there is gone with it. */
  [Symbol.dispose](): void {
    asRoot('umount', this.path);
  }
}

function asRoot(command: string, ...args: string[]): void {
  const words = process.getuid?.() === 0 ? [command, ...args] : ['sudo', '-n', command, ...args];
  const [program = '', ...rest] = words;
  const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr}`);
}
