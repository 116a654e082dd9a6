import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { openVaultWith } from '../open.ts';
import type { Vault } from '../vault.ts';

const PROVEN = { deepVerifiedAt: new Date('2026-11-01T00:00Z'), deepVerifyProblems: 0 };

describe('forgetting', () => {
  test('removes snapshots with their labels, all of them or none', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [first, second, third] = await threeSnapshots(vault);
    await vault.labels.set(second, { name: 'in between' });
    await vault.labels.set(first, { pinned: true });
    await assert.rejects(vault.forget([second, first]), { code: 'SNAPSHOT_PROTECTED', message: /is pinned/ });
    assert.deepEqual(idsIn(vault), [third.id, second.id, first.id]);
    await vault.labels.set(first, { pinned: false });
    await vault.forget([second, first]);
    assert.deepEqual(idsIn(vault), [third.id]);
    assert.deepEqual(vault.labels.all(), new Map());
  });

  test('spares the newest, unless that is said in so many words', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [first, second, third] = await threeSnapshots(vault);
    await assert.rejects(vault.forget([third]), {
      code: 'SNAPSHOT_PROTECTED',
      message: /newest/,
      hint: /--even-the-newest/,
    });
    await vault.forget([third], { evenTheNewest: true });
    await vault.forget([first, second], { evenTheNewest: true });
    assert.deepEqual(idsIn(vault), []);
  });

  test('takes a version that a clock dated that was ahead for no newest one', async () => {
    using place = new TemporaryVault();
    const at = async (now: string, work: (vault: Vault) => Promise<void>): Promise<void> => {
      const options = { create: true, purpose: 'a test' };
      await using vault = await openVaultWith(place.dir, options, { now: () => Date.parse(now) });
      await work(vault);
    };
    for (const now of ['2026-11-01', '2037-01-01', '2026-11-02']) {
      await at(now, async (vault) => void (await takeSnapshot(vault, { x: now })));
    }
    await at('2026-11-03', async (vault) => {
      const [ahead, newest] = vault.snapshots();
      assert.ok(ahead && newest);
      await assert.rejects(vault.forget([newest]), { code: 'SNAPSHOT_PROTECTED', message: /newest/ });
      await vault.forget([ahead]);
    });
  });

  test('spares the last proven one, unless nothing of the device is to be left', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [first, second, third] = await threeSnapshots(vault);
    await vault.labels.set(first, PROVEN);
    await vault.labels.set(second, { ...PROVEN, deepVerifyProblems: 3 });
    await assert.rejects(vault.forget([first, second]), { message: /only one .* proven/, hint: /verify --deep/ });
    await vault.labels.set(third, PROVEN);
    await vault.forget([first]);
    await vault.forget([second, third], { evenTheNewest: true });
    assert.deepEqual(idsIn(vault), []);
  });

  test('spares what is held, and what has labels that nobody can read', async () => {
    using place = new TemporaryVault();
    let now = Date.parse('2026-11-22T00:00Z');
    await using vault = await place.open({ now: () => now });
    const [first, second] = await threeSnapshots(vault);
    await vault.labels.set(first, { holdUntil: new Date('2026-11-23T00:00Z') });
    await assert.rejects(vault.forget([first]), { code: 'SNAPSHOT_PROTECTED', message: /held/ });
    now += 86_400_000;
    await vault.forget([first]);
    mkdirSync(join(place.dir, 'labels', UDID), { recursive: true });
    writeFileSync(join(place.dir, 'labels', UDID, `${second.id}.json`), '{"pinn');
    await assert.rejects(vault.forget([second]), { code: 'SNAPSHOT_PROTECTED', message: /labels/ });
  });

  test('spares what an unfinished backup is built on, and waits for one that is running', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [first, , third] = await threeSnapshots(vault);
    {
      await using draft = vault.openDraft(UDID);
      await putFiles(draft, { more: 'more' });
      await assert.rejects(vault.forget([first]), { code: 'DEVICE_BUSY', message: /running/ });
    }
    assert.deepEqual(vault.snapshotsInUse(), new Set([third.id]));
    const evenTheNewest = { evenTheNewest: true };
    await assert.rejects(vault.forget([third], evenTheNewest), { message: /unfinished backup is built/ });
    await vault.forget([first]);
    await vault.discardDraft(UDID);
    await vault.forget([third], evenTheNewest);
  });

  test('does not overtake somebody who pins in the same instant', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const [first] = await threeSnapshots(vault);
    await using reader = await place.open({}, { lock: 'none' });
    const [pinned, forgotten] = await Promise.allSettled([
      reader.labels.set(first, { pinned: true }),
      vault.forget([first]),
    ]);
    const isThere = idsIn(vault).includes(first.id);
    assert.deepEqual(
      [pinned.status, forgotten.status],
      isThere ? ['fulfilled', 'rejected'] : ['rejected', 'fulfilled'],
    );
  });
});

const at = (day: number): { takenAt: Date } => ({ takenAt: new Date(Date.UTC(2026, 9, day)) });

/** Oldest first. */
async function threeSnapshots(vault: Vault): Promise<[SnapshotRecord, SnapshotRecord, SnapshotRecord]> {
  return [
    await takeSnapshot(vault, { x: 'one' }, at(1)),
    await takeSnapshot(vault, { x: 'two' }, at(2)),
    await takeSnapshot(vault, { x: 'three' }, at(3)),
  ];
}

function idsIn(vault: Vault): string[] {
  return vault.snapshots().map(({ id }) => id);
}
