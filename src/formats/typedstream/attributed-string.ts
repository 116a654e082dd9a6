import { isUtf8 } from 'node:buffer';
import { FormatError, isAppError } from '../../shared/errors.ts';
import { Foundation, stringOf, type FoundationValue } from './foundation.ts';
import { PlainStrings } from './plain-string.ts';
import { TypedObject, Unarchiver, type TypedValue } from './unarchiver.ts';

/** A stretch of text and what is said about it. */
export interface AttributedRun {
  /** Where it begins and how long it is, in UTF-16 units. */
  readonly start: number;
  readonly length: number;
  readonly attributes: ReadonlyMap<string, FoundationValue>;
}

export interface AttributedString {
  readonly text: string;
  /** In order, without gaps, over the whole text. */
  readonly runs: readonly AttributedRun[];
  /** False when the archive is damaged and only its text could be read: runs are missing then. */
  readonly isWhole: boolean;
}

/** Between the name of a class and the "+": its version, what it inherits from, the end of a table entry. */
const MAX_GAP_BYTES = 16;
const NO_ATTRIBUTES: ReadonlyMap<string, FoundationValue> = new Map();

/**
 * Reads an archived NSAttributedString (or a plain NSString), as Messages keeps the words of a message.
 *
 * @throws {FormatError} when it is no typedstream, or not even its text can be read.
 */
export function decodeAttributedString(bytes: Uint8Array): AttributedString {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const plain = plainStrings.read(buffer);
  if (plain !== undefined) {
    const { text, attributes } = plain;
    return { text, runs: text === '' ? [] : [{ start: 0, length: text.length, attributes }], isWhole: true };
  }
  const decoded = decode(buffer);
  const [only, another] = decoded.runs;
  if (only !== undefined && another === undefined && decoded.isWhole) plainStrings.learn(buffer, only.attributes);
  return decoded;
}

const plainStrings = new PlainStrings();

function decode(bytes: Buffer): AttributedString {
  const unarchiver = new Unarchiver(bytes);
  let root: TypedValue | undefined;
  try {
    root = unarchiver.group()[0];
  } catch (error) {
    if (!isAppError(error)) throw error;
    const text = firstString(unarchiver) ?? textAfterClassName(bytes);
    if (text === undefined) throw error;
    return { text, runs: [plain(0, text.length)], isWhole: false };
  }
  if (!(root instanceof TypedObject)) throw new FormatError('this typedstream holds no text');
  const text = textOf(root);
  if (text === undefined) throw new FormatError('this typedstream holds no text');
  return { text, runs: runsOf(root, text.length), isWhole: true };
}

function firstString(unarchiver: Unarchiver): string | undefined {
  for (const object of unarchiver.objects()) {
    const text = stringOf(object);
    if (text !== undefined) return text;
  }
  return undefined;
}

/**
 * The last resort, for an archive whose numbering is broken: the words stand behind the name of their class, after a
 * "+" and their length, whatever else is wrong.
 */
function textAfterClassName(buffer: Buffer): string | undefined {
  const name = buffer.indexOf('NSString');
  const plus = name < 0 ? -1 : buffer.indexOf('+', name);
  if (plus < 0 || plus > name + MAX_GAP_BYTES) return undefined;
  const first = buffer[plus + 1] ?? 0;
  const [start, length] =
    first === 0x81 && plus + 4 <= buffer.length
      ? [plus + 4, buffer.readUInt16LE(plus + 2)]
      : first === 0x82 && plus + 6 <= buffer.length
        ? [plus + 6, buffer.readUInt32LE(plus + 2)]
        : [plus + 2, first];
  const text = buffer.subarray(start, start + length);
  return text.length === length && length > 0 && isUtf8(text) ? text.toString('utf8') : undefined;
}

function textOf(root: TypedObject): string | undefined {
  if (root.isA('NSString')) return stringOf(root);
  const string = root.isA('NSAttributedString') ? root.groups[0]?.[0] : undefined;
  return string instanceof TypedObject ? stringOf(string) : undefined;
}

/**
 * After the string comes a group for each run: the number of its attributes, counted from 1, and its length. The
 * dictionary of attributes follows where that number is new.
 */
function runsOf(root: TypedObject, textLength: number): AttributedRun[] {
  const foundation = new Foundation();
  const sets: ReadonlyMap<string, FoundationValue>[] = [];
  const runs: AttributedRun[] = [];
  let start = 0;
  for (let at = 1; at < root.groups.length && start < textLength; at++) {
    const [number, wanted] = root.groups[at] ?? [];
    if (typeof number !== 'number' || typeof wanted !== 'number') continue;
    if (number > sets.length) {
      const set = foundation.valueOf(root.groups[++at]?.[0]);
      sets.push(set instanceof Map ? set : NO_ATTRIBUTES);
    }
    const length = Math.min(wanted, textLength - start);
    if (length > 0) runs.push({ start, length, attributes: sets[number - 1] ?? NO_ATTRIBUTES });
    start += Math.max(0, length);
  }
  if (start < textLength) runs.push(plain(start, textLength - start));
  return runs;
}

const plain = (start: number, length: number): AttributedRun => ({ start, length, attributes: NO_ATTRIBUTES });
