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
  readonly #image: string | undefined;

  constructor(sizeGigabytes: number, parent = process.env['BENCH_DIR'] ?? tmpdir()) {
    const base = mkdtempSync(join(parent, 'holdfast-bench-'));
    const image = `${base}.img`;
    this.dir = base;
    try {
      const handle = openSync(image, 'w');
      ftruncateSync(handle, sizeGigabytes * 2 ** 30);
      closeSync(handle);
      execFileSync('mkfs.ext4', ['-q', '-F', image]);
      execFileSync('mount', ['-o', 'loop', image, base]);
      this.#image = image;
    } catch {
      rmSync(image, { force: true });
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

  /** Writes everything out and forgets what is cached, where permitted, so that the next read comes from the disk. */
  dropCaches(): void {
    execFileSync('sync');
    try {
      execFileSync('sh', ['-c', 'echo 3 > /proc/sys/vm/drop_caches']);
    } catch {
      // Without root the cache stays warm, for every program alike.
    }
  }

  [Symbol.dispose](): void {
    if (this.#image !== undefined) {
      execFileSync('umount', [this.dir]);
      rmSync(this.#image, { force: true });
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
