/**
 * Paths as file lists write them: relative, `/` between names, in UTF-8, with the characters that would break a line
 * written as escapes. Order is that of the unescaped UTF-8 bytes.
 */

const ESCAPED_CHARACTERS = /[\p{Cc}\\]/u;
const EVERY_ESCAPED_CHARACTER = new RegExp(ESCAPED_CHARACTERS.source, 'gu');
const ESCAPE = /\\(?:([\\tn])|x([0-9a-f]{2})|)/g;

/** Tab, newline and backslash become `\t`, `\n`, `\\`; every other control character becomes `\xHH`. */
export function escapePath(path: string): string {
  if (!ESCAPED_CHARACTERS.test(path)) return path;
  return path.replace(EVERY_ESCAPED_CHARACTER, (character) => {
    if (character === '\\') return '\\\\';
    if (character === '\t') return '\\t';
    if (character === '\n') return '\\n';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Undoes `escapePath`; undefined for text that `escapePath` never writes. */
export function unescapePath(text: string): string | undefined {
  if (!text.includes('\\')) return ESCAPED_CHARACTERS.test(text) ? undefined : text;
  const path = text.replace(ESCAPE, (_, letter: string | undefined, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (letter === undefined) return '';
    return letter === 't' ? '\t' : letter === 'n' ? '\n' : letter;
  });
  return escapePath(path) === text ? path : undefined;
}

/**
 * Compares two strings as their UTF-8 bytes would compare, without making the bytes. JavaScript's own `<` compares
 * UTF-16 units, which puts the characters above U+FFFF before those from U+E000 on.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rankOfUnit(left) - rankOfUnit(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rankOfUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** The directory and the last name of a path; the directory of a name at the top is ''. */
export function splitPath(path: string): { directory: string; name: string } {
  const slash = path.lastIndexOf('/', path.length - 2);
  return slash < 0 ? { directory: '', name: path } : { directory: path.slice(0, slash), name: path.slice(slash + 1) };
}

export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
