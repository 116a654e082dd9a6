import assert from 'node:assert/strict';
import fs, { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeBackupTarget } from '../../shared/target/backup-target.test-helper.ts';
import { namesIn, textOf, treeOf } from '../../shared/target/backup-target-tree.test-helper.ts';
import type { FileOperations } from '../durability.ts';
import { diskWith, systemError } from '../objects/store.test-helper.ts';
import { contentOf, FACTS, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';

describeBackupTarget('a draft', async () => {
  const place = new TemporaryVault();
  const vault = await place.open({ groupLimits: { operations: 4 } });
  return {
    target: vault.openDraft(UDID),
    udid: UDID,
    close: async () => {
      await vault.close();
      place[Symbol.dispose]();
    },
  };
});

describeBackupTarget('a draft over a snapshot that had everything removed', async () => {
  const place = new TemporaryVault();
  const vault = await place.open();
  await takeSnapshot(vault, { 'a/a/a': 'old', 'a/b': 'old', ab: 'old', 'b/ab/x': 'old', 'Snapshot/ab/x': 'old' });
  const target = vault.openDraft(UDID);
  target.remove(UDID);
  return {
    target,
    udid: UDID,
    close: async () => {
      await vault.close();
      place[Symbol.dispose]();
    },
  };
});

describe('a draft over a snapshot', () => {
  test('begins with what the snapshot has', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const base = await takeSnapshot(vault, { 'ab/x': 'one', 'Info.plist': 'info' });
    const draft = vault.openDraft(UDID);
    assert.equal(draft.base?.id, base.id);
    assert.equal(draft.resumed, false);
    assert.deepEqual(await namesIn(draft, UDID), ['Info.plist', 'ab']);
    assert.equal(await textOf(draft, `${UDID}/ab/x`), 'one');
    assert.deepEqual(draft.list(`${UDID}/ab`)[0]?.modifiedAt, base.takenAt);
  });

  test('becomes a snapshot of its own and leaves the older one as it was', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, { 'ab/x': 'one', 'ab/y': 'two', 'cd/z': 'three', 'Info.plist': 'info' });
    await using draft = vault.openDraft(UDID);
    await putFiles(draft, { 'ab/x': 'changed', 'Snapshot/ef/new': 'new' });
    draft.move(`${UDID}/Snapshot/ef/new`, `${UDID}/ef/new`);
    draft.remove(`${UDID}/Snapshot`);
    draft.remove(`${UDID}/cd/z`);
    const second = await draft.commit({ ...FACTS, kind: 'incremental' });
    assert.equal(second.parent, first.id);
    assert.equal(second.newBytes, 'changed'.length + 'new'.length);
    assert.deepEqual(second.list, { sha256: second.list.sha256, files: 4, bytes: 17 });
    assert.deepEqual(
      await contentOf(vault, second),
      new Map([
        ['Info.plist', 'info'],
        ['ab/x', 'changed'],
        ['ab/y', 'two'],
        ['cd/', null],
        ['ef/new', 'new'],
      ]),
    );
    assert.equal((await contentOf(vault, first)).get('ab/x'), 'one');
    assert.deepEqual(
      vault.snapshots().map(({ id }) => id),
      [second.id, first.id],
    );
  });

  test('that changes nothing costs no new list', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, { 'ab/x': 'one' });
    const second = await takeSnapshot(vault, { 'ab/x': 'one' });
    assert.equal(second.list.sha256, first.list.sha256);
    assert.equal(second.newBytes, 0);
    assert.equal(readdirSync(join(place.dir, 'lists')).length, 1);
  });

  test('whose list is damaged begins over the newest readable one', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, { x: 'one' });
    const second = await takeSnapshot(vault, { x: 'two' });
    rmSync(join(place.dir, 'lists', second.list.sha256));
    assert.equal(vault.openDraft(UDID).base?.id, first.id);
  });
});

