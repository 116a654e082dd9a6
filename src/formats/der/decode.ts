/**
 * Apple's way of writing a property list in DER, as items of the keychain use it: a dictionary is a SET of SEQUENCEs of
 * a name and a value, an array a SEQUENCE, a set has a private tag of its own; text is UTF8String, data an OCTET STRING,
 * a date a GeneralizedTime.
 */
import { FormatError } from '../../shared/errors.ts';
import { compactInteger, setEntry, type PlistDictionary, type PlistValue } from '../plist/value.ts';

/** Real items are nested once or twice. */
const MAX_DEPTH = 32;
/** Bounds the work that a hostile one can make; real items have some thirty. */
const MAX_ELEMENTS = 100_000;
/** A set of Core Foundation: private, constructed, number 17. */
const PRIVATE_SET = 0xf1;

/** @throws {FormatError} on anything malformed, unknown, nested too deeply, or with bytes left over. */
export function decodeDerPlist(bytes: Uint8Array): PlistValue {
  const decoder = new DerDecoder(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const value = decoder.value(0);
  decoder.expectEnd(bytes.length);
  return value;
}

class DerDecoder {
  readonly #bytes: Buffer;
  #at = 0;
  #elements = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): PlistValue {
    const start = this.#at;
    if (depth > MAX_DEPTH) malformed('is nested too deeply', start);
    if (++this.#elements > MAX_ELEMENTS) malformed('has too many elements', start);
    const tag = this.#byte();
    const end = this.#length();
    switch (tag) {
      case 0x31:
        return this.#dictionary(end, depth);
      case 0x30:
      case PRIVATE_SET:
        return this.#array(end, depth);
      default:
        return this.#scalar(tag, this.#take(end), start);
    }
  }

  /** Everything up to `end`, and not a byte more, must have been read. */
  expectEnd(end: number): void {
    if (this.#at !== end) malformed('has elements of the wrong length', this.#at);
  }

  #dictionary(end: number, depth: number): PlistDictionary {
    const dictionary: PlistDictionary = {};
    while (this.#at < end) {
      const start = this.#at;
      if (this.#byte() !== 0x30) malformed('has a member without a name', start);
      const memberEnd = this.#length();
      const name = this.value(depth + 1);
      if (typeof name !== 'string') malformed('has a member without a name', start);
      setEntry(dictionary, name, this.value(depth + 1));
      this.expectEnd(memberEnd);
    }
    this.expectEnd(end);
    return dictionary;
  }

  #array(end: number, depth: number): PlistValue[] {
    const values: PlistValue[] = [];
    while (this.#at < end) values.push(this.value(depth + 1));
    this.expectEnd(end);
    return values;
  }

  #scalar(tag: number, content: Buffer, start: number): PlistValue {
    switch (tag) {
      case 0x01:
        if (content.length !== 1) malformed('has a boolean of the wrong length', start);
        return content[0] !== 0;
      case 0x02:
        return integerOf(content, start);
      case 0x04:
        return content;
      case 0x05:
        return null;
      case 0x0c:
      case 0x13:
      case 0x16:
        return content.toString('utf8');
      case 0x18:
        return parseGeneralizedTime(content.toString('latin1')) ?? malformed('has a date that is none', start);
      default:
        return malformed('has an element of unknown type', start);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) malformed('ends too early', this.#at);
    this.#at++;
    return byte;
  }

  /** Reads a length and returns where what it measures ends. Longer forms than needed are tolerated. */
  #length(): number {
    const first = this.#byte();
    let length = first;
    if (first >= 0x80) {
      // 0x80 itself means "until an end mark", which DER does not have.
      if (first === 0x80 || first > 0x84) malformed('has a length that cannot be', this.#at - 1);
      length = 0;
      for (let i = first & 0x7f; i > 0; i--) length = length * 256 + this.#byte();
    }
    const end = this.#at + length;
    if (end > this.#bytes.length) malformed('ends too early', this.#at);
    return end;
  }

  #take(end: number): Buffer {
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return content;
  }
}

/** Two's complement, big-endian; 64 bits are what Apple writes. */
function integerOf(content: Buffer, start: number): number | bigint {
  if (content.length === 0 || content.length > 9) malformed('has an integer of the wrong length', start);
  return compactInteger(BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`)));
}

const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/;

/** "20150907205230.123Z"; without a zone it is taken as UTC. */
function parseGeneralizedTime(text: string): Date | undefined {
  const match = GENERALIZED_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '0', zone = 'Z'] = match;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const date = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function malformed(what: string, offset: number): never {
  throw new FormatError(`DER ${what}`, { details: { offset } });
}
