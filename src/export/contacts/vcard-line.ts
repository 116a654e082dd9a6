/**
 * One property of a vCard (RFC 6350 §3, RFC 2426 §2.6, §5):
 *
 *   [group "."] name *(";" parameter "=" value) ":" value CRLF
 *
 * A line longer than 75 bytes goes on in the next one, after a space.
 */

const MAX_LINE_BYTES = 75;

export type VcardVersion = '3.0' | '4.0';

export interface Property {
  readonly name: string;
  /** As it stands in the card: escaped already, where it is text. */
  readonly value: string;
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  /** Joins a value with the label beside it. */
  readonly group?: string;
}

export function vcardLine({ name, value, parameters = [], group }: Property, version: VcardVersion): string {
  const list = parameters.map(([key, each]) => `;${key}=${parameterValue(each, version)}`).join('');
  return folded(`${group === undefined ? '' : `${group}.`}${name}${list}:${value}`);
}

/** Text as the value of a property, or as one part of it. */
export function escapeText(text: string): string {
  return clean(text)
    .replace(/[\\;,]/g, String.raw`\$&`)
    .replace(/\r\n?|\n/g, String.raw`\n`);
}

/** An address as the value of a property: nothing in it is escaped, but no line may end in one. */
export const uriValue = (text: string): string => clean(text).replace(/[\r\n\t]+/g, '');

/** Values of several parts, as names and addresses have: the semicolons between them are not escaped. */
export const structured = (parts: readonly (string | null | undefined)[]): string =>
  parts.map((part) => escapeText(part ?? '')).join(';');

/** What no card may hold: control characters, and halves of characters. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const clean = (text: string): string => text.toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '');

/** Quoted where it has to be. Quotes and line ends are written as RFC 6868 says, which version 3.0 does not know. */
function parameterValue(text: string, version: VcardVersion): string {
  const oneLine = clean(text).replaceAll('\t', ' ');
  const safe =
    version === '4.0'
      ? oneLine
          .replaceAll('^', '^^')
          .replaceAll('"', "^'")
          .replace(/\r\n?|\n/g, '^n')
      : oneLine.replaceAll('"', "'").replace(/\r\n?|\n/g, ' ');
  return /[,;: ]/.test(safe) ? `"${safe}"` : safe;
}

/** Cut between characters, never within one; the space that begins a further line counts. */
function folded(line: string): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= MAX_LINE_BYTES) return `${line}\r\n`;
  let text = '';
  let from = 0;
  while (from < bytes.length) {
    let to = Math.min(bytes.length, from + MAX_LINE_BYTES - (from === 0 ? 0 : 1));
    // Bytes 10xxxxxx continue a character of UTF-8.
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--;
    text += `${from === 0 ? '' : ' '}${bytes.toString('utf8', from, to)}\r\n`;
    from = to;
  }
  return text;
}
