import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openVaultWith } from '../open-vault.ts';
import { RecordedDisk, type Luck } from '../power-cut.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { contentOf, damageObject, packable, takeSnapshot, TemporaryVault } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

const LARGE = Buffer.alloc(1_060_000, 'large ');
const PACKED = packable('database');
const SMALL = Buffer.from('a small file '.repeat(40));

test('the power may go at any moment of a copy: what was there stays, what was said to be there is', async (t) => {
  using home = new TemporaryVault();
  using away = new TemporaryVault();
  await using vault = await home.open();
  const first = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/x': SMALL });
  {
    await using copy = await away.open();
    await Array.fromAsync(vault.replicateTo(copy));
  }
  const second = await takeSnapshot(vault, {
    'Manifest.plist': 'two',
    'ab/large': LARGE,
    'ab/db': PACKED,
    'ab/y': 'another',
  });
  const third = await takeSnapshot(vault, { 'Manifest.plist': 'three' });
  const recorder = new RecordedDisk(away.dir);
  const promised = new Map<string, number>([[first.id, 0]]);
  await using copy = await openVaultWith(away.dir, { purpose: 'a test' }, { disk: recorder.disk });
  recorder.start();
  for await (const event of vault.replicateTo(copy)) {
    if (event.kind === 'copied') promised.set(event.snapshot.id, recorder.operations.length);
  }
  recorder.stop();
  assert.equal(promised.size, 3);
  for (const { folder, count, where } of moments(t, recorder)) {
    await using found = await openVaultWith(folder, { purpose: 'a test' }, {});
    await assertHolds(found, vault, promised, count, where);
    await Array.fromAsync(vault.replicateTo(found));
    for (const record of [first, second, third]) {
      assert.deepEqual(await contentOf(found, record), await contentOf(vault, record), `finished ${where}`);
    }
  }
});

test('the power may go at any moment of a repair: what was said to be whole is, and it can be gone on with', async (t) => {
  using home = new TemporaryVault();
  using away = new TemporaryVault();
  const records: SnapshotRecord[] = [];
  {
    await using vault = await home.open();
    await using copy = await away.open();
    records.push(
      await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE, 'ab/db': PACKED, 'ab/x': SMALL }),
    );
    await Array.fromAsync(vault.replicateTo(copy));
  }
  damageObject(home.dir, LARGE);
  damageObject(home.dir, PACKED);
  damageObject(home.dir, SMALL);
  await using copy = await away.open({}, { lock: 'none' });
  const donors = [copy.asDonor('the copy')];
  const recorder = new RecordedDisk(home.dir);
  const repaired = new Map<string, number>();
  {
    await using vault = await openVaultWith(home.dir, { purpose: 'a test' }, { disk: recorder.disk });
    recorder.start();
    for await (const event of vault.repair({ donors })) {
      if (event.kind !== 'repaired' || event.problem.kind !== 'object') continue;
      repaired.set(event.problem.sha256, recorder.operations.length);
    }
    recorder.stop();
  }
  assert.equal(repaired.size, 3);
  for (const { folder, count, where } of moments(t, recorder)) {
    await using vault = await openVaultWith(folder, { purpose: 'a test' }, {});
    for await (const event of vault.verify()) {
      if (event.kind !== 'problem') continue;
      assert.ok(event.problem.kind === 'object', `${JSON.stringify(event.problem)} ${where}`);
      assert.ok(
        (repaired.get(event.problem.sha256) ?? 0) > count,
        `${event.problem.sha256} was said to be whole ${where}`,
      );
    }
    await Array.fromAsync(vault.repair({ donors }));
    for (const record of records)
      assert.deepEqual(await contentOf(vault, record), await contentOf(copy, record), where);
  }
});

/** What may be found after a power cut, after each operation and with what luck. */
function* moments(t: TestContext, recorder: RecordedDisk): Generator<{ folder: string; count: number; where: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (let count = 0; count <= recorder.operations.length; count++) {
    for (const [what, luck] of lucks(count)) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      recorder.replay(count, folder, luck, count % 2 === 0);
      yield { folder, count, where: `after ${count} operations, ${what}` };
    }
  }
}

function lucks(seed: number): [string, Luck][] {
  let state = seed + 1;
  const random = (): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state > 2 ** 31;
  };
  return [
    ['nothing unsynced', () => false],
    ['some of it', random],
  ];
}

/** Every record there is whole, and those are there that were promised by then. */
async function assertHolds(
  found: Vault,
  vault: Vault,
  promised: ReadonlyMap<string, number>,
  count: number,
  where: string,
): Promise<void> {
  const there = found.snapshots();
  const ids = new Set(there.map(({ id }) => id));
  for (const [id, at] of promised) assert.ok(count < at || ids.has(id), `${id} is lost ${where}`);
  for (const record of there) assert.deepEqual(await contentOf(found, record), await contentOf(vault, record), where);
}
