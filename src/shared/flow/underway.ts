/**
 * Work that goes on beside whoever began it. Its promises never reject unheard: what failed first is kept, and thrown to
 * whoever asks next.
 */
export class Underway {
  readonly #running = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  get count(): number {
    return this.#running.size;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  follow(work: Promise<void>): void {
    const followed = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(followed));
    this.#running.add(followed);
  }

  /** Resolves when some of it is over; at once where there is none. @throws what failed first */
  async someDone(): Promise<void> {
    if (this.#running.size > 0) await Promise.race(this.#running);
    this.throwFailure();
  }

  /** Resolves when all of it is over, and all that began meanwhile. Never rejects, so that closing can wait for it. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** @throws what failed first */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
