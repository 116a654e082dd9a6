import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openVaultWith } from '../open-vault.ts';
import { RecordedDisk, type Luck } from '../power-cut.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { contentOf, packable, takeSnapshot, TemporaryVault } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

/** Content by path, as `contentOf` tells it. */
type Content = ReadonlyMap<string, string | null>;

test('the power may go at any moment of forgetting and pruning: no snapshot is lost that was to stay', async (t) => {
  using place = new TemporaryVault();
  const recorder = new RecordedDisk(place.dir);
  const { contents, forgotten } = await forgetAndPrune(place, recorder);
  assert.ok(recorder.operations.length > 20);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (let count = 0; count <= recorder.operations.length; count++) {
    for (const [what, luck] of lucks(count)) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      recorder.replay(count, folder, luck, count % 2 === 0);
      const where = `after ${count} operations, ${what}`;
      await assertWhole(folder, contents, forgotten, where);
    }
  }
});

/** What reached the disk of what was not synced: nothing, everything, or this and that. */
function lucks(seed: number): [string, Luck][] {
  let state = seed + 1;
  const random = (): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state > 2 ** 31;
  };
  return [
    ['nothing unsynced', () => false],
    ['everything', () => true],
    ['some of it', random],
  ];
}

/** Makes snapshots, then records how two of them are forgotten, their objects pruned, and another is made. */
async function forgetAndPrune(
  place: TemporaryVault,
  recorder: RecordedDisk,
): Promise<{ contents: Map<string, Content>; forgotten: Set<string> }> {
  const contents = new Map<string, Content>();
  const records: SnapshotRecord[] = [];
  {
    await using vault = await place.open();
    for (let n = 0; n < 4; n++) {
      const own = Object.fromEntries(
        Array.from({ length: 4 }, (_, i) => [`small ${n} ${i}`, `${n} ${i} `.repeat(500)]),
      );
      const changing = {
        changing: `version ${n} `.repeat(900),
        large: n % 2 === 0 ? packable(`large ${n}`) : Buffer.alloc(1_060_000, `large ${n} `),
      };
      const record = await takeSnapshot(vault, { ...own, ...changing });
      await vault.labels.set(record, { name: `number ${n}` });
      records.push(record);
      contents.set(record.id, await contentOf(vault, record));
    }
  }
  const forgotten = records.slice(0, 2);
  {
    await using vault = await openVaultWith(place.dir, { purpose: 'a test' }, { disk: recorder.disk });
    recorder.start();
    await vault.forget(forgotten);
    const { rewrittenSegments, removedFiles } = await vault.prune();
    assert.ok(rewrittenSegments > 0 && removedFiles === 2);
  }
  recorder.stop();
  return { contents, forgotten: new Set(forgotten.map(({ id }) => id)) };
}

async function assertWhole(
  folder: string,
  contents: ReadonlyMap<string, Content>,
  forgotten: ReadonlySet<string>,
  where: string,
): Promise<void> {
  {
    await using reader = await openVaultWith(folder, { purpose: 'a look', lock: 'none' }, {});
    await assertContents(reader, contents, forgotten, `read ${where}`);
  }
  await using vault = await openVaultWith(folder, { purpose: 'a test' }, {});
  await assertContents(vault, contents, forgotten, where);
  for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem', where);
  await vault.forget(vault.snapshots().filter(({ id }) => forgotten.has(id)));
  await vault.prune();
  await assertContents(vault, contents, forgotten, `pruned again ${where}`);
  const { freeableBytes, storedBytes } = await vault.findGarbage();
  assert.deepEqual([freeableBytes, storedBytes < 2.3e6], [0, true], where);
}

async function assertContents(
  vault: Vault,
  contents: ReadonlyMap<string, Content>,
  forgotten: ReadonlySet<string>,
  where: string,
): Promise<void> {
  const there = new Map(vault.snapshots().map((record) => [record.id, record]));
  for (const [id, content] of contents) {
    const record = there.get(id);
    if (record === undefined) assert.ok(forgotten.has(id), `${id} is lost ${where}`);
    else {
      assert.deepEqual(await contentOf(vault, record), content, where);
      if (!forgotten.has(id)) assert.ok(vault.labels.get(record).name?.startsWith('number'), where);
    }
  }
}
