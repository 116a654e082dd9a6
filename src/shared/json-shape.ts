/**
 * Small shapes of JSON, looked at field by field. What only lists versions goes by these: a library of schemas takes
 * longer to load than ten thousand versions to list.
 */

import { FormatError } from './errors.ts';

/** Says whether a value is a `T`. */
export type Check<T = unknown> = (value: unknown) => value is T;
/** What a check takes. */
export type Checked<C> = C extends Check<infer T> ? T : never;
type Shape = Readonly<Record<string, Check>>;

type MaybeAbsent<S extends Shape> = { [K in keyof S]: undefined extends Checked<S[K]> ? K : never }[keyof S];
type Shaped<S extends Shape> = { readonly [K in Exclude<keyof S, MaybeAbsent<S>>]: Checked<S[K]> } & {
  readonly [K in MaybeAbsent<S>]?: Checked<S[K]>;
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
export const isNumber = (value: unknown): value is number => Number.isFinite(value);
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** A time in UTC as ISO 8601 has it, of a day that there is. */
export const isTime = (value: unknown): value is string => {
  if (!isText(value) || !TIME.test(value)) return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 10));
};

export const is =
  <const T extends readonly unknown[]>(...expected: T) =>
  (value: unknown): value is T[number] =>
    expected.includes(value);

export const matches =
  (pattern: RegExp) =>
  (value: unknown): value is string =>
    isText(value) && pattern.test(value);

export const isUuid = matches(UUID);

/** Absent, or what the check wants. */
export const maybe =
  <T>(check: Check<T>) =>
  (value: unknown): value is T | undefined =>
    value === undefined || check(value);

/** An object with these fields; others are not looked at. */
export const shaped =
  <S extends Shape>(shape: S) =>
  (value: unknown): value is Shaped<S> => {
    if (!isObject(value)) return false;
    for (const field in shape) {
      if (shape[field]?.(Object.hasOwn(value, field) ? value[field] : undefined) !== true) return false;
    }
    return true;
  };

/** A list of nothing but what the check wants. */
export const listOf =
  <T>(check: Check<T>) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.every((each) => check(each));

/** What any of the checks takes. */
export const either =
  <C extends readonly Check[]>(...checks: C) =>
  (value: unknown): value is Checked<C[number]> =>
    checks.some((check) => check(value));

/** An object whose values are all what the check wants. */
export const allOf =
  <T>(check: Check<T>) =>
  (value: unknown): value is Readonly<Record<string, T>> =>
    isObject(value) && Object.values(value).every((each) => check(each));

/** As a schema is, for those who take one. `parse` throws FormatError for what is no `T`. */
export function schemaOf<T>(isIt: Check<T>): { readonly parse: (value: unknown) => T } {
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
