import { Cursor, HEAD } from './cursor.ts';
import { cutTypes } from './types.ts';

/** Anything a typedstream can hold. Strings are C strings, atoms and selectors; NSString is an object. */
export type TypedValue = null | number | boolean | string | Buffer | TypedObject | readonly TypedValue[];

/** An object as it was archived: its class, and the groups of values that its classes wrote, in order. */
export class TypedObject {
  /** The class and those it inherits from, nearest first; empty until they are read. */
  classes: readonly string[] = [];
  readonly groups: TypedValue[][] = [];

  isA(className: string): boolean {
    return this.classes.includes(className);
  }
}

/**
 * Reads a typedstream (NSArchiver), the forerunner of keyed archives. Values come in groups, each with a description
 * of their types before it. Two tables are kept, apart from each other: one of strings (types and names of classes),
 * one of objects, classes and C strings. What was once written is referred to by its number in its table. An object
 * takes its number before its class does.
 */
export class Unarchiver {
  readonly #cursor: Cursor;
  readonly #strings: string[] = [];
  readonly #objects: (TypedObject | readonly string[] | string)[] = [];

  /** @throws {FormatError} when the bytes do not begin as a typedstream does. */
  constructor(bytes: Uint8Array) {
    this.#cursor = new Cursor(bytes);
  }

  /** What was begun so far, in the order of its numbers: all that is left of a stream that breaks off. */
  *objects(): Generator<TypedObject, undefined> {
    for (const object of this.#objects) if (object instanceof TypedObject) yield object;
  }

  get isAtEnd(): boolean {
    return this.#cursor.isAtEnd;
  }

  /** The next values and their types. */
  group(depth = 0): TypedValue[] {
    const types = this.#sharedString(this.#cursor.head());
    if (types === undefined) this.#cursor.fail('values have no type');
    return cutTypes(types).map((type) => this.#value(type, depth));
  }

  #value(type: string, depth: number): TypedValue {
    this.#cursor.spend(depth);
    switch (type.charAt(0)) {
      case '@':
        return this.#object(depth);
      case 'c':
        return this.#cursor.bytes(1).readInt8();
      case 'C':
        return this.#cursor.bytes(1).readUInt8();
      case 'B':
        return this.#cursor.bytes(1).readUInt8() !== 0;
      case 's':
      case 'i':
      case 'l':
      case 'q':
        return this.#cursor.integer(this.#cursor.head());
      case 'S':
      case 'I':
      case 'L':
      case 'Q':
        return this.#cursor.unsigned();
      case 'f':
      case 'd':
        return this.#cursor.real(type === 'd');
      case '+':
        return this.#cursor.sizedBytes();
      case '*':
        return this.#cString();
      case '%':
      case ':':
        return this.#sharedString(this.#cursor.head()) ?? null;
      case '#':
        return [...this.#class()];
      case '!':
        return null;
      case '[':
        return this.#array(type, depth);
      case '{':
        return cutTypes(type.slice(type.indexOf('=') + 1, -1)).map((each) => this.#value(each, depth + 1));
      default:
        return this.#cursor.fail(`its type ${JSON.stringify(type)} is not known`);
    }
  }

  #object(depth: number): TypedObject | null {
    const head = this.#cursor.head();
    if (head === HEAD.NIL) return null;
    if (head !== HEAD.NEW) {
      const known = this.#objects[this.#cursor.reference(head)];
      return known instanceof TypedObject ? known : this.#cursor.fail('it refers to an object it does not hold');
    }
    const object = new TypedObject();
    this.#objects.push(object);
    object.classes = this.#class();
    while (!this.#cursor.isNext(HEAD.END)) object.groups.push(this.group(depth + 1));
    this.#cursor.head();
    return object;
  }

  /** A class and those it inherits from, each after the one before. A loop, because the chain may be of any length. */
  #class(): readonly string[] {
    const chains: string[][] = [];
    for (;;) {
      this.#cursor.spend(0);
      const head = this.#cursor.head();
      const rest = head === HEAD.NIL ? [] : head === HEAD.NEW ? undefined : this.#knownClass(head);
      if (rest !== undefined) {
        for (const chain of chains) chain.push(...rest);
        return chains[0] ?? rest;
      }
      const name = this.#sharedString(this.#cursor.head());
      if (name === undefined || chains.length > 30) this.#cursor.fail('a class cannot be read');
      this.#cursor.integer(this.#cursor.head());
      const chain: string[] = [];
      chains.push(chain);
      for (const each of chains) each.push(name);
      this.#objects.push(chain);
    }
  }

  #knownClass(head: number): readonly string[] {
    const known = this.#objects[this.#cursor.reference(head)];
    return Array.isArray(known) ? known : this.#cursor.fail('it refers to a class it does not hold');
  }

  #cString(): string | null {
    const head = this.#cursor.head();
    if (head === HEAD.NIL) return null;
    if (head !== HEAD.NEW) {
      const known = this.#objects[this.#cursor.reference(head)];
      return typeof known === 'string' ? known : this.#cursor.fail('it refers to a string it does not hold');
    }
    const text = this.#sharedString(this.#cursor.head());
    if (text === undefined) this.#cursor.fail('a string is missing');
    this.#objects.push(text);
    return text;
  }

  #sharedString(head: number): string | undefined {
    if (head === HEAD.NIL) return undefined;
    if (head !== HEAD.NEW) {
      const known = this.#strings[this.#cursor.reference(head)];
      return known ?? this.#cursor.fail('it refers to a string it does not hold');
    }
    const text = this.#cursor.sizedBytes().toString('latin1');
    this.#strings.push(text);
    return text;
  }

  #array(type: string, depth: number): TypedValue {
    const digits = /^\[(\d{1,9})/.exec(type)?.[1] ?? this.#cursor.fail('an array has no length');
    const element = type.slice(1 + digits.length, -1);
    const length = Number(digits);
    if (element === 'c' || element === 'C') return this.#cursor.bytes(length);
    return Array.from({ length: Math.min(length, 1e6) }, () => this.#value(element, depth + 1));
  }
}
