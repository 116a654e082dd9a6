import { FormatError } from '../../shared/errors.ts';

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };
/** Longer ones would be read again and again; "{CGRect={CGPoint=ff}{CGSize=ff}}" is long already. */
const MAX_LENGTH = 300;

const known = new Map<string, readonly string[]>();

/**
 * Cuts a description of types, as Objective-C's `@encode` writes them, into single ones: "iI" is an integer and an
 * unsigned one, "{point=ff}" is one structure.
 *
 * @throws {FormatError} when it has a bracket too many, or is longer than any real one.
 */
export function cutTypes(types: string): readonly string[] {
  const before = known.get(types);
  if (before !== undefined) return before;
  const cut = split(types);
  // The same few come in every stream; the sizes of arrays (data) do not.
  if (types.length < 8 && !types.startsWith('[') && known.size < 200) known.set(types, cut);
  return cut;
}

function split(types: string): readonly string[] {
  if (types.length > MAX_LENGTH) throw new FormatError('a type in a typedstream is too long');
  const cut: string[] = [];
  for (let at = 0; at < types.length;) {
    const length = lengthAt(types, at);
    cut.push(types.slice(at, at + length));
    at += length;
  }
  return cut;
}

function lengthAt(types: string, start: number): number {
  const open: string[] = [];
  for (let at = start; at < types.length; at++) {
    const char = types.charAt(at);
    const closing = CLOSING[char];
    if (closing !== undefined) open.push(closing);
    else if (char === open.at(-1)) open.pop();
    if (open.length === 0) return at + 1 - start;
  }
  throw new FormatError('a type in a typedstream has no end');
}
