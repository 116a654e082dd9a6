import type { CheckupSettings, CheckupSummary } from '../contract/index.ts';

type Past = Pick<CheckupSummary, 'startedAt' | 'quick'>;

/** At night, when phones were backed up and nobody waits for the disk. */
const HOUR = 4;

/**
 * Whether a checkup is to be made by itself now: the day of this month has come, or one that came while the computer was
 * off was missed. One made by hand since counts.
 *
 * @param history in any order; quick ones and those from the future, where the clock was wrong, do not count.
 * @param firstVersionAt of the vault: before there was anything to look at, nothing was missed.
 */
export function isCheckupDue(
  history: readonly Past[],
  settings: CheckupSettings,
  now: Date,
  firstVersionAt?: Date,
): boolean {
  if (!settings.automatic) return false;
  const since = lastAt(history, now) ?? firstVersionAt;
  return since !== undefined && since < lastOccurrence(settings, now);
}

/** When the next one is made by itself; undefined when none is. A time that is past: as soon as possible. */
export function nextCheckupAt(
  history: readonly Past[],
  settings: CheckupSettings,
  now: Date,
  firstVersionAt?: Date,
): Date | undefined {
  if (!settings.automatic) return undefined;
  const last = lastOccurrence(settings, now);
  if (isCheckupDue(history, settings, now, firstVersionAt)) return last;
  return new Date(last.getFullYear(), last.getMonth() + 1, settings.dayOfMonth, HOUR);
}

function lastAt(history: readonly Past[], now: Date): Date | undefined {
  const times = history
    .filter(({ quick }) => !quick)
    .map(({ startedAt }) => Date.parse(startedAt))
    .filter((at) => at <= now.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** The last time the day of the month came, by the clock on the wall of this computer. */
function lastOccurrence({ dayOfMonth }: CheckupSettings, now: Date): Date {
  const ofThisMonth = new Date(now.getFullYear(), now.getMonth(), dayOfMonth, HOUR);
  return ofThisMonth <= now ? ofThisMonth : new Date(now.getFullYear(), now.getMonth() - 1, dayOfMonth, HOUR);
}
