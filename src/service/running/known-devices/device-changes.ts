/** Changes that come together are told together. */
const TELL_AFTER_MS = 50;

/** Collects which devices have changed, and hands them over together, soon. */
export class DeviceChanges implements Disposable {
  readonly #tell: (udids: ReadonlySet<string>) => Promise<void>;
  readonly #onBug: (error: unknown) => void;
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (udids: ReadonlySet<string>) => Promise<void>, onBug: (error: unknown) => void) {
    this.#tell = tell;
    this.#onBug = onBug;
  }

  add(udid: string): void {
    this.#changed.add(udid);
    this.#timer ??= setTimeout(() => this.#handOver(), TELL_AFTER_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #handOver(): void {
    this.#timer = undefined;
    const changed = this.#changed;
    this.#changed = new Set();
    void this.#tell(changed).catch(this.#onBug);
  }
}
