import { AppError } from '../shared/errors.ts';

/** The prompt of a device is over after thirty minutes. */
const PASSCODE_LIMIT_MS = 31 * 60_000;

/**
 * Waits for a passcode as long as a device does, which ends its prompt after half an hour at most. Some then say
 * nothing more, and would be waited for for ever. The limit is for silence at the prompt: a device that goes on behind
 * it, as for a prompt that has nothing to do with the backup, is as patient as it likes.
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
    if (!wanted) this.#stop();
    else this.#timer ??= this.#start();
  }

  /** The device goes on with its job, prompt or not. */
  progressed(): void {
    if (this.#timer === undefined) return;
    this.#stop();
    this.#timer = this.#start();
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#giveUp(
        new AppError('PASSCODE_NOT_ENTERED', 'the passcode was not entered on the device', {
          hint: 'Start again, and enter the passcode on the device when it asks.',
        }),
      );
    }, this.#limitMs);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}
