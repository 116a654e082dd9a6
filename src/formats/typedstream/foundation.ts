import { FormatError } from '../../shared/errors.ts';
import { APPLE_EPOCH_SECONDS } from '../plist/value.ts';
import { TypedObject, type TypedValue } from './unarchiver.ts';

/** What Foundation's objects are in JavaScript; a `TypedObject` is one of a class without counterpart. */
export type FoundationValue =
  | null
  | boolean
  | number
  | string
  | Buffer
  | Date
  | TypedObject
  | readonly FoundationValue[]
  | ReadonlyMap<string, FoundationValue>;

const MAX_DEPTH = 100;

/** Turns archived objects into values; each object once, however often it is referred to. */
export class Foundation {
  readonly #converted = new Map<TypedObject, FoundationValue>();

  /** @throws {FormatError} when objects refer to each other too deeply. */
  valueOf(value: TypedValue | undefined, depth = 0): FoundationValue {
    if (value === undefined) return null;
    if (Array.isArray(value)) return value.map((each) => this.valueOf(each, depth + 1));
    if (!(value instanceof TypedObject)) return value;
    if (depth > MAX_DEPTH) throw new FormatError('a typedstream is nested too deeply');
    const known = this.#converted.get(value);
    if (known !== undefined) return known;
    // Stands here until the members are converted, so that a cycle ends at it.
    this.#converted.set(value, null);
    const converted = this.#convert(value, depth);
    this.#converted.set(value, converted);
    return converted;
  }

  #convert(object: TypedObject, depth: number): FoundationValue {
    for (const className of object.classes) {
      switch (className) {
        case 'NSString':
          return stringOf(object) ?? object;
        case 'NSNumber':
        case 'NSValue':
          return this.valueOf(object.groups[1]?.[0], depth + 1);
        case 'NSDictionary':
          return this.#dictionary(object, depth);
        case 'NSArray':
        case 'NSSet':
          return object.groups.slice(1).map(([member]) => this.valueOf(member, depth + 1));
        case 'NSData':
          return dataOf(object) ?? object;
        case 'NSURL':
          return this.#url(object, depth) ?? object;
        case 'NSDate':
          return dateOf(object) ?? object;
        case 'NSAttributedString':
          return this.valueOf(object.groups[0]?.[0], depth + 1);
        default:
      }
    }
    return object;
  }

  #dictionary(object: TypedObject, depth: number): ReadonlyMap<string, FoundationValue> {
    const entries = new Map<string, FoundationValue>();
    // The count, then a group for each key and each value.
    for (let at = 1; at + 1 < object.groups.length; at += 2) {
      const key = this.valueOf(object.groups[at]?.[0], depth + 1);
      if (typeof key === 'string') entries.set(key, this.valueOf(object.groups[at + 1]?.[0], depth + 1));
    }
    return entries;
  }

  /** Whether it is relative to another one; that one if so; the address. */
  #url(object: TypedObject, depth: number): string | undefined {
    const [base, relative] = object.groups.slice(1).map(([part]) => this.valueOf(part, depth + 1));
    const address = relative ?? base;
    if (typeof address !== 'string') return undefined;
    return relative !== undefined && typeof base === 'string' ? (URL.parse(address, base)?.href ?? address) : address;
  }
}

/** The text of an NSString; undefined when it is none, or not whole. */
export function stringOf(object: TypedObject): string | undefined {
  const bytes = object.groups[0]?.[0];
  return Buffer.isBuffer(bytes) && object.isA('NSString') ? bytes.toString('utf8') : undefined;
}

function dataOf({ groups }: TypedObject): Buffer | undefined {
  const bytes = groups[1]?.[0];
  return Buffer.isBuffer(bytes) ? bytes : undefined;
}

function dateOf({ groups }: TypedObject): Date | undefined {
  const seconds = groups[0]?.[0];
  return typeof seconds === 'number' ? new Date((seconds + APPLE_EPOCH_SECONDS) * 1000) : undefined;
}
