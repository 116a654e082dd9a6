import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { FormatError } from '../../shared/errors.ts';
import type { ContentItem } from '../source/content-item.ts';
import { EXCERPT_MARKS, matchExpression, SearchIndex } from './search-index.ts';

const ITEMS: readonly ContentItem[] = [
  {
    kind: 'messages',
    key: 'm1',
    at: new Date('2026-05-03'),
    title: 'Anna',
    text: 'Wir treffen uns am Bahnhof in Zürich',
  },
  { kind: 'messages', key: 'm2', at: new Date('2026-05-09'), title: 'Ben', text: 'der Bahnhof ist gesperrt 😀' },
  { kind: 'notes', key: 'n1', at: undefined, title: 'Einkauf', text: 'Milch, Brot' },
];

const filled = (): Promise<SearchIndex> =>
  SearchIndex.build([
    { kind: 'messages', items: ITEMS.filter(({ kind }) => kind === 'messages') },
    { kind: 'notes', items: ITEMS.filter(({ kind }) => kind === 'notes') },
    { kind: 'calls', items: undefined },
  ]);

describe('made step by step', () => {
  it('is the same', async () => {
    const kinds = [{ kind: 'messages', items: ITEMS.filter(({ kind }) => kind === 'messages') }] as const;
    using atOnce = await SearchIndex.build(kinds);
    using inSlices = await SearchIndex.build(kinds, { inSlices: true });
    assert.deepEqual([...inSlices.items()], [...atOnce.items()]);
    for (const words of ['bahnhof', 'zur', '"am Bahnhof"', 'bahnhof -gesperrt', 'nothing']) {
      assert.deepEqual(inSlices.search(words), atOnce.search(words));
    }
  });
});

const keys = (index: SearchIndex, words: string): string[] => index.search(words).map(({ key }) => key);

describe('searching', () => {
  it('finds words without regard to case and accents, newest first', async () => {
    using index = await filled();
    assert.deepEqual(keys(index, 'bahnhof'), ['m2', 'm1']);
    assert.deepEqual(keys(index, 'ZURICH'), ['m1']);
    assert.deepEqual(keys(index, 'zu\u0308rich'), ['m1']);
  });

  it('finds beginnings of words, in titles too', async () => {
    using index = await filled();
    assert.deepEqual(keys(index, 'bahn'), ['m2', 'm1']);
    assert.deepEqual(keys(index, 'eink'), ['n1']);
  });

  it('wants all words, in order where they are quoted, and none that has a minus', async () => {
    using index = await filled();
    assert.deepEqual(keys(index, 'bahnhof treffen'), ['m1']);
    assert.deepEqual(keys(index, '"am Bahnhof"'), ['m1']);
    assert.deepEqual(keys(index, '"Bahnhof am"'), []);
    assert.deepEqual(keys(index, 'bahnhof -gesperrt'), ['m1']);
  });

  it('looks at one kind and one time where asked to', async () => {
    using index = await filled();
    assert.deepEqual(index.search('bahnhof', { kinds: ['notes'] }), []);
    assert.deepEqual(
      index.search('bahnhof', { from: new Date('2026-05-04'), until: new Date('2026-05-10') }).map(({ key }) => key),
      ['m2'],
    );
  });

  it('marks what it found in an excerpt', async () => {
    using index = await filled();
    const [hit] = index.search('milch');
    assert.equal(hit?.excerpt, `${EXCERPT_MARKS.start}Milch${EXCERPT_MARKS.end}, Brot`);
  });

  it('can be put away and opened again', async () => {
    using index = await filled();
    using again = SearchIndex.open(index.serialize());
    assert.deepEqual(keys(again, 'milch'), ['n1']);
    assert.equal(again.count(), 3);
    assert.throws(() => SearchIndex.open(Buffer.from('nothing')), FormatError);
  });

  it('knows what it could not read, and keeps what came before', async () => {
    using index = await SearchIndex.build([
      { kind: 'messages', items: broken() },
      { kind: 'calls', items: undefined },
    ]);
    assert.deepEqual(index.kinds().get('messages'), { state: 'unreadable', problem: 'the table is damaged' });
    assert.equal(index.kinds().get('calls')?.state, 'absent');
    assert.equal(index.count(), 3);
  });

  it('takes whatever is typed', async () => {
    using index = await filled();
    check(
      property(string({ unit: 'binary' }), (typed) => {
        index.search(typed);
      }),
      { numRuns: 300 },
    );
    for (const typed of ['', '"', '""', '-', 'AND', 'a OR', 'text:x', 'NEAR(a b)', '*', '^a', 'a*b"c', '-only']) {
      index.search(typed);
    }
    assert.equal(matchExpression('  "" - '), undefined);
  });
});

function* broken(): Generator<ContentItem> {
  yield* ITEMS;
  throw new FormatError('the table is damaged');
}
