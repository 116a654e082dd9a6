/** NSKeyedArchiver archives, writing. The layout is described in decode.ts. */
import { encodeBinaryPlist } from '../plist/binary-encode.ts';
import { appleSecondsOf, PlistReal, PlistUid, type PlistDictionary, type PlistValue } from '../plist/value.ts';
import { KeyedObject } from './keyed-object.ts';

const VERSION = 100_000;

/**
 * Writes a keyed archive whose `$top` is `root`, as a binary property list.
 *
 * Strings and data become objects of their own, arrays NSArray, plain objects and maps NSDictionary, dates NSDate, and
 * a `KeyedObject` an object of its class. Numbers and booleans stay in the object they belong to; so do strings and
 * data in fields named `NS.…`, where Foundation's own classes keep their content.
 *
 * @throws {TypeError} on a value that no archive can hold.
 */
export function encodeKeyedArchive(root: unknown): Buffer {
  const archiver = new Archiver();
  const top = archiver.add(root);
  return encodeBinaryPlist({
    $version: VERSION,
    $archiver: 'NSKeyedArchiver',
    $top: { root: top },
    $objects: archiver.objects,
  });
}

class Archiver {
  readonly objects: PlistValue[] = ['$null'];
  readonly #known = new Map<unknown, PlistUid>();
  readonly #classes = new Map<string, PlistUid>();

  add(value: unknown): PlistUid {
    if (value === null || value === undefined) return new PlistUid(0);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (isScalar(value)) return this.#append(value, value);
    if (value instanceof Date) return this.#addDate(value);
    if (Array.isArray(value)) return this.#addArray(value);
    if (value instanceof KeyedObject) return this.#addObject(value);
    if (typeof value === 'object') return this.#addDictionary(value);
    throw new TypeError(`a keyed archive cannot hold a value of type ${typeof value}`);
  }

  #addDate(date: Date): PlistUid {
    const time = new PlistReal(appleSecondsOf(date));
    return this.#append(date, { 'NS.time': time, $class: this.#class(['NSDate', 'NSObject']) });
  }

  #addArray(values: readonly unknown[]): PlistUid {
    const members: PlistUid[] = [];
    const uid = this.#append(values, { 'NS.objects': members, $class: this.#class(['NSArray', 'NSObject']) });
    for (const value of values) members.push(this.add(value));
    return uid;
  }

  #addDictionary(value: object): PlistUid {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const keys: PlistUid[] = [];
    const members: PlistUid[] = [];
    const archived = { 'NS.keys': keys, 'NS.objects': members, $class: this.#class(['NSDictionary', 'NSObject']) };
    const uid = this.#append(value, archived);
    for (const [key, member] of entries) {
      keys.push(this.add(key));
      members.push(this.add(member));
    }
    return uid;
  }

  #addObject(object: KeyedObject): PlistUid {
    const archived: PlistDictionary = {};
    const uid = this.#append(object, archived);
    for (const [key, value] of Object.entries(object.fields)) {
      archived[key] = isInline(key, value) ? value : this.add(value);
    }
    archived['$class'] = this.#class(object.classes);
    return uid;
  }

  #class(classes: readonly string[]): PlistUid {
    const name = classes[0] ?? 'NSObject';
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const uid = this.#append(undefined, { $classname: name, $classes: [...classes] });
    this.#classes.set(name, uid);
    return uid;
  }

  #append(original: unknown, archived: PlistValue): PlistUid {
    const uid = new PlistUid(this.objects.push(archived) - 1);
    if (original !== undefined) this.#known.set(original, uid);
    return uid;
  }
}

type Scalar = string | number | bigint | boolean | Uint8Array | PlistReal;

function isScalar(value: unknown): value is Scalar {
  return isNumeric(value) || typeof value === 'string' || value instanceof Uint8Array;
}

function isNumeric(value: unknown): value is number | bigint | boolean | PlistReal {
  const type = typeof value;
  return type === 'number' || type === 'boolean' || type === 'bigint' || value instanceof PlistReal;
}

function isInline(key: string, value: unknown): value is Scalar {
  return isNumeric(value) || (key.startsWith('NS.') && isScalar(value));
}
