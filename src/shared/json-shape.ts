/**
 * Small shapes of JSON, looked at field by field. What only lists versions goes by these: a library of schemas takes
 * longer to load than ten thousand versions to list.
 */

import { FormatError } from './errors.ts';

export type Check = (value: unknown) => boolean;
export type Shape = Readonly<Record<string, Check>>;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
export const isUuid: Check = (value) => typeof value === 'string' && UUID.test(value);

/** A time in UTC as ISO 8601 has it, of a day that there is. */
export const isTime: Check = (value) => {
  if (typeof value !== 'string' || !TIME.test(value)) return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 10));
};

export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);

export const is =
  (...expected: readonly unknown[]): Check =>
  (value) =>
    expected.includes(value);

export const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/** Absent, or what the check wants. */
export const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object with these fields; others are not looked at. */
export const shaped =
  (shape: Shape): Check =>
  (value) => {
    if (!isObject(value)) return false;
    for (const field in shape) {
      if (shape[field]?.(Object.hasOwn(value, field) ? value[field] : undefined) !== true) return false;
    }
    return true;
  };

/** A list of nothing but what the check wants. */
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** What any of the checks takes. */
export const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

/** An object whose values are all what the check wants. */
export const allOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

/** As a schema is, for those who take one. `parse` throws FormatError for what is no `T`. */
export function schemaOf<T>(isIt: (value: unknown) => value is T): { readonly parse: (value: unknown) => T } {
  return {
    parse: (value) => {
      if (!isIt(value)) throw new FormatError('a file holds something else than it should');
      return value;
    },
  };
}

/** The object that a text is as JSON; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
