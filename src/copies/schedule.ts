import type { CopyEntry } from './registry.ts';

const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 24 * 60;

/** Whether a copy should be run: so much time has passed since it last came to its end. */
export function isDue({ everyHours }: Pick<CopyEntry, 'everyHours'>, lastDone: Date | undefined, now: Date): boolean {
  return lastDone === undefined || now.getTime() - lastDone.getTime() >= everyHours * HOUR_MS;
}

/** Whether a copy may run by itself now: local time, from `from` on and before `to`. */
export function isInWindow(entry: Pick<CopyEntry, 'window'>, now: Date): boolean {
  return msLeftOf(entry, now) > 0;
}

/** For how long a copy may still run by itself, by the clock on the wall; 0 where it may not now. */
export function msLeftOf({ window }: Pick<CopyEntry, 'window'>, now: Date): number {
  if (window === undefined) return Infinity;
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
  const length = (to - from + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  if (length === 0) return Infinity;
  const at = now.getHours() * 60 + now.getMinutes();
  const left = length - ((at - from + MINUTES_PER_DAY) % MINUTES_PER_DAY);
  return left <= 0 ? 0 : left * MINUTE_MS - now.getSeconds() * 1000 - now.getMilliseconds();
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
