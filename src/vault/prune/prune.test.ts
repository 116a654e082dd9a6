import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { textOf } from '../../shared/target/backup-target-tree.test-helper.ts';
import { contentOf, FACTS, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';

const LARGE = Buffer.alloc(1_300_000, 'large ');

test('what only a removed snapshot had is gone, and the others are whole', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const first = await takeSnapshot(vault, { x: 'one', large: LARGE, shared: 'shared' });
  await using draft = vault.openDraft(UDID);
  draft.remove(`${UDID}/large`);
  await putFiles(draft, { x: 'two' });
  const second = await draft.commit(FACTS);
  await vault.removeSnapshot(first);
  const { removedFiles, removedLists, freedBytes } = await vault.prune();
  assert.deepEqual({ removedFiles, removedLists }, { removedFiles: 1, removedLists: 1 });
  assert.ok(freedBytes >= LARGE.length);
  assert.deepEqual(
    vault.snapshots().map(({ id }) => id),
    [second.id],
  );
  assert.deepEqual(
    await contentOf(vault, second),
    new Map([
      ['shared', 'shared'],
      ['x', 'two'],
    ]),
  );
});

test('what an unfinished backup has received or builds on stays', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const base = await takeSnapshot(vault, { old: LARGE });
  {
    await using draft = vault.openDraft(UDID);
    await putFiles(draft, { received: Buffer.alloc(1_200_000, 'received ') });
  }
  await assert.rejects(vault.removeSnapshot(base), { code: 'DEVICE_BUSY', message: /unfinished backup/ });
  assert.equal((await vault.prune()).removedFiles, 0);
  const draft = vault.openDraft(UDID);
  assert.equal((await textOf(draft, `${UDID}/received`)).length, 1_200_000);
  assert.equal((await textOf(draft, `${UDID}/old`)).length, LARGE.length);
});

test('nothing is removed while a backup is running', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  vault.openDraft(UDID);
  await assert.rejects(vault.prune(), { code: 'DEVICE_BUSY' });
});

test('nothing is removed when a record or a list cannot be read', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const record = await takeSnapshot(vault, { large: LARGE });
  const folder = join(place.dir, 'snapshots', UDID);
  writeFileSync(join(folder, '20260101T000000Z-00000000.json'), '{}');
  await assert.rejects(vault.prune(), { code: 'SNAPSHOT_CORRUPT', message: /record/ });
  rmSync(join(folder, '20260101T000000Z-00000000.json'));
  rmSync(join(place.dir, 'lists', record.list.sha256));
  await assert.rejects(vault.prune(), { code: 'SNAPSHOT_CORRUPT', message: /list/ });
  assert.equal(readdirSync(join(place.dir, 'objects')).length, 1);
});
