import {
  type BackupTarget,
  type TargetEntry,
  TargetError,
  type TargetErrorReason,
  type TargetFile,
  type TargetSink,
} from '../../shared/target/backup-target.ts';

/** A target in memory. `slow` makes every answer a promise; `fail` makes what it says fail. */
export class MemoryTarget implements BackupTarget {
  readonly files = new Map<string, Buffer>();
  readonly calls: string[] = [];
  openSinks = 0;
  slow = false;
  free = 5_000_000_000.5;
  fail: (call: string) => unknown = () => undefined;

  read(path: string): TargetFile | Promise<TargetFile> {
    return this.#do(`read ${path}`, () => {
      const content = this.files.get(path) ?? missing('not-found', path);
      return { sizeBytes: content.length, chunks: () => this.#chunks(path, content) };
    });
  }

  create(path: string): TargetSink | Promise<TargetSink> {
    return this.#do(`create ${path}`, () => {
      const chunks: Buffer[] = [];
      this.openSinks += 1;
      return {
        write: (chunk) => this.#do(`write ${path}`, () => void chunks.push(Buffer.from(chunk))),
        finish: () =>
          this.#do(`finish ${path}`, () => {
            this.openSinks -= 1;
            this.files.set(path, Buffer.concat(chunks));
          }),
        discard: () => void (this.openSinks -= 1),
      };
    });
  }

  list(path: string): TargetEntry[] | Promise<TargetEntry[]> {
    return this.#do(`list ${path}`, () => {
      const inside = [...this.files].filter(([name]) => name.startsWith(`${path}/`));
      if (inside.length === 0) missing('not-found', path);
      return inside.map(([name, { length }]) => ({
        name: name.slice(path.length + 1),
        kind: 'file',
        sizeBytes: length,
        modifiedAt: new Date(0),
      }));
    });
  }

  makeDirectory(path: string): void | Promise<void> {
    return this.#do(`make ${path}`, () => {});
  }

  move(from: string, to: string): void | Promise<void> {
    return this.#do(`move ${from} ${to}`, () => {
      this.files.set(to, this.files.get(from) ?? missing('not-found', from));
      this.files.delete(from);
    });
  }

  remove(path: string): void | Promise<void> {
    return this.#do(`remove ${path}`, () => void this.files.delete(path));
  }

  copy(from: string, to: string): void | Promise<void> {
    return this.#do(
      `copy ${from} ${to}`,
      () => void this.files.set(to, this.files.get(from) ?? missing('not-found', from)),
    );
  }

  freeBytes(): number | Promise<number> {
    return this.#do('free', () => this.free);
  }

  async *#chunks(path: string, content: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += 100_000) {
      const error = this.fail(`chunk ${path} ${at}`);
      if (error !== undefined) throw error;
      yield content.subarray(at, at + 100_000);
    }
  }

  #do<T>(call: string, work: () => T): T | Promise<T> {
    this.calls.push(call);
    const error = this.fail(call);
    if (!this.slow) {
      if (error !== undefined) throw error;
      return work();
    }
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      if (error !== undefined) throw error;
      return work();
    });
  }
}

function missing(reason: TargetErrorReason, path: string): never {
  throw new TargetError(reason, `${path}: ${reason}`);
}
