import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder on a file system of its own, freshly made, so that a run measures the programs and not what earlier runs
 * left behind. Where that is not permitted (no root, no loop devices) a plain temporary folder serves.
 */
export class Workspace implements Disposable {
  readonly dir: string;
  readonly #image: string;
  /** The loop device, undefined for a plain folder. */
  #device: string | undefined;

  /** @param sizeGigabytes how much fits in; only what is written takes space. */
  constructor(sizeGigabytes: number, parent = process.env['BENCH_DIR'] ?? tmpdir()) {
    this.dir = mkdtempSync(join(parent, 'holdfast-bench-'));
    this.#image = `${this.dir}.img`;
    try {
      const handle = openSync(this.#image, 'w');
      ftruncateSync(handle, Math.ceil(sizeGigabytes * 2 ** 30));
      closeSync(handle);
      execFileSync('mkfs.ext4', ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', this.#image]);
      // Direct, so that what the file system forgets is not still in the cache of the image.
      this.#device = output('losetup', ['--find', '--show', '--direct-io=on', this.#image]);
      this.#mount();
    } catch {
      this.#detach();
      process.stdout.write('No fresh file system could be made; a temporary folder is used instead.\n');
    }
  }

  /** A new empty folder. */
  folder(name: string): string {
    const path = join(this.dir, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Removes a folder and gives its space back to the disk, so that the next one is not written into its holes. */
  discard(name: string): void {
    rmSync(join(this.dir, name), { recursive: true, force: true });
    this.sync();
    if (this.#device !== undefined) attempt('fstrim', [this.dir]);
  }

  /** Waits until everything written is on the disk. Other file systems and their programs are left alone. */
  sync(): void {
    execFileSync('sync', ['-f', this.dir]);
  }

  /**
   * Writes everything out and forgets what is cached of these files, where permitted, so that the next read comes from
   * the disk. Programs stay in memory.
   */
  dropCaches(): void {
    this.sync();
    if (this.#device !== undefined && attempt('umount', [this.dir])) this.#mount();
    // Without root the cache stays warm, for every program alike.
    else attempt('sh', ['-c', 'echo 3 > /proc/sys/vm/drop_caches']);
  }

  [Symbol.dispose](): void {
    if (this.#device !== undefined) execFileSync('umount', [this.dir]);
    this.#detach();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #mount(): void {
    execFileSync('mount', [this.#device ?? '', this.dir]);
  }

  #detach(): void {
    if (this.#device !== undefined) attempt('losetup', ['--detach', this.#device]);
    this.#device = undefined;
    rmSync(this.#image, { force: true });
  }
}

function output(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** Whether the command succeeded. */
function attempt(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
