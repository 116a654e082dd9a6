import { FormatError } from '../../shared/errors.ts';

/**
 * What a property list can hold, as JavaScript values. Integers are numbers up to 2^53 and bigints beyond; reals are
 * `PlistReal`, so that 3.0 does not become 3 on the way back; `null` exists in binary lists only.
 */
export type PlistValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | PlistReal
  | PlistUid
  | PlistValue[]
  | PlistDictionary;

export interface PlistDictionary {
  [key: string]: PlistValue;
}

/** A floating-point number. A class of its own because JavaScript cannot tell 3.0 from 3 and Apple's readers do. */
export class PlistReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A reference into the `$objects` of a keyed archive. */
export class PlistUid {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Seconds from 1970-01-01 to 2001-01-01, the zero of Apple's dates. */
export const APPLE_EPOCH_SECONDS = 978_307_200;

/**
 * A date that milliseconds cannot express: finer than a millisecond, or outside the range of `Date` (then its
 * `getTime()` is NaN). The exact value is `secondsSince2001`.
 */
export class PreciseDate extends Date {
  readonly secondsSince2001: number;

  constructor(secondsSince2001: number) {
    super((secondsSince2001 + APPLE_EPOCH_SECONDS) * 1000);
    this.secondsSince2001 = secondsSince2001;
  }
}

/** A plain `Date` where that is exact, a `PreciseDate` otherwise. */
export function dateFromAppleSeconds(secondsSince2001: number): Date {
  const date = new Date(Math.round(secondsSince2001 * 1000) + APPLE_EPOCH_SECONDS * 1000);
  return appleSecondsOf(date) === secondsSince2001 ? date : new PreciseDate(secondsSince2001);
}

/** Seconds since 2001-01-01, as binary lists store them; NaN for an invalid date. */
export function appleSecondsOf(date: Date): number {
  if (date instanceof PreciseDate) return date.secondsSince2001;
  return (date.getTime() - APPLE_EPOCH_SECONDS * 1000) / 1000;
}

/** Containers deeper than this are refused, in both directions: real lists stay under 20, and recursion stays safe. */
export const MAX_DEPTH = 512;

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** Property lists hold integers from −2^63 to 2^64 − 1. */
export function isPlistInteger(value: bigint): boolean {
  return value >= INT64_MIN && value <= UINT64_MAX;
}

/** The integer as the decoders hand it out: a number where that is exact. */
export function compactInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * How a JavaScript number is stored: as an integer when it is one and 64 bits hold it, else as a real.
 * Returns undefined for a real.
 */
export function integerOf(value: number): number | bigint | undefined {
  if (Number.isSafeInteger(value)) return value;
  if (!Number.isInteger(value)) return undefined;
  const exact = BigInt(value);
  return isPlistInteger(exact) ? exact : undefined;
}

/** Sets a key that came from outside: `__proto__` becomes an ordinary own key. */
export function setEntry(dictionary: PlistDictionary, key: string, value: PlistValue): void {
  if (key === '__proto__') {
    Object.defineProperty(dictionary, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    dictionary[key] = value;
  }
}

/** Refuses the bytes; `offset` is where in them (bytes for binary lists, UTF-16 units for XML). */
export function malformed(message: string, offset: number): never {
  throw new FormatError(`this is not a valid property list: ${message}`, { details: { offset } });
}
