import { html, type Markup } from '../text/html.ts';

/** What people take for each other on paper, in words. */
const NAMED: ReadonlyMap<string, string> = new Map([
  [' ', 'space'],
  ["'", 'quote'],
  ['"', 'quotes'],
  ['`', 'backtick'],
  ['.', 'dot'],
  [',', 'comma'],
  [':', 'colon'],
  [';', 'semicolon'],
  ['-', 'hyphen'],
  ['–', 'dash'],
  ['_', 'underscore'],
  ['|', 'bar'],
  ['/', 'slash'],
  ['\\', 'backslash'],
]);

/** A password letter by letter, each with what it is: nobody is to guess whether it is an O or a zero. */
export function spelled(password: string): Markup {
  const letters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(password)].map(
    (each) => each.segment,
  );
  return html`<div class="letters">${letters.map(
    (letter) =>
      html`<span class="letter"><b>${letter === ' ' ? '␣' : letter}</b><small>${kindOf(letter)}</small></span>`,
  )}</div>`;
}

function kindOf(letter: string): string {
  const name = NAMED.get(letter);
  if (name !== undefined) return name;
  if (/^\p{Nd}$/u.test(letter)) return 'digit';
  if (/^\p{Lu}/u.test(letter)) return 'capital';
  if (/^\p{Ll}/u.test(letter)) return 'small';
  return /^\p{L}/u.test(letter) ? 'letter' : 'sign';
}
