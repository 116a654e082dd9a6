import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { contentOf, damageObject, FACTS, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { Vault } from '../vault.ts';

const LARGE = randomBytes(1_500_000);

describe('a staged snapshot', () => {
  test('is the plain folder it was, with its record beside it', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE, 'cd/empty': '' });
    using staging = vault.openStaging('a test');
    const staged = await staging.stage(record);
    assert.deepEqual(foldedContent(staging.dir), await wanted(vault, record));
    assert.equal(staged.files, 4);
    assert.deepEqual(vault.findSnapshot(record.id), record);
    assert.match(readFileSync(join(staged.dir, staged.record), 'utf8'), new RegExp(record.id));
  });

  test('lies beside nothing that a killed process was fetching', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    let left = '';
    {
      using staging = vault.openStaging('a repair that is killed');
      await staging.stage(record);
      left = staging.makeTemporary();
      writeFileSync(join(left, 'half'), 'half of it');
    }
    using staging = vault.openStaging('a test');
    assert.equal(existsSync(left), false);
    assert.ok(existsSync(join(staging.dir, UDID)));
  });

  test('shares large files with the vault', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'ab/large': LARGE });
    using staging = vault.openStaging('a test');
    await staging.stage(record);
    assert.equal(statSync(join(staging.dir, UDID, 'ab/large')).nlink, 2);
  });

  test('touches only what differs from the one before, forward and back', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, {
      'ab/stays': 'same',
      'ab/changes': 'one',
      'cd/goes': 'x',
      'ab/large': LARGE,
    });
    await using draft = vault.openDraft(UDID);
    draft.remove(`${UDID}/cd/goes`);
    const sink = draft.create(`${UDID}/ab/changes`);
    await sink.write(Buffer.from('two'));
    await sink.finish();
    draft.makeDirectory(`${UDID}/ef`);
    const second = await draft.commit({ ...FACTS, kind: 'incremental' });
    using staging = vault.openStaging('a test');
    await staging.stage(first);
    const stays = statSync(join(staging.dir, UDID, 'ab/stays'));
    for (const [record, changedFiles] of [
      [second, 1],
      [first, 2],
      [first, 0],
    ] as const) {
      assert.equal((await staging.stage(record)).changedFiles, changedFiles);
      assert.deepEqual(foldedContent(staging.dir), await wanted(vault, record));
    }
    const after = statSync(join(staging.dir, UDID, 'ab/stays'));
    assert.deepEqual([after.ino, after.mtimeMs], [stays.ino, stays.mtimeMs]);
  });

  test('is made anew after a staging that was cut off', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'ab/x': 'one', 'cd/y': 'two' });
    using staging = vault.openStaging('a test');
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(staging.stage(record, { signal: stop.signal }));
    await staging.stage(record);
    assert.deepEqual(foldedContent(staging.dir), await wanted(vault, record));
  });

  for (const [what, bytes] of [
    ['large', LARGE],
    ['small', Buffer.from('a small file that rots')],
  ] as const) {
    test(`refuses to hand out a ${what} object that has changed`, async () => {
      using place = new TemporaryVault();
      await using vault = await place.open();
      const record = await takeSnapshot(vault, { 'ab/x': bytes });
      await vault.close();
      damageObject(place.dir, bytes);
      await using again = await place.open();
      using staging = again.openStaging('a test');
      await assert.rejects(staging.stage(record), { code: 'SNAPSHOT_CORRUPT' });
    });
  }

  test('does not hand out what has rotted since it was staged', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'ab/large': LARGE, 'ab/small': 'small' });
    using staging = vault.openStaging('a test');
    await staging.stage(record);
    for (const name of ['ab/large', 'ab/small']) {
      // As a repair leaves it: the vault has another file now.
      const path = join(staging.dir, UDID, name);
      unlinkSync(path);
      writeFileSync(path, 'rotten');
    }
    assert.equal((await staging.stage(record, { alreadyRead: record.list.sha256 })).changedFiles, 0);
    assert.equal((await staging.stage(record)).changedFiles, 2);
    assert.deepEqual(foldedContent(staging.dir), await wanted(vault, record));
  });

  test('leaves nothing when cleared, and the vault whole', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { 'ab/large': LARGE });
    using staging = vault.openStaging('a test');
    await staging.stage(record);
    staging.clear();
    assert.ok(!existsSync(join(staging.dir, UDID)));
    assert.deepEqual((await contentOf(vault, record)).size, 1);
  });

  test('becomes the same snapshot again in another vault, or none', async () => {
    using place = new TemporaryVault();
    using other = new TemporaryVault();
    await using vault = await place.open();
    await using rebuilt = await other.open();
    const record = await takeSnapshot(vault, { 'ab/x': 'one', 'ab/large': LARGE });
    const second = await takeSnapshot(vault, { 'ab/x': 'two' });
    using staging = vault.openStaging('a test');
    const staged = await staging.stage(record);
    const bytes = readFileSync(join(staged.dir, staged.record));
    const folder = join(staged.dir, staged.folder);
    const taking = rebuilt.takeBack(folder, bytes);
    await assert.rejects(rebuilt.prune(), { code: 'VAULT_BUSY', message: /taken into the vault/ });
    assert.deepEqual(await taking, record);
    assert.deepEqual(await contentOf(rebuilt, record), await contentOf(vault, record));
    await staging.stage(second);
    assert.equal(await rebuilt.takeBack(folder, bytes), undefined);
    assert.deepEqual(rebuilt.snapshots(), [record]);
  });
});

async function wanted(vault: Vault, record: SnapshotRecord): Promise<Map<string, string | null>> {
  return new Map([...(await contentOf(vault, record))].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** As `contentOf` tells of a snapshot. */
function foldedContent(dir: string): Map<string, string | null> {
  const root = join(dir, UDID);
  const content = new Map<string, string | null>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const path = join(root, name);
    if (statSync(path).isFile()) content.set(name, readFileSync(path).toString());
    else if (readdirSync(path).length === 0) content.set(`${name}/`, null);
  }
  return content;
}
