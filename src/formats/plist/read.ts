/**
 * Typed reading of values that came from outside. Each reader answers undefined when the key is absent or holds
 * something else: whether that is an error is for the caller to say. Only own keys count, so `constructor` is absent.
 */
import { PlistReal, PlistUid, type PlistDictionary, type PlistValue } from './value.ts';

export function asDictionary(value: unknown): PlistDictionary | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (value instanceof Uint8Array || value instanceof Date) return undefined;
  if (value instanceof PlistReal || value instanceof PlistUid) return undefined;
  return value as PlistDictionary; // what remains of the types a decoder makes
}

export function valueAt(dictionary: PlistDictionary | undefined, key: string): PlistValue | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}

export function stringAt(dictionary: PlistDictionary | undefined, key: string): string | undefined {
  const value = valueAt(dictionary, key);
  return typeof value === 'string' ? value : undefined;
}

/** Integers and reals alike; undefined for an integer that a number cannot hold exactly. */
export function numberAt(dictionary: PlistDictionary | undefined, key: string): number | undefined {
  const value = valueAt(dictionary, key);
  if (value instanceof PlistReal) return value.value;
  return typeof value === 'bigint' ? safeNumber(value) : typeof value === 'number' ? value : undefined;
}

/** Integers only. */
export function integerAt(dictionary: PlistDictionary | undefined, key: string): number | undefined {
  const value = valueAt(dictionary, key);
  if (typeof value === 'bigint') return safeNumber(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

export function booleanAt(dictionary: PlistDictionary | undefined, key: string): boolean | undefined {
  const value = valueAt(dictionary, key);
  return typeof value === 'boolean' ? value : undefined;
}

/** A view of the bytes, not a copy. */
export function bytesAt(dictionary: PlistDictionary | undefined, key: string): Buffer | undefined {
  const value = valueAt(dictionary, key);
  if (Buffer.isBuffer(value)) return value;
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : undefined;
}

/** Undefined as well for a date outside what `Date` can express. */
export function dateAt(dictionary: PlistDictionary | undefined, key: string): Date | undefined {
  const value = valueAt(dictionary, key);
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
}

export function arrayAt(dictionary: PlistDictionary | undefined, key: string): PlistValue[] | undefined {
  const value = valueAt(dictionary, key);
  return Array.isArray(value) ? value : undefined;
}

export function dictionaryAt(dictionary: PlistDictionary | undefined, key: string): PlistDictionary | undefined {
  return asDictionary(valueAt(dictionary, key));
}

function safeNumber(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
