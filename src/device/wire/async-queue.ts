/** Values pushed by one side, taken one after another by the other; nothing is lost while nobody waits. */
export class AsyncQueue<T> {
  readonly #values: T[] = [];
  readonly #waiting: { resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: unknown) => void }[] =
    [];
  #end: { readonly error?: unknown } | undefined;

  push(value: T): void {
    if (this.#end !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#values.push(value);
    else next.resolve({ done: false, value });
  }

  /** No more values: those already here are still handed out, then iteration ends, or fails with `error`. */
  end(...error: [] | [unknown]): void {
    if (this.#end !== undefined) return;
    this.#end = error.length === 0 ? {} : { error: error[0] };
    for (const waiting of this.#waiting.splice(0)) this.#conclude(waiting.resolve, waiting.reject);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (let next = await this.#next(); next.done !== true; next = await this.#next()) yield next.value;
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#values.length > 0) {
        const [value] = this.#values.splice(0, 1);
        resolve({ done: false, value: value as T }); // there is one, whatever T allows it to be
      } else if (this.#end !== undefined) this.#conclude(resolve, reject);
      else this.#waiting.push({ resolve, reject });
    });
  }

  #conclude(resolve: (result: IteratorResult<T, undefined>) => void, reject: (error: unknown) => void): void {
    if (this.#end !== undefined && 'error' in this.#end) reject(this.#end.error);
    else resolve({ done: true, value: undefined });
  }
}
