import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentItem } from '../source/content-item.ts';
import { goneOverTime, searchOverTime, type IndexedVersion } from './over-time.ts';
import { SearchIndex, type IndexedKind } from './search-index.ts';

const message = (key: string, text: string): ContentItem => ({
  kind: 'messages',
  key,
  at: new Date(`2026-05-0${key.at(-1)}`),
  title: 'Anna',
  text,
});

function version(day: number, messages: readonly ContentItem[] | undefined): IndexedVersion {
  const kinds: IndexedKind[] = [
    { kind: 'messages', items: messages },
    { kind: 'notes', items: [] },
  ];
  return { id: `v${day}`, takenAt: new Date(Date.UTC(2026, 4, day)), open: () => SearchIndex.build(kinds) };
}

const VERSIONS = [
  version(1, [message('m1', 'the old address')]),
  version(3, [message('m1', 'the old address'), message('m2', 'another address')]),
  // Taken without its password's help: nothing of the kind could be in it.
  version(5, undefined),
  version(9, [message('m1', 'the new address')]),
];

describe('searching over time', () => {
  it('tells when a thing was last there and since when it is gone', async () => {
    const [second, first] = (await searchOverTime(VERSIONS, 'address')).toSorted((a, b) => (a.key < b.key ? 1 : -1));
    assert.equal(second?.lastSeen.id, 'v3');
    assert.equal(second?.goneSince?.id, 'v9');
    assert.equal(first?.firstSeen.id, 'v1');
    assert.equal(first?.lastSeen.id, 'v9');
    assert.equal(first?.goneSince, undefined);
  });

  it('finds what a changed thing said before', async () => {
    const [hit] = await searchOverTime(VERSIONS, 'old');
    assert.equal(hit?.text, 'the old address');
    assert.equal(hit?.lastSeen.id, 'v9');
  });

  it('names everything that is gone, once, from the last version that has it', async () => {
    const gone = await Array.fromAsync(goneOverTime(VERSIONS, ['messages']));
    assert.deepEqual(
      gone.map(({ key, lastSeen, goneSince }) => [key, lastSeen.id, goneSince?.id]),
      [['m2', 'v3', 'v9']],
    );
  });

  it('does not take for gone what came back', async () => {
    const back = [...VERSIONS, version(12, [message('m1', 'x'), message('m2', 'another address')])];
    assert.deepEqual(await Array.fromAsync(goneOverTime(back, ['messages'])), []);
  });

  it('takes a version that could not have held it for no witness', async () => {
    const gone = await Array.fromAsync(goneOverTime(VERSIONS.slice(0, 3), ['messages']));
    assert.deepEqual(gone, []);
  });
});
