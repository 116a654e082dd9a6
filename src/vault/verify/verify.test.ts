import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { damageObject, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import type { VaultProblem } from './problem.ts';
import type { VerifyVaultOptions } from './verify-vault.ts';

const LARGE = Buffer.alloc(1_300_000, 'large ');

test('a whole vault verifies, and tells how much was looked at', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  await takeSnapshot(vault, { 'ab/x': 'one', 'ab/large': LARGE });
  await takeSnapshot(vault, { 'ab/x': 'two' });
  const { problems, done } = await verify(vault);
  assert.deepEqual(problems, []);
  const nothing = { objects: 0, bytes: 0 };
  const read = { objects: 3, bytes: LARGE.length + 6 };
  assert.deepEqual(done, { kind: 'done', snapshots: 2, ...read, earlier: nothing, unread: nothing, problems: 0 });
});

describe('damage', () => {
  for (const [what, content] of [
    ['a small object', Buffer.from('first content')],
    ['a large object', LARGE],
  ] as const) {
    test(`to ${what} is told by every snapshot, device and file it belongs to`, async () => {
      using place = new TemporaryVault();
      const ids: string[] = [];
      {
        await using vault = await place.open();
        ids.push((await takeSnapshot(vault, { 'ab/x': content, 'cd/same': content, other: 'other' })).id);
        ids.push((await takeSnapshot(vault, { other: 'changed' })).id);
      }
      damageObject(place.dir, content);
      await using vault = await place.open();
      const { problems } = await verify(vault);
      const [problem] = problems;
      assert.equal(problems.length, 1);
      assert.ok(problem?.kind === 'object' && problem.damage === 'changed');
      assert.equal(problem.fileCount, 4);
      assert.deepEqual(
        problem.files.map((each) => `${each.snapshot} ${each.udid} ${each.deviceName} ${each.path}`).toSorted(),
        ids.flatMap((id) => [`${id} ${UDID} Ada's iPhone ab/x`, `${id} ${UDID} Ada's iPhone cd/same`]).toSorted(),
      );
    });
  }

  test('by which objects disappeared is told as well', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { 'ab/x': 'one', 'ab/large': LARGE });
    }
    rmSync(join(place.dir, 'segments'), { recursive: true });
    rmSync(join(place.dir, 'objects'), { recursive: true });
    rmSync(join(place.dir, 'catalogue.db'));
    await using vault = await place.open();
    const { problems } = await verify(vault);
    assert.deepEqual(
      problems.map((each) => each.kind === 'object' && each.damage),
      ['missing', 'missing'],
    );
    assert.deepEqual(
      problems.flatMap((each) => (each.kind === 'object' ? each.files.map(({ path }) => path) : [])).toSorted(),
      ['ab/large', 'ab/x'],
    );
  });

  test('to a large object is found by a reader that has no catalogue', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { 'ab/x': 'one', 'ab/large': LARGE });
    }
    damageObject(place.dir, LARGE);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(place.dir, `catalogue.db${suffix}`), { force: true });
    await using vault = await place.open({}, { lock: 'none' });
    const { problems, done } = await verify(vault);
    assert.deepEqual(
      problems.map((each) => each.kind === 'object' && each.damage),
      ['changed'],
    );
    assert.equal(done?.objects, 2);
  });

  test('to a record or a list is told, and what can be read is verified', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, { x: 'one' });
    const second = await takeSnapshot(vault, { x: 'two' });
    await takeSnapshot(vault, { x: 'three' });
    spoil(join(place.dir, 'lists', first.list.sha256));
    const [record = ''] = readdirSync(join(place.dir, 'snapshots', UDID)).filter((name) => name.includes(second.id));
    spoil(join(place.dir, 'snapshots', UDID, record));
    await vault.close();
    await using again = await place.open({}, { lock: 'none' });
    const { problems, done } = await verify(again);
    assert.deepEqual(problems.map(({ kind }) => kind).toSorted(), ['list', 'record']);
    assert.ok(problems.some((each) => each.kind === 'list' && each.snapshots.includes(first.id)));
    assert.equal(done?.snapshots, 2);
    assert.equal(again.unreadableRecords().length, 1);
  });

  test('outside the chosen snapshots is not looked for', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { x: 'first content' });
      await takeSnapshot(vault, { x: 'other content' });
    }
    damageObject(place.dir, Buffer.from('first content'));
    await using vault = await place.open();
    const [newest, oldest] = vault.snapshots();
    assert.ok(newest && oldest);
    assert.equal((await verify(vault, { snapshots: [newest] })).problems.length, 0);
    assert.equal((await verify(vault, { snapshots: [oldest] })).problems.length, 1);
  });

  test('is healed by the next backup that brings the same bytes, once it is quarantined', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { x: 'first content', large: LARGE });
    }
    damageObject(place.dir, Buffer.from('first content'));
    damageObject(place.dir, LARGE);
    await using vault = await place.open();
    assert.equal((await verify(vault, { quarantine: true })).problems.length, 2);
    await takeSnapshot(vault, { x: 'first content', large: LARGE });
    assert.deepEqual((await verify(vault, { snapshots: vault.snapshots() })).problems, []);
  });
});

test('backups, forgetting and pruning beside a verification are no problem', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  await takeSnapshot(vault, { x: 'one' });
  const over = new AbortController();
  const work = async (): Promise<void> => {
    for (let day = 0; day < 12; day++) {
      const small = Array.from({ length: 30 }, (_, at) => [`ab/${(day * 7 + at) % 50}`, randomBytes(9000)] as const);
      await takeSnapshot(vault, { ...Object.fromEntries(small), large: randomBytes(1_200_000) });
      if (vault.snapshots().length <= 3) continue;
      await vault.forget(vault.snapshots().slice(2));
      await vault.prune();
    }
  };
  const working = work().finally(() => over.abort());
  const found: VaultProblem[] = [];
  while (!over.signal.aborted) {
    await using reader = await place.open({}, { lock: 'none' });
    found.push(...(await verify(reader)).problems);
  }
  await working;
  assert.deepEqual(found, []);
});

test('what a running backup has received is no problem', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  await takeSnapshot(vault, { x: 'one' });
  await using draft = vault.openDraft(UDID);
  await putFiles(draft, { y: 'two' });
  assert.deepEqual((await verify(vault)).problems, []);
});

async function verify(vault: Vault, options?: VerifyVaultOptions) {
  const events = await Array.fromAsync(vault.verify(options));
  const problems = events.flatMap((event): VaultProblem[] => (event.kind === 'problem' ? [event.problem] : []));
  return { problems, done: events.find((event) => event.kind === 'done') };
}

/** Changes one byte in the middle of a file. */
function spoil(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}
