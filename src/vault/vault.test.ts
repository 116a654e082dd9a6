import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openVault } from './index.ts';
import { contentOf, putFiles, takeSnapshot, TemporaryVault, UDID } from './vault.test-helper.ts';

test('a vault keeps its id', async () => {
  using place = new TemporaryVault();
  const first = await place.open();
  await first.close();
  await using second = await openVault(place.dir, { purpose: 'a test' });
  assert.equal(second.id, first.id);
});

test('no vault is made where none is to be made', async () => {
  using place = new TemporaryVault();
  await assert.rejects(openVault(place.dir, { purpose: 'a test' }), { code: 'VAULT_NOT_FOUND' });
  assert.equal(existsSync(place.dir), false);
  mkdirSync(place.dir);
  await assert.rejects(openVault(place.dir, { purpose: 'a test', lock: 'none' }), { code: 'VAULT_NOT_FOUND' });
  assert.deepEqual(readdirSync(place.dir), []);
});

test('a vault has one writer at a time, which is told to the other', async () => {
  using place = new TemporaryVault();
  await using _vault = await place.open({}, { purpose: "a backup of Ada's iPhone" });
  await assert.rejects(place.open(), { code: 'VAULT_BUSY', message: /a backup of Ada's iPhone/ });
});

test('a reader sees finished snapshots while a writer is at work, and cannot write', async () => {
  using place = new TemporaryVault();
  await using writer = await place.open();
  await takeSnapshot(writer, { 'ab/x': 'one', large: Buffer.alloc(1_300_000) });
  await using draft = writer.openDraft(UDID);
  await putFiles(draft, { 'ab/x': 'two' });
  await using reader = await place.open({}, { lock: 'none' });
  const [record, ...others] = reader.snapshots();
  assert.ok(record !== undefined && others.length === 0);
  assert.equal((await contentOf(reader, record)).get('ab/x'), 'one');
  assert.throws(() => reader.openDraft(UDID), /opened for reading/);
  await assert.rejects(reader.prune(), /opened for reading/);
  const next = await draft.commit({
    device: record.device,
    kind: 'incremental',
    encrypted: false,
  });
  assert.equal((await contentOf(reader, next)).get('ab/x'), 'two');
  assert.equal(reader.snapshots().length, 2);
});

test('what a crash left half done is cleared away by the next writer', async () => {
  using place = new TemporaryVault();
  await (await place.open()).close();
  mkdirSync(join(place.dir, 'lists'), { recursive: true });
  mkdirSync(join(place.dir, 'snapshots', UDID), { recursive: true });
  mkdirSync(join(place.dir, 'drafts', 'something.removed'), { recursive: true });
  for (const path of [
    'generation.tmp',
    'lists/x.tmp',
    `snapshots/${UDID}/x.json.tmp`,
    'drafts/something.removed/draft.db',
  ]) {
    writeFileSync(join(place.dir, path), 'x');
  }
  await (await place.open()).close();
  assert.equal(existsSync(join(place.dir, 'generation.tmp')), false);
  assert.deepEqual(readdirSync(join(place.dir, 'lists')), []);
  assert.deepEqual(readdirSync(join(place.dir, 'snapshots', UDID)), []);
  assert.deepEqual(readdirSync(join(place.dir, 'drafts')), []);
});

test('closing a vault closes its drafts, which stay', async () => {
  using place = new TemporaryVault();
  const vault = await place.open();
  await putFiles(vault.openDraft(UDID), { 'ab/x': 'kept' });
  await vault.close();
  await vault.close();
  await using again = await place.open();
  assert.equal(again.openDraft(UDID).resumed, true);
});

test('a vault leaves space on its disk', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const { statfsSync } = await import('node:fs');
  const { bavail, bsize } = statfsSync(place.dir);
  assert.ok(vault.freeBytes() < bavail * bsize);
});
