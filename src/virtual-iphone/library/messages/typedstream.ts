/**
 * Writes attributed strings the way Messages archives them: NeXT's typedstream, version 4 of system 1000.
 *
 * Type descriptions and class names are written once and then referred to by number; so are objects and classes, in a
 * numbering of their own. Both count from 0x92 (-110). An object takes its number before its class does.
 */

export type AttributeValue = string | number | URL | Uint8Array | { readonly [key: string]: string | number };

/** A stretch of text with its attributes, by their names. */
export interface AttributeRun {
  /** In UTF-16 units. */
  readonly length: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

const MAGIC = Buffer.from('\x04\x0bstreamtyped\x81\xe8\x03', 'latin1');
const NEW = 0x84;
const NIL = 0x85;
const END = 0x86;
const FIRST_REFERENCE = -110;

type ClassChain = readonly (readonly [name: string, version: number])[];

const OBJECT: ClassChain = [['NSObject', 0]];
const STRING: ClassChain = [['NSString', 1], ...OBJECT];
const MUTABLE_STRING: ClassChain = [['NSMutableString', 1], ...STRING];
const ATTRIBUTED_STRING: ClassChain = [['NSMutableAttributedString', 0], ['NSAttributedString', 0], ...OBJECT];
const DICTIONARY: ClassChain = [['NSDictionary', 0], ...OBJECT];
const DATA: ClassChain = [['NSMutableData', 0], ['NSData', 0], ...OBJECT];
const LINK: ClassChain = [['NSURL', 0], ...OBJECT];
const NUMBER: ClassChain = [['NSNumber', 0], ['NSValue', 0], ...OBJECT];

/** @param runs cover the whole text, in order. */
export function encodeAttributedString(text: string, runs: readonly AttributeRun[]): Buffer {
  const stream = new TypedStream();
  stream.type('@');
  stream.begin(ATTRIBUTED_STRING);
  stream.type('@');
  stream.newString(text, MUTABLE_STRING);
  runs.forEach(({ length, attributes }, i) => {
    stream.type('iI');
    stream.integer(i + 1);
    stream.integer(length);
    stream.type('@');
    stream.dictionary(attributes);
  });
  stream.end();
  return stream.bytes();
}

class TypedStream {
  readonly #parts: Buffer[] = [MAGIC];
  readonly #strings = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  /** Strings and numbers that were written: the next time they are referred to. */
  readonly #constants = new Map<string | number, number>();
  #objects = 0;
  #numberType: number | undefined;

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** -110 to 127 in a byte (those below stand for something else), else 16 or 32 bits after a mark. */
  integer(value: number): void {
    if (value >= FIRST_REFERENCE && value <= 0x7f) this.#byte(value & 0xff);
    else if (value >= -0x8000 && value <= 0x7fff) this.#byte(0x81, value & 0xff, (value >> 8) & 0xff);
    else this.#byte(0x82, value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff);
  }

  /** What the next values are: "@" an object, "i" an integer, "+" bytes, "*" a C string. */
  type(description: string): void {
    this.#sharedString(description);
  }

  begin(chain: ClassChain): number {
    const reference = this.#objects++;
    this.#byte(NEW);
    this.#class(chain);
    return reference;
  }

  end(): void {
    this.#byte(END);
  }

  newString(text: string, chain: ClassChain): number {
    const reference = this.begin(chain);
    const bytes = Buffer.from(text);
    this.type('+');
    this.integer(bytes.length);
    this.#parts.push(bytes);
    this.end();
    return reference;
  }

  string(text: string): void {
    const known = this.#constants.get(text);
    if (known === undefined) this.#constants.set(text, this.newString(text, STRING));
    else this.#reference(known);
  }

  number(value: number): void {
    const known = this.#constants.get(value);
    if (known !== undefined) {
      this.#reference(known);
      return;
    }
    this.#constants.set(value, this.begin(NUMBER));
    this.type('*');
    if (this.#numberType === undefined) {
      this.#numberType = this.#objects++;
      this.#byte(NEW);
      this.#sharedString('i');
    } else {
      this.#reference(this.#numberType);
    }
    this.type('i');
    this.integer(value);
    this.end();
  }

  dictionary(values: Readonly<Record<string, AttributeValue>>): void {
    const entries = Object.entries(values);
    this.begin(DICTIONARY);
    this.type('i');
    this.integer(entries.length);
    for (const [name, value] of entries) {
      this.type('@');
      this.string(name);
      this.type('@');
      this.#value(value);
    }
    this.end();
  }

  #value(value: AttributeValue): void {
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'number') this.number(value);
    else if (value instanceof URL) this.#link(value);
    else if (value instanceof Uint8Array) this.#data(value);
    else this.dictionary(value);
  }

  /** Whether it is relative to another one, then the address. */
  #link(url: URL): void {
    this.begin(LINK);
    this.type('c');
    this.#byte(0);
    this.type('@');
    this.string(url.href);
    this.end();
  }

  #data(bytes: Uint8Array): void {
    this.begin(DATA);
    this.type('i');
    this.integer(bytes.length);
    this.type(`[${bytes.length}c]`);
    this.#parts.push(Buffer.from(bytes));
    this.end();
  }

  #class(chain: ClassChain): void {
    for (const [name, version] of chain) {
      const known = this.#classes.get(name);
      if (known !== undefined) {
        this.#reference(known);
        return;
      }
      this.#byte(NEW);
      this.#sharedString(name);
      this.integer(version);
      this.#classes.set(name, this.#objects++);
    }
    this.#byte(NIL);
  }

  #sharedString(text: string): void {
    const known = this.#strings.get(text);
    if (known !== undefined) {
      this.#reference(known);
      return;
    }
    this.#strings.set(text, this.#strings.size);
    this.#byte(NEW);
    this.integer(text.length);
    this.#parts.push(Buffer.from(text, 'latin1'));
  }

  #reference(index: number): void {
    this.integer(FIRST_REFERENCE + index);
  }

  #byte(...values: readonly number[]): void {
    this.#parts.push(Buffer.from(values));
  }
}
