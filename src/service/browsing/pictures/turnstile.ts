import { AppError } from '../../../shared/errors.ts';

/** Lets a few through at a time; who does not want to wait any longer leaves the queue. */
export class Turnstile {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** @returns the place, which is free again when it is disposed. @throws {AppError} CANCELLED */
  async pass(signal?: AbortSignal): Promise<Disposable> {
    if (signal?.aborted === true) throw cancelled();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    return { [Symbol.dispose]: () => this.#leave() };
  }

  /** A place that becomes free is handed to the next in the queue without ever being counted as free. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(cancelled());
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#queue.push(enter);
    });
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

const cancelled = (): AppError => new AppError('CANCELLED', 'it is not wanted any more');
