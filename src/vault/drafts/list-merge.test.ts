import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { ListFile } from '../lists/list-file.ts';
import { FACTS, putFiles, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import type { Draft } from './draft.ts';

/** More than fit in one frame of a list. */
const FILES = 6000;

const nameOf = (i: number): string => createHash('sha1').update(String(i)).digest('hex');

for (const [what, change] of [
  ['nothing', async () => {}],
  [
    'the first and the last name',
    async (draft: Draft) => {
      const names = Array.from({ length: FILES }, (_, i) => nameOf(i)).toSorted();
      draft.remove(`${UDID}/ab/${names.at(0)}`);
      draft.remove(`${UDID}/ab/${names.at(-1)}`);
      await putFiles(draft, { 'ab/0': 'first', 'ab/g': 'last', 'ab/\u{1f600}': 'very last' });
    },
  ],
  [
    'one name in a hundred',
    async (draft: Draft) => {
      for (let i = 0; i < FILES; i += 100) {
        draft.remove(`${UDID}/ab/${nameOf(i)}`);
        await putFiles(draft, { [`ab/${nameOf(i + 1)}`]: `changed ${i}`, [`ab/${nameOf(i + FILES)}`]: `new ${i}` });
      }
    },
  ],
  [
    'names with what has to be escaped beside them',
    async (draft: Draft) => {
      await putFiles(draft, { 'ab/ü': 'ü', 'cd/x': 'x' });
      draft.move(`${UDID}/ab/${nameOf(7)}`, `${UDID}/cd/${nameOf(7)}`);
    },
  ],
  [
    'a directory among the files',
    async (draft: Draft) => {
      draft.makeDirectory(`${UDID}/ab/8`);
      await putFiles(draft, { 'ab/9/x': 'x' });
    },
  ],
  [
    'most names',
    async (draft: Draft) => {
      for (let i = 0; i < FILES; i++) if (i % 10 !== 0) draft.remove(`${UDID}/ab/${nameOf(i)}`);
    },
  ],
] as const) {
  test(`the list of a draft that changed ${what} is the one that is written from nothing`, async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    await fill(vault);
    const merged = vault.openDraft(UDID);
    await change(merged);
    const record = await merged.commit(FACTS);
    using other = new TemporaryVault();
    await using fresh = await other.open();
    await using copy = fresh.openDraft(UDID);
    await copyInto(copy, vault, record.id);
    assert.deepEqual((await copy.commit(FACTS)).list, record.list);
  });
}

test('a directory that grows from backup to backup is cut into more frames', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  await fill(vault);
  for (let round = 1; round <= 12; round++) {
    await using draft = vault.openDraft(UDID);
    for (let i = 0; i < 600; i++) await putFiles(draft, { [`ab/${nameOf(FILES + round * 600 + i)}`]: 'more' });
    await draft.commit(FACTS);
  }
  const { list } = vault.findSnapshot('latest');
  using file = ListFile.open(join(place.dir, 'lists', list.sha256), list.sha256);
  file.verify();
  assert.equal(list.files, FILES + 12 * 600 + 2);
  for (const { textBytes } of file.frames) assert.ok(textBytes < 400_000);
});

/** A snapshot with many files in one directory and a few beside it. */
async function fill(vault: Vault): Promise<void> {
  await using draft = vault.openDraft(UDID);
  for (let i = 0; i < FILES; i++) await putFiles(draft, { [`ab/${nameOf(i)}`]: String(i % 10) });
  await putFiles(draft, { 'cd/y': 'y', 'Info.plist': 'info' });
  await draft.commit(FACTS);
}

/** Puts everything a snapshot has into an empty draft, by reading its list entry by entry. */
async function copyInto(draft: Draft, vault: Vault, id: string): Promise<void> {
  using view = vault.openSnapshot(vault.findSnapshot(id));
  for (const { directory, entry } of view.entries()) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.kind === 'directory') {
      draft.makeDirectory(`${UDID}/${path}`);
      continue;
    }
    const [chunk = Buffer.alloc(0)] = await Array.fromAsync(view.open(path)?.chunks() ?? []);
    await putFiles(draft, { [path]: Buffer.from(chunk) });
  }
}
