/**
 * Short strings of binary lists, shared between lists. The 100,000 entries of a manifest consist mostly of the same
 * few keys and class names: finding the string that is there already is faster than making it again, and V8 sets a
 * property faster by a string it has used as a key before.
 */

/** Covers the keys of archives; longer strings are seldom the same. */
export const SHORT_STRING_BYTES = 24;

const SLOTS = 1024;
const slots: string[] = Array.from({ length: SLOTS }, () => '');

/** The text of at most `SHORT_STRING_BYTES` bytes, or undefined when they are not ASCII. */
export function shortString(bytes: Buffer, start: number, length: number): string | undefined {
  if (length === 0) return '';
  const slot = slotOf(bytes, start, length);
  const known = slots[slot] ?? '';
  if (isSame(known, bytes, start, length)) return known;
  for (let i = start; i < start + length; i++) if ((bytes[i] ?? 0) > 0x7f) return undefined;
  const made = bytes.toString('latin1', start, start + length);
  slots[slot] = made;
  return made;
}

/** From the length and three characters, which tells keys apart well enough. */
function slotOf(bytes: Buffer, start: number, length: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[start + length - 1] ?? 0;
  return (length ^ (first << 5) ^ (middle << 3) ^ (last << 1)) & (SLOTS - 1);
}

function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
