/**
 * Searching: an index of a million messages (the number may be given), built and asked. To reach: 100 ms for an answer.
 * The words are drawn so that a few are in a tenth of all messages and most in a few hundred.
 */
import { SearchIndex, type ContentItem } from '../src/content/index.ts';
import { randomFrom } from '../test/support/random.ts';
import { printTable } from './support/table.ts';

const WORDS = 20_000;
const COMMON_WORDS = 50;
const WORDS_PER_MESSAGE = 9;
const ROUNDS = 5;

export async function run([count = '1000000']: readonly string[]): Promise<void> {
  const words = Array.from({ length: WORDS }, (_, i) => `w${((i * 7919) % WORDS).toString(36)}en`);
  const startedMs = performance.now();
  using index = await SearchIndex.build([{ kind: 'messages', items: messages(Number(count), words) }]);
  const builtSeconds = (performance.now() - startedMs) / 1000;
  const [common = '', another = '', third = ''] = words;
  const queries: readonly (readonly [string, string])[] = [
    ['a word of every twelfth message', common],
    ['two such words', `${common} ${another}`],
    ['a word of few', words.at(-1) ?? ''],
    ['one letter, which every word begins with', 'w'],
    ['the name of somebody with 20,000 messages', '"Anna 7"'],
    ['the name in every message', 'anna'],
    ['two words in this order', `"${common} ${another}"`],
    ['one word without another', `${third} -${common}`],
  ];
  const rows = queries.map(([title, query]) => {
    const times = Array.from({ length: ROUNDS }, () => timeOf(() => index.search(query)));
    return [
      title,
      `${index.search(query).length}`,
      `${times[0]?.toFixed(1)} ms`,
      `${Math.max(...times).toFixed(1)} ms`,
    ];
  });
  printTable(['looked for', 'shown', 'first answer', 'slowest of five'], rows);
  const megabytes = Math.round(index.serialize().length / 1e6);
  process.stdout.write(
    `\n${Number(count).toLocaleString('en')} messages indexed in ${builtSeconds.toFixed(1)} s; ${megabytes} MB.\n`,
  );
}

function timeOf(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

function* messages(count: number, words: readonly string[]): Generator<ContentItem, undefined> {
  const random = randomFrom(7);
  for (let i = 0; i < count; i++) {
    const text = Array.from(
      { length: WORDS_PER_MESSAGE },
      () => words[random.below(random.below(10) < 3 ? COMMON_WORDS : WORDS)],
    );
    const at = new Date(1_500_000_000_000 + i * 60_000);
    yield { kind: 'messages', key: `m${i}`, at, title: `Anna ${i % 50}`, text: text.join(' ') };
  }
}
