import { AppError } from '../../shared/errors.ts';

interface Waiting {
  readonly urgent: boolean;
  readonly go: () => void;
}

/** A number of places, taken one after another. What a person asked for does not wait behind what happens by itself. */
export class Slots {
  readonly #count: () => number;
  #taken = 0;
  #waiting: Waiting[] = [];

  /** @param count how many there are; may change. */
  constructor(count: () => number) {
    this.#count = count;
  }

  get free(): number {
    return Math.max(0, this.#count() - this.#taken - this.#waiting.length);
  }

  /** Waits for a place and has it until disposed. @throws {AppError} CANCELLED, or the signal's reason */
  async take({ urgent, signal }: { urgent: boolean; signal: AbortSignal }): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#taken >= this.#count() || this.#waiting.length > 0) await this.#wait(urgent, signal);
    else this.#taken++;
    let isGiven = false;
    return {
      [Symbol.dispose]: () => {
        if (isGiven) return;
        isGiven = true;
        this.#taken--;
        this.settle();
      },
    };
  }

  /** Lets in who waits, where there is room: also after there have become more. */
  settle(): void {
    while (this.#waiting.length > 0 && this.#taken < this.#count()) {
      const next = this.#waiting.find(({ urgent }) => urgent) ?? this.#waiting[0];
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#taken++;
      next.go();
    }
  }

  async #wait(urgent: boolean, signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const mine: Waiting = { urgent, go: turn.resolve };
    const giveUp = (): void => {
      if (!this.#waiting.includes(mine)) return;
      this.#waiting = this.#waiting.filter((each) => each !== mine);
      turn.reject(signal.reason instanceof Error ? signal.reason : new AppError('CANCELLED', 'stopped'));
    };
    this.#waiting.push(mine);
    signal.addEventListener('abort', giveUp);
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}
