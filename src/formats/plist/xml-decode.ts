/**
 * XML property lists, reading: the dialect Apple writes plus what its readers tolerate (comments, CDATA, a document
 * type with an internal subset, white space anywhere between elements, other declared encodings). No entity but the
 * five of XML and character references is ever expanded, so a small document cannot become a large one.
 */
import { FormatError } from '../../shared/errors.ts';
import {
  compactInteger,
  isPlistInteger,
  malformed,
  MAX_DEPTH,
  PlistReal,
  PlistUid,
  setEntry,
  type PlistDictionary,
  type PlistValue,
} from './value.ts';
import { parseXmlDate, parseXmlReal } from './xml-scalars.ts';

/**
 * Reads an XML property list.
 *
 * @throws {FormatError} on anything malformed, or nested deeper than 512.
 */
export function decodeXmlPlist(source: Uint8Array | string): PlistValue {
  return new XmlReader(typeof source === 'string' ? source : textOf(source)).root();
}

/** UTF-8 unless a byte order mark or the XML declaration says otherwise. Broken UTF-8 becomes U+FFFD. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return buffer.toString('utf8', 3);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return decodeAs('utf-16le', buffer);
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return decodeAs('utf-16be', buffer);
  const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(buffer.toString('latin1', 0, 200));
  const encoding = declaration?.[1]?.toLowerCase() ?? 'utf-8';
  return encoding === 'utf-8' || encoding === 'utf8' ? buffer.toString('utf8') : decodeAs(encoding, buffer);
}

function decodeAs(encoding: string, bytes: Buffer): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw new FormatError('this is not a valid property list: its encoding is unknown', {
      details: { encoding },
      cause,
    });
  }
}

const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const QUESTION = 0x3f;

const COMMON_TAGS = ['key', 'string', 'dict', 'array', 'integer', 'data', 'date', 'real', '/dict', '/array', '/plist'];
/** The tags nearly every element has, by their first character: recognised without making a string of them. */
const COMMON_TAGS_BY_UNIT = Array.from({ length: 128 }, (_, unit) =>
  COMMON_TAGS.filter((name) => name.charCodeAt(0) === unit),
);
const NONE: readonly string[] = [];

class XmlReader {
  readonly #text: string;
  readonly #hasEntities: boolean;
  #at = 0;
  /** Whether the tag read last was `<name/>`. */
  #selfClosed = false;

  constructor(text: string) {
    this.#text = text;
    this.#hasEntities = text.includes('&');
  }

