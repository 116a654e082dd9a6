/**
 * Values of rows as the fields of a record: `undefined` where this iOS has no such column, `null` where it is empty or
 * holds something else than it should. Apple's columns have types, SQLite's do not.
 */
import type { SqlValue } from '../../database/index.ts';
import { fromCocoaSeconds, fromUnixSeconds } from '../../shared/time/apple-time.ts';

/** A field that an iOS version may not record (`undefined`), or may leave empty (`null`). */
export type Recorded<T> = T | null | undefined;

export function textOf(value: SqlValue | undefined): Recorded<string> {
  if (value === undefined || value === null) return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

export function numberOf(value: SqlValue | undefined): Recorded<number> {
  if (value === undefined || value === null) return value;
  if (value instanceof Uint8Array || (typeof value === 'string' && value.trim() === '')) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function flagOf(value: SqlValue | undefined): Recorded<boolean> {
  const number = numberOf(value);
  return number === undefined || number === null ? number : number !== 0;
}

export function bytesOf(value: SqlValue | undefined): Recorded<Uint8Array> {
  if (value === undefined || value === null) return value;
  return value instanceof Uint8Array ? value : null;
}

/** From seconds since 2001. */
export const cocoaDateOf = (value: SqlValue | undefined): Recorded<Date> =>
  value === undefined ? undefined : (fromCocoaSeconds(value) ?? null);

/** From seconds since 1970. */
export const unixDateOf = (value: SqlValue | undefined): Recorded<Date> =>
  value === undefined ? undefined : (fromUnixSeconds(value) ?? null);

/** A UUID, kept as 16 bytes by Core Data and as text elsewhere. */
export function uuidOf(value: SqlValue | undefined): Recorded<string> {
  if (!(value instanceof Uint8Array)) return textOf(value);
  const hex = Buffer.from(value).toString('hex').toUpperCase();
  return value.length === 16 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : hex;
}

/** Whether a column that should hold a date holds something else. */
export const isBadDate = (value: SqlValue | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && fromCocoaSeconds(value) === undefined;

/** The first value there is; null where one of them is recorded and empty, undefined where none is recorded. */
export function firstOf<T>(...values: readonly Recorded<T>[]): Recorded<T> {
  const value = values.find((each) => each !== null && each !== undefined);
  return value ?? (values.includes(null) ? null : undefined);
}
