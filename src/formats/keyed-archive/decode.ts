/**
 * NSKeyedArchiver archives, reading: a property list
 *
 *   { $version: 100000, $archiver: 'NSKeyedArchiver', $top: { root: UID }, $objects: ['$null', …] }
 *
 * Objects refer to each other by UIDs, which are indexes into `$objects`; each object that is not a scalar names its
 * class by one. Where an object lies in `$objects` means nothing: everything is reached from `$top`.
 */
import { FormatError } from '../../shared/errors.ts';
import { decodePlist } from '../plist/decode.ts';
import { arrayAt, asDictionary, dictionaryAt, stringAt, valueAt } from '../plist/read.ts';
import {
  dateFromAppleSeconds,
  MAX_DEPTH,
  PlistReal,
  PlistUid,
  type PlistDictionary,
  type PlistValue,
} from '../plist/value.ts';
import { KeyedObject } from './keyed-object.ts';

/**
 * Reads a keyed archive into JavaScript's own values: strings, numbers (reals as well), booleans, dates, Buffers,
 * arrays (also for sets), plain objects, `null`; a dictionary with keys that are not strings becomes a Map, and an
 * object of any other class a `KeyedObject`. An object that is referred to twice appears twice, as the same object,
 * and an archive with cycles gives values with cycles.
 *
 * @returns what `$top` calls `root`; all of `$top`, by name, when it has no root.
 * @throws {FormatError} when it is no keyed archive, or one nested deeper than 512.
 */
export function decodeKeyedArchive(source: Uint8Array | PlistValue): unknown {
  const archive = asDictionary(source instanceof Uint8Array ? decodePlist(source) : source);
  const top = dictionaryAt(archive, '$top');
  const objects = arrayAt(archive, '$objects');
  if (top === undefined || objects === undefined) throw new FormatError('this is not a keyed archive');
  const unarchiver = new Unarchiver(objects);
  const root = valueAt(top, 'root');
  return root === undefined ? unarchiver.fieldsOf(top, 0) : unarchiver.resolve(root, 0);
}

class Unarchiver {
  readonly #objects: readonly PlistValue[];
  /** By index; an object stands here before its members are resolved, so that cycles end at it. */
  readonly #resolved = new Map<number, unknown>();

  constructor(objects: readonly PlistValue[]) {
    this.#objects = objects;
  }

  resolve(value: PlistValue, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new FormatError('a keyed archive is nested too deeply');
    if (value instanceof PlistUid) return this.#object(value.value, depth);
    if (value instanceof PlistReal) return value.value;
    if (Array.isArray(value)) return value.map((each) => this.resolve(each, depth + 1));
    const dictionary = asDictionary(value);
    return dictionary ? this.fieldsOf(dictionary, depth) : value;
  }

  fieldsOf(dictionary: PlistDictionary, depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.#fill(fields, dictionary, depth);
    return fields;
  }

  #object(index: number, depth: number): unknown {
    if (index === 0) return null;
    if (this.#resolved.has(index)) return this.#resolved.get(index);
    const archived = this.#objects[index];
    if (archived === undefined) throw new FormatError('a keyed archive refers to an object it does not hold');
    const dictionary = asDictionary(archived);
    const classUid = valueAt(dictionary, '$class');
    if (dictionary === undefined || !(classUid instanceof PlistUid)) {
      this.#resolved.set(index, null);
      return this.#settle(index, this.resolve(archived, depth + 1));
    }
    return this.#instance(index, dictionary, this.#classesOf(classUid), depth);
  }

