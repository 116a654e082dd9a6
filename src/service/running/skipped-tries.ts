import type { Reason } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { appendTry, triesOf, type Try } from '../history/tries.ts';

/** What says nothing about why a device is not backed up. */
const NOT_WORTH_A_LINE = new Set(['running', 'slot-taken', 'not-due']);
/** A phone that comes and goes all day makes a line for each reason, not for each time. */
const AGAIN_AFTER_MS = 6 * 3_600_000;

interface Written {
  readonly code: string;
  readonly at: Date;
}

/**
 * Puts down why a device whose backup is due is not backed up: a line when the reason changes, and none while it stays
 * what it is.
 */
export class SkippedTries {
  readonly #stateDir: string;
  /** The newest lines of each device since its last real try. */
  readonly #written = new Map<string, readonly Written[]>();

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /** @param reasons what is waited for, the most important first. */
  async note(udid: string, reasons: readonly Reason[], now: Date): Promise<void> {
    const [first] = reasons;
    if (first === undefined || NOT_WORTH_A_LINE.has(first.code)) return;
    const written = this.#written.get(udid) ?? (await this.#read(udid));
    const last = written.at(-1);
    if (last?.code === first.code) return this.#keep(udid, written);
    if (written.some(({ code, at }) => code === first.code && Math.abs(+now - +at) < AGAIN_AFTER_MS)) return;
    this.#keep(udid, [...written.filter(({ code }) => code !== first.code), { code: first.code, at: now }]);
    try {
      const entry: Try = { at: now, kind: 'backup', outcome: 'skipped', automatic: true, reasons: [...reasons] };
      await appendTry(this.#stateDir, udid, entry);
    } catch (error) {
      // A full disk is told by the try that fails over it.
      if (!isAppError(error)) throw error;
    }
  }

  /** A real try was made: what keeps the next one from starting is news again. */
  begun(udid: string): void {
    this.#keep(udid, []);
  }

  #keep(udid: string, written: readonly Written[]): void {
    this.#written.set(udid, written);
  }

  async #read(udid: string): Promise<readonly Written[]> {
    const tries = await triesOf(this.#stateDir, udid);
    const last = tries.findIndex(({ outcome }) => outcome !== 'skipped');
    const since = (last < 0 ? tries : tries.slice(0, last)).toReversed();
    return since.flatMap(({ reasons, at }) => (reasons?.[0] === undefined ? [] : [{ code: reasons[0].code, at }]));
  }
}
