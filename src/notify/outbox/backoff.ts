const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** After so many failures in a row it is tried again so much later; the last one from then on. */
const WAITS_MS = [1, 2, 5, 15, 30, 60, 120, 240, 360].map((minutes) => minutes * MINUTE_MS);
/** Where trying again alone does not help, somebody has to do something first. */
const LASTING_MS = HOUR_MS;
const LONGEST_MS = 6 * HOUR_MS;

/**
 * How long a channel rests after failures.
 *
 * @param failures in a row, this one included.
 * @param retryAfterSeconds what the server asked for; no longer than six hours is believed.
 */
export function restAfterMs(
  failures: number,
  { isLasting = false, retryAfterSeconds = 0 }: { isLasting?: boolean; retryAfterSeconds?: number } = {},
): number {
  const usual = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(usual, isLasting ? LASTING_MS : 0, retryAfterSeconds * 1000));
}

/** Whether a time that was noted has come; one further ahead than any is noted was written by a wrong clock. */
export function hasCome(iso: string | undefined, now: Date): boolean {
  if (iso === undefined) return true;
  const aheadMs = Date.parse(iso) - now.getTime();
  return aheadMs <= 0 || aheadMs > LONGEST_MS;
}
