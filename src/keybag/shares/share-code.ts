/**
 * A share as it is printed, and typed again years later by somebody else: lines of four groups of five letters, each
 * line with its number and two letters that tell whether it was typed right. The layout is in docs/formats/shares.md.
 */
import { createHash } from 'node:crypto';

/** Douglas Crockford's: no I, L, O or U, which are read as others. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MISREAD: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };
const BITS = 5;
const LINE_LETTERS = 20;
const GROUP_LETTERS = 5;
const CHECK_LETTERS = 2;

/** One line of a share, as printed. */
export interface CodeLine {
  readonly number: number;
  /** Four of five letters. */
  readonly groups: readonly string[];
  readonly check: string;
}

export function linesOf(bytes: Uint8Array): CodeLine[] {
  const letters = toLetters(bytes);
  const lines: CodeLine[] = [];
  for (let at = 0; at < letters.length; at += LINE_LETTERS) {
    const line = letters.slice(at, at + LINE_LETTERS).padEnd(LINE_LETTERS, '0');
    const number = lines.length + 1;
    const groups = Array.from({ length: LINE_LETTERS / GROUP_LETTERS }, (_, i) =>
      line.slice(i * GROUP_LETTERS, (i + 1) * GROUP_LETTERS),
    );
    lines.push({ number, groups, check: checkOf(number, line) });
  }
  return lines;
}

/** "1  4K7QM 00000 …  7Z" */
export const lineText = ({ number, groups, check }: CodeLine): string => `${number}  ${groups.join(' ')}  ${check}`;

/**
 * Reads one line as somebody typed it: in any case, with or without spaces, dashes and its number.
 *
 * @returns its 20 letters, or undefined when it is not that line, typed right.
 */
export function readLine(typed: string, number: number): string | undefined {
  const letters = normalize(typed.replace(new RegExp(`^\\s*${number}[.:)\\s]\\s*`), ''));
  if (letters.length !== LINE_LETTERS + CHECK_LETTERS) return undefined;
  const line = letters.slice(0, LINE_LETTERS);
  return letters.slice(LINE_LETTERS) === checkOf(number, line) ? line : undefined;
}

const PRINTED = /(?<![0-9A-Z])(\d{1,2})[.:)\s]\s*((?:[0-9A-Z]{5}[\s-]+){4}[0-9A-Z]{2})(?![0-9A-Z])/gi;

/** What looks like lines of a share in a text: a file somebody typed, or the page it was printed from. */
export function findLines(text: string): { lines: ReadonlyMap<number, string>; mistyped: ReadonlySet<number> } {
  const lines = new Map<number, string>();
  const mistyped = new Set<number>();
  const visible = text.replace(/<style[\s\S]*?<\/style>/gi, ' ').replace(/<[^>]*>/g, ' ');
  for (const [, digits = '', typed = ''] of visible.matchAll(PRINTED)) {
    const number = Number(digits);
    const line = readLine(typed, number);
    if (line === undefined) mistyped.add(number);
    else lines.set(number, line);
  }
  return { lines, mistyped };
}

/** The bytes of lines that `readLine` gave; what fills the last line is still behind them. */
export function bytesOfLines(lines: readonly string[]): Buffer {
  const letters = lines.join('');
  const bytes = Buffer.alloc(Math.floor((letters.length * BITS) / 8));
  let [pending, bits, at] = [0, 0, 0];
  for (const letter of letters) {
    pending = ((pending << BITS) | LETTERS.indexOf(letter)) & 0xfff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (pending >> bits) & 0xff;
  }
  return bytes;
}

function toLetters(bytes: Uint8Array): string {
  let letters = '';
  let [pending, bits] = [0, 0];
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= BITS) {
      bits -= BITS;
      letters += LETTERS[(pending >> bits) & 31] ?? '';
    }
  }
  return bits === 0 ? letters : letters + (LETTERS[(pending << (BITS - bits)) & 31] ?? '');
}

/** Ten bits of a hash: one mistyped line of a thousand goes unnoticed here, and not at the end of the share. */
function checkOf(number: number, line: string): string {
  const bits = createHash('sha256').update(`${number} ${line}`).digest().readUInt16BE(0) >> 6;
  return `${LETTERS[bits >> BITS] ?? ''}${LETTERS[bits & 31] ?? ''}`;
}

function normalize(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[ILO]/g, (letter) => MISREAD[letter] ?? letter);
}
