import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { filesIn } from '../objects/store.test-helper.ts';
import { contentOf, damageObject, packable, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

const DATABASE = packable('a database');
const FILES = { 'Manifest.plist': 'one', 'ab/db': DATABASE, 'ab/large': Buffer.alloc(1_060_000, 'large ') };

describe('a large database of a snapshot', () => {
  test('is the same in an export, in a staged folder and when it is read, and takes what its file takes', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    assert.deepEqual(packedIn(place).length, 1);
    const out = join(place.root, 'out');
    for await (const event of vault.export(record, out)) if (event.kind === 'done') assert.equal(event.files, 3);
    assert.deepEqual(readFileSync(join(out, UDID, 'ab/db')), DATABASE);
    using staging = vault.openStaging('a test');
    const { dir, folder } = await staging.stage(record);
    assert.deepEqual(readFileSync(join(dir, folder, 'ab/db')), DATABASE);
    assert.equal((await contentOf(vault, record)).get('ab/db'), DATABASE.toString());
    using view = vault.openSnapshot(record);
    assert.equal(view.localPath(`${UDID}/ab/db`), undefined);
    assert.equal(view.locate(`${UDID}/ab/db`), undefined);
    assert.ok(statSync(view.localPath(`${UDID}/ab/large`) ?? '').size === 1_060_000);
    const { snapshots, distinctBytes } = await vault.space();
    assert.ok(distinctBytes < 1_070_000 && snapshots[0]?.aloneBytes === distinctBytes);
    assert.equal(await vault.bytesHeldBy([record]), distinctBytes);
  });

  test('stops an export that finds it damaged, names the file, and comes back from a copy', async () => {
    using place = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await place.open();
    await using copy = await away.open();
    const record = await takeSnapshot(vault, FILES);
    await Array.fromAsync(vault.replicateTo(copy));
    assert.deepEqual(packedIn(away), packedIn(place));
    damageObject(place.dir, DATABASE);
    const damaged = { code: 'SNAPSHOT_CORRUPT', message: /ab\/db/ };
    await assert.rejects(Array.fromAsync(vault.export(record, join(place.root, 'out'))), damaged);
    using staging = vault.openStaging('a test');
    await assert.rejects(staging.stage(record), { code: 'SNAPSHOT_CORRUPT' });
    using third = new TemporaryVault();
    {
      await using other = await third.open();
      const events = await Array.fromAsync(vault.replicateTo(other));
      assert.deepEqual(
        events.map(({ kind }) => kind).filter((kind) => kind !== 'progress'),
        ['damaged', 'done'],
      );
    }
    const repaired = await Array.fromAsync(vault.repair({ donors: [copy.asDonor('the copy')] }));
    assert.deepEqual(repaired.filter(({ kind }) => kind === 'repaired' || kind === 'unrepaired').length, 1);
    await assertWhole(vault);
    assert.deepEqual(await contentOf(vault, record), await contentOf(copy, record));
  });

  test('lies as it is in a vault of an older format until it is upgraded, and in such a copy', async () => {
    using place = new TemporaryVault();
    using away = new TemporaryVault();
    for (const each of [place, away]) await (await each.open({}, { version: 2 })).close();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, FILES);
      assert.deepEqual(packedIn(place), []);
      assert.equal((await vault.upgrade()).mark.version, 3);
    }
    await using vault = await place.open();
    await takeSnapshot(vault, { 'ab/other': packable('another database') });
    assert.deepEqual([packedIn(place).length, filesIn(join(place.dir, 'objects')).length], [1, 3]);
    await using copy = await away.open();
    await Array.fromAsync(vault.replicateTo(copy));
    assert.deepEqual([packedIn(away).length, filesIn(join(away.dir, 'objects')).length], [0, 3]);
    await assertWhole(copy);
    await assertWhole(vault);
  });

  test('is not opened by a program that knows the second format only, which the mark says', async () => {
    using place = new TemporaryVault();
    await using _ = await place.open();
    const path = join(place.dir, 'holdfast.json');
    const mark = JSON.parse(readFileSync(path, 'utf8')) as object;
    assert.deepEqual({ ...mark, version: 3 }, mark);
    writeFileSync(path, JSON.stringify({ ...mark, version: 4 }));
    await assert.rejects(place.open(), { code: 'VAULT_UNREADABLE' });
  });
});

function packedIn({ dir }: TemporaryVault): string[] {
  return filesIn(join(dir, 'objects')).filter((name) => name.endsWith('.zst'));
}

async function assertWhole(vault: Vault): Promise<void> {
  for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem');
}