  /** What follows `</plist>` is ignored: packets carry line ends and NULs there. */
  root(): PlistValue {
    const name = this.#tag();
    if (name !== 'plist') return this.#value(name, 0);
    if (this.#selfClosed) malformed('it is empty', this.#at);
    const value = this.#value(this.#tag(), 0);
    if (this.#tag() !== '/plist') malformed('more than one value', this.#at);
    return value;
  }

  #value(name: string, depth: number): PlistValue {
    switch (name) {
      case 'string':
        return this.#content(name);
      case 'dict':
        return this.#dictionary(depth);
      case 'array':
        return this.#array(depth);
      case 'integer':
        return this.#integer(this.#content(name));
      case 'data':
        return this.#data(this.#content(name));
      case 'true':
      case 'false':
        if (this.#content(name).trim() !== '') malformed(`content in <${name}>`, this.#at);
        return name === 'true';
      case 'real':
        return new PlistReal(parseXmlReal(this.#content(name)) ?? malformed('a real that is no number', this.#at));
      case 'date':
        return parseXmlDate(this.#content(name)) ?? malformed('a date that does not exist', this.#at);
      default:
        return malformed('an element that does not belong there', this.#at);
    }
  }

  #dictionary(depth: number): PlistDictionary | PlistUid {
    if (depth >= MAX_DEPTH) malformed('it is nested too deeply', this.#at);
    const dictionary: PlistDictionary = {};
    if (this.#selfClosed) return dictionary;
    let count = 0;
    for (let name = this.#tag(); name !== '/dict'; name = this.#tag()) {
      if (name !== 'key') malformed('a dictionary entry without a key', this.#at);
      const key = this.#content(name);
      setEntry(dictionary, key, this.#value(this.#tag(), depth + 1));
      count++;
    }
    return count === 1 ? (uidOf(dictionary) ?? dictionary) : dictionary;
  }

  #array(depth: number): PlistValue[] {
    if (depth >= MAX_DEPTH) malformed('it is nested too deeply', this.#at);
    const array: PlistValue[] = [];
    if (this.#selfClosed) return array;
    for (let name = this.#tag(); name !== '/array'; name = this.#tag()) array.push(this.#value(name, depth + 1));
    return array;
  }

  #integer(content: string): number | bigint {
    const text = content.trim();
    const short = text.length <= 15 && /^[+-]?\d+$/.test(text);
    if (short) return Number(text);
    const [, sign, digits] = /^([+-]?)(\d{1,40}|0[xX][\da-fA-F]{1,32})$/.exec(text) ?? [];
    if (digits === undefined) malformed('an integer that is no number', this.#at);
    const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
    if (!isPlistInteger(value)) malformed('an integer beyond 64 bits', this.#at);
    return compactInteger(value);
  }

  #data(content: string): Buffer {
    if (/[^A-Za-z0-9+/=\s]/.test(content)) malformed('data that is not base64', this.#at);
    return Buffer.from(content, 'base64');
  }

  /**
   * Goes on to the next tag and past it. Returns its name, with a slash in front for a closing one; attributes are
   * skipped.
   */
  #tag(): string {
    this.#skipToTag();
    const start = this.#at;
    for (const name of COMMON_TAGS_BY_UNIT[this.#text.charCodeAt(start)] ?? NONE) {
      const end = start + name.length;
      if (this.#text.charCodeAt(end) === GREATER_THAN && this.#text.startsWith(name, start)) {
        this.#at = end + 1;
        this.#selfClosed = false;
        return name;
      }
    }
    return this.#unusualTag();
  }

  /** A tag with attributes, or closed in itself, or unknown. */
  #unusualTag(): string {
    const end = this.#text.indexOf('>', this.#at);
    if (end < 0) malformed('it ends in the middle of a tag', this.#at);
    this.#selfClosed = end > this.#at && this.#text.charCodeAt(end - 1) === SLASH;
    const inside = this.#text.slice(this.#at, this.#selfClosed ? end - 1 : end);
    this.#at = end + 1;
    return inside.split(/\s/, 1)[0] ?? '';
  }

  /** Past white space, comments, processing instructions and the document type, and the `<` after them. */
  #skipToTag(): void {
    const text = this.#text;
    for (;;) {
      let at = this.#at;
      while (isSpace(text.charCodeAt(at))) at++;
      this.#at = at;
      if (text.charCodeAt(at) !== LESS_THAN) malformed('text where an element belongs, or no end', at);
      const next = text.charCodeAt(at + 1);
      if (next !== EXCLAMATION && next !== QUESTION) break;
      if (next === QUESTION) this.#skipPast('?>');
      else if (text.startsWith('<!--', at)) this.#skipPast('-->', 4);
      else if (text.startsWith('<!DOCTYPE', at)) this.#skipDocumentType();
      else malformed('a declaration that does not belong there', at);
    }
    this.#at++;
  }

  #skipPast(terminator: string, opening = 2): void {
    const end = this.#text.indexOf(terminator, this.#at + opening);
    if (end < 0) malformed(`it ends before ${terminator}`, this.#at);
    this.#at = end + terminator.length;
  }

  /** The internal subset, in brackets, may hold `>`; what it declares is ignored. */
  #skipDocumentType(): void {
    const end = this.#text.indexOf('>', this.#at);
    const bracket = this.#text.slice(this.#at, end).indexOf('[');
    if (bracket >= 0) this.#skipPast(']', bracket);
    this.#skipPast('>');
  }

  /** The text of an element just opened, up to and past its closing tag, with entities and CDATA resolved. */
  #content(name: string): string {
    if (this.#selfClosed) return '';
    let content = '';
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) malformed(`<${name}> does not end`, this.#at);
      const run = this.#text.slice(this.#at, next);
      content += this.#hasEntities && run.includes('&') ? this.#resolve(run) : run;
      this.#at = next;
      if (this.#text.charCodeAt(next + 1) === SLASH) break;
      content += this.#insertion(name);
    }
    this.#close(name);
    return content;
  }

  /** Past the closing tag that stands here. */
  #close(name: string): void {
    const end = this.#at + 2 + name.length;
    if (!this.#text.startsWith(name, this.#at + 2)) malformed(`<${name}> is closed by another tag`, this.#at);
    if (this.#text.charCodeAt(end) === GREATER_THAN) this.#at = end + 1;
    else if (this.#tag() !== `/${name}`) malformed(`<${name}> is closed by another tag`, this.#at);
  }

  /** A CDATA section, or a comment, inside text. */
  #insertion(name: string): string {
    const start = this.#at;
    if (this.#text.startsWith('<![CDATA[', start)) {
      this.#skipPast(']]>', 9);
      return this.#text.slice(start + 9, this.#at - 3);
    }
    if (!this.#text.startsWith('<!--', start)) malformed(`an element inside <${name}>`, start);
    this.#skipPast('-->', 4);
    return '';
  }

  /** Stops at the first unknown one, and joins as it goes: a list may be nothing but entities, millions of them. */
  #resolve(run: string): string {
    let resolved = '';
    let pieces: string[] = [];
    let from = 0;
    for (let at = run.indexOf('&'); at >= 0; at = run.indexOf('&', from)) {
      const end = run.indexOf(';', at) + 1;
      const length = end - at - 1;
      const character = length > 0 && length <= MAX_REFERENCE ? characterOf(run.slice(at + 1, end)) : undefined;
      if (character === undefined) malformed('an unknown entity', this.#at + at);
      pieces.push(run.slice(from, at), character);
      from = end;
      if (pieces.length < PIECES_AT_ONCE) continue;
      resolved += pieces.join('');
      pieces = [];
    }
    return resolved + pieces.join('') + run.slice(from);
  }
}

/** Apple writes the UIDs of keyed archives in XML as a dictionary with this one key. */
function uidOf(dictionary: PlistDictionary): PlistUid | undefined {
  const value = dictionary['CF$UID'];
  return typeof value === 'number' && value >= 0 ? new PlistUid(value) : undefined;
}

/** `#x10FFFF;` has nine characters; zeros may stand before. */
const MAX_REFERENCE = 13;
const PIECES_AT_ONCE = 8192;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
]);

function characterOf(reference: string): string | undefined {
  const [, decimal, hexadecimal] = /^#(?:(\d{1,8})|x([\da-fA-F]{1,7}));$/.exec(reference) ?? [];
  if (decimal === undefined && hexadecimal === undefined) return ENTITIES.get(reference);
  const point = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d || unit === 0xfeff;
}
