import type { Backup } from '../../snapshot/index.ts';
import type { SnapshotRecord } from '../../vault/index.ts';
import { AppError } from '../../shared/errors.ts';

/**
 * One version, open for one session. Databases of the phone are opened when they are first asked for and stay open:
 * in memory where the backup is encrypted. Closing lets go of all of them and wipes the keys.
 */
export class Unlocked {
  readonly record: SnapshotRecord;
  readonly backup: Backup;
  readonly #closing: AsyncDisposableStack;
  readonly #locked = new AbortController();
  readonly #opened = new Map<string, Promise<unknown>>();
  #leases = 0;
  #whenFree: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  /** By the clock that `Browsing` goes by. */
  lastUsedMs: number;

  /** @param closing what has to be closed with it; taken over. */
  constructor(parts: { record: SnapshotRecord; backup: Backup; closing: AsyncDisposableStack; nowMs: number }) {
    this.record = parts.record;
    this.backup = parts.backup;
    this.lastUsedMs = parts.nowMs;
    this.#closing = parts.closing;
  }

  /** Aborted when it is locked: whatever is being sent ends. */
  get signal(): AbortSignal {
    return this.#locked.signal;
  }

  get isInUse(): boolean {
    return this.#leases > 0;
  }

  /** Keeps it open until the lease ends. @throws {AppError} CONTENT_LOCKED when it has been locked */
  lease(): Disposable {
    this.#assertOpen();
    this.#leases++;
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        if (--this.#leases === 0) this.#whenFree?.();
      },
    };
  }

  /**
   * Something that is made once of this version and kept: a database, an index. What can be disposed is, when it is
   * locked. What failed is tried again the next time.
   */
  async once<T>(name: string, make: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    const known = this.#opened.get(name);
    // Only this method writes the map, always with what `make` of the same name gives.
    if (known !== undefined) return known as Promise<T>;
    const making = make();
    this.#opened.set(name, making);
    making.catch(() => this.#opened.delete(name));
    return making;
  }

  /** Lets go of things that were made once: they are made anew when they are asked for again. */
  async forget(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const made = this.#opened.get(name);
      this.#opened.delete(name);
      await disposeOf(made);
    }
  }

  /** Locks it at once; resolves when everything is closed and the keys are wiped. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#locked.abort(lockedError(this.record.id));
    if (this.#leases > 0) await new Promise<void>((resolve) => (this.#whenFree = resolve));
    for (const made of [...this.#opened.values()].toReversed()) await disposeOf(made);
    this.#opened.clear();
    await this.#closing.disposeAsync();
  }

  #assertOpen(): void {
    if (this.#locked.signal.aborted) throw lockedError(this.record.id);
  }
}

export function lockedError(snapshot: string): AppError {
  return new AppError('CONTENT_LOCKED', 'this version is locked', {
    hint: 'Unlock it with the password of the backup.',
    details: { snapshot },
  });
}

async function disposeOf(made: Promise<unknown> | undefined): Promise<void> {
  const thing = await made?.catch(() => undefined);
  if (isDisposable(thing)) thing[Symbol.dispose]();
  else if (isAsyncDisposable(thing)) await thing[Symbol.asyncDispose]();
}

const isDisposable = (value: unknown): value is Disposable =>
  typeof value === 'object' && value !== null && Symbol.dispose in value;

const isAsyncDisposable = (value: unknown): value is AsyncDisposable =>
  typeof value === 'object' && value !== null && Symbol.asyncDispose in value;