  #instance(index: number, archived: PlistDictionary, classes: readonly string[], depth: number): unknown {
    const kind = classes.find((name) => CONVERSIONS.has(name));
    if (kind === 'NSArray' || kind === 'NSSet' || kind === 'NSOrderedSet') {
      const array: unknown[] = [];
      this.#resolved.set(index, array);
      for (const member of membersOf(archived)) array.push(this.resolve(member, depth + 1));
      return array;
    }
    if (kind === 'NSDictionary') return this.#dictionary(index, archived, depth);
    const fields: Record<string, unknown> = {};
    const object = new KeyedObject(classes[0] ?? 'NSObject', fields, classes);
    this.#resolved.set(index, object);
    this.#fill(fields, archived, depth);
    const converted = kind === undefined ? undefined : CONVERSIONS.get(kind)?.(fields);
    return converted === undefined ? object : this.#settle(index, converted);
  }

  #dictionary(index: number, archived: PlistDictionary, depth: number): unknown {
    const keys = (arrayAt(archived, 'NS.keys') ?? []).map((key) => this.resolve(key, depth + 1));
    const members = membersOf(archived);
    if (keys.every((key) => typeof key === 'string')) {
      const record: Record<string, unknown> = {};
      this.#resolved.set(index, record);
      for (const [i, key] of keys.entries()) setField(record, key, this.resolve(members[i] ?? null, depth + 1));
      return record;
    }
    const map = new Map<unknown, unknown>();
    this.#resolved.set(index, map);
    for (const [i, key] of keys.entries()) map.set(key, this.resolve(members[i] ?? null, depth + 1));
    return map;
  }

  #fill(fields: Record<string, unknown>, archived: PlistDictionary, depth: number): void {
    for (const key of Object.keys(archived)) {
      if (key !== '$class') setField(fields, key, this.resolve(archived[key] ?? null, depth + 1));
    }
  }

  #classesOf({ value }: PlistUid): readonly string[] {
    const description = asDictionary(this.#objects[value]);
    const classes = (arrayAt(description, '$classes') ?? []).filter((name) => typeof name === 'string');
    const name = stringAt(description, '$classname');
    return name === undefined || classes[0] === name ? classes : [name, ...classes];
  }

  #settle(index: number, value: unknown): unknown {
    this.#resolved.set(index, value);
    return value;
  }
}

type Conversion = (fields: Record<string, unknown>) => unknown;

/** Foundation's classes that have counterparts; undefined from a conversion leaves the object as it is. */
const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ['NSArray', () => undefined],
  ['NSSet', () => undefined],
  ['NSOrderedSet', () => undefined],
  ['NSDictionary', () => undefined],
  ['NSString', (fields) => textOf(fields['NS.string']) ?? textOf(fields['NS.bytes'])],
  ['NSData', (fields) => dataOf(fields['NS.data']) ?? dataOf(fields['NS.bytes'])],
  ['NSDate', (fields) => (typeof fields['NS.time'] === 'number' ? dateFromAppleSeconds(fields['NS.time']) : undefined)],
  ['NSUUID', (fields) => uuidOf(fields['NS.uuidbytes'])],
  ['NSURL', (fields) => urlOf(fields['NS.base'], fields['NS.relative'])],
  ['NSNull', () => null],
]);

/** Archives before iOS 5 number the members of sets and arrays in keys of their own. */
function membersOf(archived: PlistDictionary): readonly PlistValue[] {
  const members = arrayAt(archived, 'NS.objects');
  if (members !== undefined) return members;
  const numbered: PlistValue[] = [];
  for (let member = valueAt(archived, 'NS.object.0'); member !== undefined;) {
    numbered.push(member);
    member = valueAt(archived, `NS.object.${numbered.length}`);
  }
  return numbered;
}

function textOf(value: unknown): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : stringOf(value);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function dataOf(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

function uuidOf(value: unknown): string | undefined {
  if (!(value instanceof Uint8Array) || value.length !== 16) return undefined;
  const hex = Buffer.from(value).toString('hex').toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function urlOf(base: unknown, relative: unknown): string | undefined {
  if (typeof relative !== 'string' || typeof base !== 'string') return stringOf(relative);
  return URL.parse(relative, base)?.href ?? relative;
}

function setField(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(fields, key, { value, enumerable: true, configurable: true });
  else fields[key] = value;
}
