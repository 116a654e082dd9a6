import type { CopyEntry } from './registry.ts';

const HOUR_MS = 60 * 60 * 1000;
const MINUTES_PER_DAY = 24 * 60;

/** Whether a copy should be run: so much time has passed since it last came to its end. */
export function isDue({ everyHours }: Pick<CopyEntry, 'everyHours'>, lastDone: Date | undefined, now: Date): boolean {
  return lastDone === undefined || now.getTime() - lastDone.getTime() >= everyHours * HOUR_MS;
}

/** Whether a copy may run by itself now: local time, from `from` on and before `to`. */
export function isInWindow({ window }: Pick<CopyEntry, 'window'>, now: Date): boolean {
  if (window === undefined) return true;
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
  const at = now.getHours() * 60 + now.getMinutes();
  const length = (to - from + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return length === 0 || (at - from + MINUTES_PER_DAY) % MINUTES_PER_DAY < length;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
