import { AppError } from '../shared/errors.ts';

/** The prompt of a device is over after thirty minutes. */
const PASSCODE_LIMIT_MS = 31 * 60_000;

/**
 * Waits for a passcode as long as a device does, which ends its prompt after half an hour at most. Some then say
 * nothing more, and would be waited for for ever.
 */
export class PasscodePatience implements Disposable {
  readonly #limitMs: number;
  readonly #giveUp: (error: AppError) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param giveUp gets the reason to end the job with. */
  constructor(limitMs: number | undefined, giveUp: (error: AppError) => void) {
    this.#limitMs = limitMs ?? PASSCODE_LIMIT_MS;
    this.#giveUp = giveUp;
  }

  follow(wanted: boolean): void {
    if (!wanted) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#giveUp(
        new AppError('PASSCODE_NOT_ENTERED', 'the passcode was not entered on the device', {
          hint: 'Start again, and enter the passcode on the device when it asks.',
        }),
      );
    }, this.#limitMs);
  }

  [Symbol.dispose](): void {
    this.follow(false);
  }
}
