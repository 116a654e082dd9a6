import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openVaultWith } from '../open-vault.ts';
import { RecordedDisk } from '../power-cut.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { FACTS, putFiles, TemporaryVault, UDID, UNSYNCED_DISK, type Files } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

const DAY_MS = 86_400_000;
/** Enough that a list packed against another one is small beside it. */
const FILES = 300;

test('the power may go at any moment of packing lists, also anew: every snapshot that was there stays whole', async (t) => {
  using place = new TemporaryVault();
  const recorder = new RecordedDisk(place.dir);
  const records: SnapshotRecord[] = [];
  {
    await using vault = await place.open();
    for (let day = 0; day < 4; day++) records.push(await backUp(vault, day));
  }
  const [first, ...others] = records;
  assert.ok(first);
  {
    await using vault = await openVaultWith(place.dir, { purpose: 'a test' }, { disk: recorder.disk });
    recorder.start();
    await backUp(vault, 4);
    // The list of the first one is the base of the others.
    await vault.forget([first]);
    await vault.prune();
    recorder.stop();
  }
  const renames = recorder.operations.filter((each) => each.kind === 'rename' && each.to.startsWith('lists/'));
  assert.ok(renames.length >= 5, `${renames.length} lists were written`);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (let count = 0; count <= recorder.operations.length; count++) {
    for (const isLucky of [false, true]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      recorder.replay(count, folder, () => isLucky, true);
      await assertWhole(
        folder,
        others,
        `after ${count} operations, ${isLucky ? 'everything' : 'nothing'} unsynced came through`,
      );
    }
  }
});

async function assertWhole(folder: string, wanted: readonly SnapshotRecord[], where: string): Promise<void> {
  await using vault = await openVaultWith(folder, { purpose: 'a test' }, { disk: UNSYNCED_DISK });
  const there = new Set(vault.snapshots().map(({ id }) => id));
  for (const { id } of wanted) assert.ok(there.has(id), `${id} is lost ${where}`);
  for (const record of vault.snapshots()) {
    using view = vault.openSnapshot(record);
    assert.equal([...view.entries()].length, FILES, where);
  }
  for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem', where);
}

/** A backup in which one file is another one than the day before. */
async function backUp(vault: Vault, day: number): Promise<SnapshotRecord> {
  const all: Files = Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`0${n % 4}/${n}`, `content ${n}`]));
  await using draft = vault.openDraft(UDID);
  await putFiles(draft, { ...(day === 0 && all), '00/0': `day ${day}` });
  return await draft.commit({ ...FACTS, takenAt: new Date(Date.UTC(2026, 0, 1) + day * DAY_MS) });
}
