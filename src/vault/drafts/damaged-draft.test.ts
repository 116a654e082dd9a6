import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openDatabase } from '../../database/index.ts';
import { openFilesIn } from '../../shared/files/open-files.test-helper.ts';
import { openKnownVault } from '../known-vaults.ts';
import { moveKnownVault } from '../move/move-known-vault.ts';
import { contentOf, FACTS, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';

const OTHER = '00008120-00FF00FF00FF00FF';

/** What can be wrong with an unfinished backup, by how it is made so. */
const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  'is no database': (path) => writeFileSync(path, Buffer.alloc(8192, 7)),
  'is cut short': (path) => truncateSync(path, 5000),
  'does not say what it is': (path) => change(path, 'UPDATE meta SET value = \'{"id":\''),
  'says something else': (path) => change(path, "UPDATE meta SET value = '{}'"),
  'has lost what says what it is': (path) => change(path, 'DELETE FROM meta'),
  'has operations there are none of': (path) => change(path, "UPDATE journal SET operations = x'63'"),
  'has operations that end in the middle': (path) => change(path, "UPDATE journal SET operations = x'0100'"),
  'has a changed byte in its pages': (path) => {
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, 4200);
    writeFileSync(path, bytes);
  },
};

describe('an unfinished backup', () => {
  for (const [what, damage] of Object.entries(DAMAGES)) {
    test(`that ${what} gives way to a new one, and to nothing else`, async () => {
      using place = await interrupted();
      damage(draftPath(place));
      {
        await using vault = await place.open();
        assert.equal(vault.openDraft(OTHER).resumed, true);
        await using draft = vault.openDraft(UDID);
        assert.deepEqual([draft.resumed, draft.replacesDamaged], [false, true]);
        await putFiles(draft, { 'ab/y': 'sent again' });
        const record = await draft.commit(FACTS);
        const wanted = new Map([
          ['ab/x', 'finished'],
          ['ab/y', 'sent again'],
        ]);
        assert.deepEqual(await contentOf(vault, record), wanted);
      }
      assert.deepEqual(openFilesIn(place.dir), []);
    });

    test(`that ${what} does not keep others from looking, verifying and giving back`, async () => {
      using place = await interrupted();
      damage(draftPath(place));
      {
        await using vault = await place.open({}, { lock: 'none' });
        await Array.fromAsync(vault.verify(), (event) => assert.notEqual(event.kind, 'problem'));
        await vault.findGarbage();
      }
      await using vault = await place.open();
      await vault.prune();
      assert.equal(existsSync(draftPath(place)), false);
      const other = vault.openDraft(OTHER);
      assert.equal(other.resumed, true);
      for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem');
    });

    test(`that ${what} is left behind by a move`, async () => {
      using place = await interrupted();
      const [to, stateDir] = [join(place.root, 'moved'), join(place.root, 'state')];
      damage(draftPath(place));
      await Array.fromAsync(moveKnownVault({ from: place.dir, to, stateDir }));
      await using vault = await openKnownVault({ dir: to, stateDir, purpose: 'a test', create: false, lock: 'write' });
      assert.deepEqual(vault.draftedUdids(), [OTHER]);
      assert.equal(vault.snapshots().length, 1);
    });
  }

  for (const [what, lose] of Object.entries({
    'the list of its base': (dir: string, list: string) => rmSync(join(dir, 'lists', list)),
    'the record of its base': (dir: string) => {
      for (const name of readdirSync(join(dir, 'snapshots', UDID))) rmSync(join(dir, 'snapshots', UDID, name));
    },
  })) {
    test(`whose device has lost ${what} begins anew`, async () => {
      using place = await interrupted();
      const list = await newestList(place);
      lose(place.dir, list);
      await using vault = await place.open();
      await using draft = vault.openDraft(UDID);
      assert.deepEqual([draft.resumed, draft.replacesDamaged, draft.base], [false, true, undefined]);
    });
  }
});

/** A vault with a version of one device, on which an unfinished backup is built, and an unfinished first one of another. */
async function interrupted(): Promise<TemporaryVault> {
  const place = new TemporaryVault();
  await using vault = await place.open();
  await takeSnapshot(vault, { 'ab/x': 'finished' });
  await using draft = vault.openDraft(UDID);
  // Enough for a second page.
  const files = Array.from({ length: 200 }, (_, n): [string, string] => [`cd/file number ${n}`, `received ${n}`]);
  await putFiles(draft, Object.fromEntries(files));
  await using other = vault.openDraft(OTHER);
  await putFiles(other, { 'ab/z': 'received' }, OTHER);
  return place;
}

async function newestList(place: TemporaryVault): Promise<string> {
  await using vault = await place.open({}, { lock: 'none' });
  return vault.findSnapshot('latest').list.sha256;
}

const draftPath = (place: TemporaryVault): string => join(place.dir, 'drafts', UDID, 'draft.db');

function change(path: string, sql: string): void {
  using database = openDatabase(path, {});
  database.exec(sql);
}
