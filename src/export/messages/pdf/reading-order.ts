/**
 * The order in which words stand on a line where scripts that run from the right (Arabic, Hebrew) meet others: the
 * main rules of Unicode's bidirectional algorithm (UAX #9), without nesting. Letters within a word are ordered by
 * the font.
 */
const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const FROM_LEFT = /\p{L}/u;

/** Whether a paragraph runs from the right: its first letter says. */
export function runsFromRight(text: string): boolean {
  for (const character of text) {
    if (FROM_RIGHT.test(character)) return true;
    if (FROM_LEFT.test(character)) return false;
  }
  return false;
}

/** The words of a line from left to right, as they are to be put on the page. */
export function visualOrder<T extends { readonly text: string }>(words: readonly T[], fromRight: boolean): T[] {
  if (!fromRight && !words.some(({ text }) => FROM_RIGHT.test(text))) return [...words];
  const levels = levelsOf(words, fromRight);
  // From the highest level down, every stretch of at least that level is turned around.
  let order = words.map((word, i) => ({ word, level: levels[i] ?? 0 }));
  for (let level = Math.max(...levels); level >= 1; level--) order = turned(order, level);
  return order.map(({ word }) => word);
}

/** Even levels run from the left, odd ones from the right. */
function levelsOf(words: readonly { readonly text: string }[], fromRight: boolean): number[] {
  const base = fromRight ? 1 : 0;
  const own = words.map(({ text }) => {
    if (FROM_RIGHT.test(text)) return 1;
    return FROM_LEFT.test(text) || /\p{Nd}/u.test(text) ? (fromRight ? 2 : 0) : undefined;
  });
  // Spaces and signs go with their neighbours when these agree, otherwise with the paragraph.
  return own.map((level, i) => {
    if (level !== undefined) return level;
    const before = own.slice(0, i).findLast((each) => each !== undefined);
    const after = own.slice(i + 1).find((each) => each !== undefined);
    return before !== undefined && before === after ? before : base;
  });
}

interface Levelled<T> {
  readonly word: T;
  readonly level: number;
}

function turned<T>(order: readonly Levelled<T>[], level: number): Levelled<T>[] {
  const result: Levelled<T>[] = [];
  for (let at = 0; at < order.length;) {
    let end = at;
    while (end < order.length && (order[end]?.level ?? 0) >= level) end++;
    result.push(...order.slice(at, end).toReversed());
    const next = order[end];
    if (next !== undefined) result.push(next);
    at = end + 1;
  }
  return result;
}
