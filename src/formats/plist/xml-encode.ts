/** XML property lists, writing: header, document type and tabs as Apple writes them. */
import {
  integerOf,
  isPlistInteger,
  MAX_DEPTH,
  PlistReal,
  PlistUid,
  type PlistDictionary,
  type PlistValue,
} from './value.ts';
import { formatXmlDate, formatXmlReal } from './xml-scalars.ts';

const HEADER = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

/** Base64 lines fill 76 columns, tabs counted as eight, but are never shorter than this. */
const MIN_BASE64_COLUMNS = 16;

/**
 * Writes an XML property list. Characters that XML forbids (control characters) are left out, because Apple's reader
 * and most others refuse the whole document over one of them; `null`, which XML lists do not have, is left out of
 * dictionaries and becomes an empty string in arrays. Dates lose what is finer than a second.
 *
 * @throws {TypeError} on a value that no property list can hold, or one nested deeper than 512 (as cycles are).
 * @throws {RangeError} on a bigint beyond 64 bits.
 */
export function encodeXmlPlist(value: PlistValue): Buffer {
  return Buffer.from(`${HEADER}${elementOf(value, '', 0)}</plist>\n`);
}

function elementOf(value: PlistValue, indent: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return `${indent}<string>${escape(value)}</string>\n`;
    case 'boolean':
      return value ? `${indent}<true/>\n` : `${indent}<false/>\n`;
    case 'bigint':
      if (!isPlistInteger(value)) throw new RangeError('a property list holds integers of 64 bits at most');
      return `${indent}<integer>${value}</integer>\n`;
    case 'number': {
      const integer = integerOf(value);
      return integer === undefined ? realOf(value, indent) : `${indent}<integer>${integer}</integer>\n`;
    }
    case 'object':
      return objectOf(value, indent, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
      break;
  }
  throw new TypeError(`a property list cannot hold a value of type ${typeof value}`);
}

function objectOf(value: (PlistValue & object) | null, indent: string, depth: number): string {
  if (value === null) return `${indent}<string></string>\n`;
  if (value instanceof PlistReal) return realOf(value.value, indent);
  if (value instanceof Date) return `${indent}<date>${formatXmlDate(value)}</date>\n`;
  if (value instanceof Uint8Array) return dataOf(value, indent);
  if (value instanceof PlistUid) return dictionaryOf({ CF$UID: value.value }, indent, depth);
  if (depth >= MAX_DEPTH) throw new TypeError('the value is nested too deeply for a property list');
  return Array.isArray(value) ? arrayOf(value, indent, depth) : dictionaryOf(value, indent, depth);
}

function dictionaryOf(dictionary: PlistDictionary, indent: string, depth: number): string {
  const inner = `${indent}\t`;
  let members = '';
  for (const key of Object.keys(dictionary)) {
    const value = dictionary[key] as PlistValue;
    if (value !== null) members += `${inner}<key>${escape(key)}</key>\n${elementOf(value, inner, depth + 1)}`;
  }
  return members === '' ? `${indent}<dict/>\n` : `${indent}<dict>\n${members}${indent}</dict>\n`;
}

function arrayOf(values: PlistValue[], indent: string, depth: number): string {
  if (values.length === 0) return `${indent}<array/>\n`;
  const inner = `${indent}\t`;
  let members = '';
  for (const value of values) members += elementOf(value, inner, depth + 1);
  return `${indent}<array>\n${members}${indent}</array>\n`;
}

function realOf(value: number, indent: string): string {
  return `${indent}<real>${formatXmlReal(value)}</real>\n`;
}

function dataOf(data: Uint8Array, indent: string): string {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
  const columns = Math.max(MIN_BASE64_COLUMNS, 76 - indent.length * 8);
  let lines = '';
  for (let at = 0; at < base64.length; at += columns) lines += `${indent}${base64.slice(at, at + columns)}\n`;
  return `${indent}<data>\n${lines}${indent}</data>\n`;
}

/** What needs a second look: markup, and a carriage return, which XML parsers turn into a line feed unless escaped. */
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const SPECIAL = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const EVERY_SPECIAL = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#13;'],
]);

function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (character) => ESCAPES.get(character) ?? '') : text;
}
