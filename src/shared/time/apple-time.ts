/** Dates out of Apple's raw times. "Cocoa" counts from 2001-01-01 UTC, "Unix" from 1970. */

/** When "Cocoa" begins to count, in milliseconds since 1970. */
export const EPOCH_2001_MS = 978_307_200_000;
/** The year 9999 and the year 1: what lies beyond is no time that anybody meant. */
const LATEST_MS = 253_402_300_799_999;
const EARLIEST_MS = -62_135_596_800_000;
/** In seconds this would be the year 33,658; in nanoseconds it is twelve days after 2001 began. */
const NANOSECONDS_FROM = 1e12;

/** From seconds since 2001, as Core Data keeps them; undefined for anything that is no date. */
export function fromCocoaSeconds(seconds: unknown): Date | undefined {
  const value = asNumber(seconds);
  return value === undefined ? undefined : validDate(value * 1000 + EPOCH_2001_MS);
}

/** From nanoseconds since 2001 (Messages since iOS 11) or seconds (before): their sizes tell them apart. */
export function fromCocoaTime(time: unknown): Date | undefined {
  const value = asNumber(time);
  if (value === undefined) return undefined;
  return fromCocoaSeconds(Math.abs(value) < NANOSECONDS_FROM ? value : value / 1e9);
}

/** From seconds since 1970; undefined for anything that is no date. */
export function fromUnixSeconds(seconds: unknown): Date | undefined {
  const value = asNumber(seconds);
  return value === undefined ? undefined : validDate(value * 1000);
}

/** A number, however SQLite kept it: columns of Core Data hold integers, reals and now and then text. */
function asNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function validDate(ms: number): Date | undefined {
  return ms >= EARLIEST_MS && ms <= LATEST_MS ? new Date(Math.round(ms)) : undefined;
}
