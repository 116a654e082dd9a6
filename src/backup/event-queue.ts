/**
 * The events of a job on their way to whoever follows it. Somebody who is slow finds only the newest progress
 * waiting, and everything else.
 */
export class EventQueue<T extends { readonly event: string }> {
  #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error?: unknown } | undefined;

  push(event: T): void {
    if (event.event === 'progress' && this.#waiting.at(-1)?.event === 'progress') this.#waiting.pop();
    this.#waiting.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** For one follower. Ends, or fails, once everything before has been handed out. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) yield event;
      else if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
