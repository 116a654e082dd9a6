/** Apple's raw times, from dates. "Cocoa" counts from 2001-01-01 UTC. */

const EPOCH_2001_MS = 978_307_200_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export function cocoaSeconds(date: Date): number {
  return (date.getTime() - EPOCH_2001_MS) / 1000;
}

/** What Messages counts in since iOS 11. */
export function cocoaNanoseconds(date: Date): bigint {
  return BigInt(date.getTime() - EPOCH_2001_MS) * 1_000_000n;
}

export function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

export function daysBefore(date: Date, days: number): Date {
  return new Date(date.getTime() - days * DAY_MS);
}

export function after(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}
