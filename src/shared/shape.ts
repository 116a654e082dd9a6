/**
 * What a small JSON file of ours must look like: written next to the code that reads it, checked when it is read.
 *
 * A library for schemas would do this too. Loading one takes as long as everything else a command loads, and these
 * files are read by every command.
 *
 * @example
 * const Mark = object({ id: text, createdAt: instant, note: optional(text) });
 * type Mark = Shaped<typeof Mark>;
 * const mark = shaped(Mark, JSON.parse(bytes));
 */

/** Reads a value that JSON can hold. @throws {ShapeError} when it is not of this shape */
export type Shape<T> = (value: unknown) => T;

export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** Thrown by shapes, caught by `shaped`. */
class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** @returns undefined when the value is not of the shape. */
export function shaped<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return shape(value);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

export const text: Shape<string> = (value) => (typeof value === 'string' ? value : refuse());
export const flag: Shape<boolean> = (value) => (typeof value === 'boolean' ? value : refuse());

export const number: Shape<number> = (value) => (typeof value === 'number' ? value : refuse());

/** A whole number from 0 on that a JavaScript number holds exactly. */
export const count: Shape<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : refuse();

export function textLike(pattern: RegExp): Shape<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? value : refuse());
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** A time as `Date.toISOString` writes it. */
export const instant: Shape<Date> = (value) => {
  if (typeof value !== 'string' || !INSTANT.test(value)) return refuse();
  const date = new Date(value);
  // The 31st of a month that has 30 days would become the 1st of the next.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 19)) ? date : refuse();
};

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Shape<T> {
  return (value) => values.find((each) => each === value) ?? refuse();
}

/** For values in an `object`: the key may be missing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined ? undefined : shape(value));
}

/** Any of several shapes: the first that fits. */
export function either<T>(...shapes: readonly Shape<T>[]): Shape<T> {
  return (value) => {
    for (const shape of shapes) {
      const read = shaped(shape, value);
      if (read !== undefined) return read;
    }
    return refuse();
  };
}

/** An object whose keys are not known beforehand. */
export function dictionary<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value) => Object.fromEntries(Object.entries(plainObject(value)).map(([key, each]) => [key, shape(each)]));
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<S extends Shapes> = { [K in keyof S]: undefined extends Shaped<S[K]> ? K : never }[keyof S];
type ObjectOf<S extends Shapes> = { [K in Exclude<keyof S, OptionalKeys<S>>]: Shaped<S[K]> } & {
  [K in OptionalKeys<S>]?: Shaped<S[K]>;
};

/** An object with these keys; others are left out of the result. */
export function object<const S extends Shapes>(shapes: S): Shape<ObjectOf<S>> {
  return (value) => {
    const given = plainObject(value);
    const read: Record<string, unknown> = {};
    for (const [key, shape] of Object.entries(shapes)) {
      const each = shape(Object.hasOwn(given, key) ? given[key] : undefined);
      if (each !== undefined) read[key] = each;
    }
    // Every key was read by the shape of that key.
    return read as ObjectOf<S>;
  };
}

function plainObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : refuse();
}

function refuse(): never {
  throw new ShapeError();
}
