import type { PastTry, RuleHistory } from './facts.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, startOfNextDay } from './local-time.ts';

/** After so many failures in a row it is tried again so much later; the last one from then on. */
const RETRY_AFTER_MS = [15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS] as const;
/** Whoever stopped a backup does not want it back at once. */
const AFTER_STOPPED_MS = 4 * HOUR_MS;
/** Whoever let the question for the passcode go by is busy. */
const AFTER_UNANSWERED_MS = HOUR_MS;
/**
 * What lies further ahead than this was written while the clock was wrong, and says nothing. Half a day covers time zones
 * taken for one another; the less it is, the shorter such a time keeps a backup waiting when it comes near.
 */
const DISBELIEVED_FROM_MS = 12 * HOUR_MS;

/**
 * When the last backup came to its end. One that lies ahead by less than half a day counts as just made: the clock was
 * set back, and a backup too many is as wrong as one too few.
 */
export function lastSuccess(history: RuleHistory, now: Date): Date | undefined {
  const times = history.successes.map((at) => at.getTime()).filter((ms) => isBelievable(ms, now));
  return times.length === 0 ? undefined : new Date(Math.min(Math.max(...times), now.getTime()));
}

/** Tries since the last success, the newest first. */
export function triesSince(success: Date | undefined, history: RuleHistory, now: Date): PastTry[] {
  const fromMs = success?.getTime() ?? Number.NEGATIVE_INFINITY;
  return history.tries
    .filter((entry) => isBelievable(entry.endedAt.getTime(), now) && entry.endedAt.getTime() > fromMs)
    .toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime());
}

/** How many of the newest tries failed in a row; questions for the passcode that went by do not count. */
export function failuresInARow(newestFirst: readonly PastTry[]): number {
  const relevant = newestFirst.filter(({ outcome, automatic }) => automatic && outcome !== 'not-confirmed');
  const others = relevant.findIndex(({ outcome }) => outcome !== 'failed' && outcome !== 'interrupted');
  return others === -1 ? relevant.length : others;
}

/** When it may be tried again after failures. A try that the service itself interrupted is made up for at once, the first time. */
export function retryAt(newestFirst: readonly PastTry[]): Date | undefined {
  const last = newestFirst.find(({ outcome, automatic }) => automatic && outcome !== 'not-confirmed');
  const failures = failuresInARow(newestFirst);
  if (last === undefined || failures === 0) return undefined;
  const step = last.outcome === 'interrupted' ? failures - 2 : failures - 1;
  const delayMs = step < 0 ? 0 : (RETRY_AFTER_MS[step] ?? 4 * HOUR_MS);
  return new Date(last.endedAt.getTime() + delayMs);
}

/** A backup that somebody stopped, and until when it rests. */
export function stoppedByHand(newestFirst: readonly PastTry[]): { at: Date; until: Date } | undefined {
  return restAfter(newestFirst, 'cancelled', AFTER_STOPPED_MS);
}

/** A question for the passcode that nobody answered, and until when it is not asked again. */
export function unanswered(newestFirst: readonly PastTry[]): { at: Date; until: Date } | undefined {
  return restAfter(newestFirst, 'not-confirmed', AFTER_UNANSWERED_MS);
}

/**
 * When the device may ask for its passcode again, where it has asked as often as it may: neither within 24 hours nor on one
 * day of the calendar, however long that is, more often than `maxPerDay`. Backups begun by hand do not count.
 */
export function nextQuestionAt(
  history: RuleHistory,
  { asksPasscode, maxPerDay, now, timeZone }: { asksPasscode: boolean; maxPerDay: number; now: Date; timeZone: string },
): Date | undefined {
  const asked = history.tries
    .filter((entry) => entry.automatic && (entry.asked ?? (asksPasscode || entry.outcome === 'not-confirmed')))
    .map((entry) => entry.startedAt ?? entry.endedAt)
    .filter((at) => isBelievable(at.getTime(), now))
    .toSorted((a, b) => b.getTime() - a.getTime());
  const oldest = asked[maxPerDay - 1];
  if (oldest === undefined) return undefined;
  return new Date(Math.max(oldest.getTime() + DAY_MS, startOfNextDay(timeZone, oldest).getTime()));
}

export function isBelievable(atMs: number, now: Date): boolean {
  return atMs <= now.getTime() + DISBELIEVED_FROM_MS;
}

function restAfter(
  newestFirst: readonly PastTry[],
  outcome: PastTry['outcome'],
  restMs: number,
): { at: Date; until: Date } | undefined {
  const last = newestFirst.find((entry) => entry.outcome === outcome);
  return last && { at: last.endedAt, until: new Date(last.endedAt.getTime() + restMs) };
}
