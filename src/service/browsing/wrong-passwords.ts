import { AppError } from '../../shared/errors.ts';
import type { BrowsingLimits } from './limits.ts';

/** Slows down whoever guesses at a backup password through a session. Each try costs the computer seconds as well. */
export class WrongPasswords {
  readonly #limits: BrowsingLimits;
  readonly #now: () => number;
  readonly #tries = new Map<string, number[]>();
  readonly #busy = new Set<string>();

  constructor(limits: BrowsingLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * One try at a time for each key, and not too many of them.
   *
   * @throws {AppError} TOO_MANY_TRIES, and what `tryIt` throws; a WRONG_PASSWORD of it is counted.
   */
  async guard<T>(key: string, tryIt: () => Promise<T>): Promise<T> {
    const since = this.#now() - this.#limits.triesWithinMs;
    const recent = (this.#tries.get(key) ?? []).filter((at) => at > since);
    const [oldest = 0] = recent;
    if (recent.length >= this.#limits.maxWrongPasswords) throw tooMany(oldest - since);
    if (this.#busy.has(key)) throw tooMany(5000);
    this.#busy.add(key);
    try {
      const result = await tryIt();
      this.#tries.delete(key);
      return result;
    } catch (error) {
      if (error instanceof AppError && error.code === 'WRONG_PASSWORD') this.#tries.set(key, [...recent, this.#now()]);
      throw error;
    } finally {
      this.#busy.delete(key);
    }
  }
}

function tooMany(waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new AppError('TOO_MANY_TRIES', 'too many wrong backup passwords', {
    hint: 'Wait a few minutes before the next try.',
    details: { retryAfterSeconds },
  });
}