describe('an unfinished draft', () => {
  test('goes on from its last group commit after a crash', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      const draft = vault.openDraft(UDID);
      await putFiles(draft, { 'Snapshot/ab/x': 'durable' });
      await draft.flush();
      await putFiles(draft, { 'Snapshot/ab/y': 'lost' });
      await draft.abandon();
    }
    await using vault = await place.open();
    assert.deepEqual(vault.draftedUdids(), [UDID]);
    const draft = vault.openDraft(UDID);
    assert.equal(draft.resumed, true);
    assert.equal(draft.newBytes, 'durable'.length);
    assert.deepEqual(
      await treeOf(draft, UDID),
      new Map([
        [`${UDID}/Snapshot`, null],
        [`${UDID}/Snapshot/ab`, null],
        [`${UDID}/Snapshot/ab/x`, 'durable'],
      ]),
    );
  });

  test('keeps everything when it is closed', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await using draft = vault.openDraft(UDID);
      await putFiles(draft, { 'ab/x': 'kept' });
    }
    await using vault = await place.open();
    assert.equal(await textOf(vault.openDraft(UDID), `${UDID}/ab/x`), 'kept');
  });

  test('goes away where a share holds on to a folder with open files', async () => {
    using place = new TemporaryVault();
    let isOpen = true;
    const renameSync: FileOperations['renameSync'] = (from, to) => {
      if (String(from).endsWith(UDID) && isOpen) {
        isOpen = false;
        throw systemError('EACCES');
      }
      fs.renameSync(from, to);
    };
    await using vault = await place.open({ disk: diskWith({ renameSync }) });
    await takeSnapshot(vault, { x: 'one' });
    assert.ok(!isOpen);
    assert.deepEqual(readdirSync(join(place.dir, 'drafts')), []);
  });

  test('can be discarded, also when its database is beyond reading', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    {
      await using draft = vault.openDraft(UDID);
      await putFiles(draft, { 'ab/x': 'x' });
      await draft.discard();
    }
    assert.deepEqual(vault.draftedUdids(), []);
    await vault.openDraft(UDID).close();
    await vault.discardDraft(UDID);
    assert.deepEqual(readdirSync(join(place.dir, 'drafts')), []);
    assert.equal(vault.openDraft(UDID).resumed, false);
  });

  test('whose making was cut off is begun anew', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(join(place.dir, 'drafts', UDID), { recursive: true });
    writeFileSync(join(place.dir, 'drafts', UDID, 'draft.db'), '');
    assert.equal(vault.openDraft(UDID).resumed, false);
  });

  test('is open only once', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    vault.openDraft(UDID);
    assert.throws(() => vault.openDraft(UDID), { code: 'DEVICE_BUSY' });
  });
});

test('what a crash leaves of a commit is whole or nothing', async () => {
  for (const step of ['flushed', 'listed', 'recorded'] as const) {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { 'ab/x': 'one' });
    }
    {
      const stop = new Error('the power went out');
      await using vault = await place.open({
        afterCommitStep: (done) => {
          if (done === step) throw stop;
        },
      });
      const draft = vault.openDraft(UDID);
      await putFiles(draft, { 'ab/x': 'two' });
      await assert.rejects(draft.commit(FACTS), stop);
      await draft.abandon();
    }
    await using vault = await place.open();
    const isCommitted = step === 'recorded';
    const records = vault.snapshots();
    assert.equal(records.length, isCommitted ? 2 : 1);
    for (const record of records) assert.equal((await contentOf(vault, record)).size, 1);
    assert.equal(existsSync(join(place.dir, 'drafts', UDID)), !isCommitted);
    const draft = vault.openDraft(UDID);
    assert.equal(draft.resumed, !isCommitted);
    assert.equal(await textOf(draft, `${UDID}/ab/x`), 'two');
    assert.equal((await draft.commit(FACTS)).list.files, 1);
    const left = readdirSync(place.dir, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => name.endsWith('.tmp') || name.endsWith('.removed')),
      [],
    );
  }
});
