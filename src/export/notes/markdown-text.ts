import { safeLink } from '../text/html.ts';

/**
 * Text for Markdown: whatever it holds, it comes out as text. Every character that may mean something is escaped, so
 * that no tag, link, heading or formula arises from what somebody wrote.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, '\uFFFD')
      .replace(/[\\`*_[\]<>|~&$^]/g, '\\$&')
      .replace(/!(?=\\\[)/g, '\\!')
      .replaceAll('\r', '')
  );
}

const ADDRESS = /https?:\/\/[^\s<>\\]*[^\s<>\\.,;:!?'")\]*_~]/gi;

/** Text in which addresses of the web stay links, as they are on the phone. */
export function linkedMarkdown(text: string): string {
  let result = '';
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    result += `${escapeMarkdown(text.slice(at, match.index))}<${match[0]}>`;
    at = match.index + match[0].length;
  }
  return result + escapeMarkdown(text.slice(at));
}

/** The beginning of a line: what would make a heading, list, rule or code of it there is escaped as well. */
export function escapeLineStart(line: string): string {
  return line
    .replace(/^(\s*)([#+=:-])/, (_, space: string, mark: string) => `${visible(space)}\\${mark}`)
    .replace(
      /^(\s*)(\d{1,9})([.)])/,
      (_, space: string, number: string, mark: string) => `${visible(space)}${number}\\${mark}`,
    )
    .replace(/^[ \t]+/, visible);
}

/** Spaces that begin a line: four of them would be code. */
const visible = (space: string): string => space.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;');

/** An address for `[…](…)`, or undefined when it is none that may be followed. */
export function markdownAddress(address: string): string | undefined {
  const safe = safeLink(address);
  return safe === undefined ? undefined : `<${safe.replace(/[<>\\\s]/g, (each) => encodeURIComponent(each))}>`;
}

/** A relative address of a file beside the page. */
export const markdownFile = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[()!'*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`))
    .join('/');

/** Text between marks; spaces at its ends go outside of them, where they must be. */
export function marked(text: string, before: string, after = before): string {
  const [, start = '', inside = '', end = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return inside === '' ? text : `${start}${before}${inside}${after}${end}`;
}

/** A block of code, between fences that nothing in it can close. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${code}\n${fence}`;
}
