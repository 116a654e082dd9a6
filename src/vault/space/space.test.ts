import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FACTS, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { Vault } from '../vault.ts';

const MEGABYTE = 1_000_000;
const bytes = (fill: string, megabytes: number): Buffer => Buffer.alloc(megabytes * MEGABYTE, fill);

describe('space', () => {
  test('is told for each snapshot alone, and for all together', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { first, second, third } = await threeSnapshots(vault);
    const report = await vault.space();
    assert.deepEqual(
      report.snapshots.map(({ record, aloneBytes, addedBytes }) => [record.id, aloneBytes, addedBytes]),
      [
        [third.id, 4 * MEGABYTE, 4 * MEGABYTE],
        [second.id, 1 * MEGABYTE, 3 * MEGABYTE],
        [first.id, 2 * MEGABYTE, 3 * MEGABYTE],
      ],
    );
    assert.equal(report.distinctBytes, 10 * MEGABYTE);
    assert.equal(report.listedBytes, first.list.bytes + second.list.bytes + third.list.bytes);
    assert.ok(report.storedBytes >= report.distinctBytes && report.storedBytes < report.distinctBytes + 20_000);
    assert.deepEqual([report.garbageBytes, report.draftBytes, report.damaged], [0, 0, []]);
    const [device] = report.devices;
    assert.deepEqual([device?.snapshots, device?.bytes], [3, 10 * MEGABYTE]);
  });

  test('held by some snapshots is what forgetting and pruning them gives back', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { first, second } = await threeSnapshots(vault);
    assert.equal(await vault.bytesHeldBy([first]), 2 * MEGABYTE);
    assert.equal(await vault.bytesHeldBy([second]), 1 * MEGABYTE);
    assert.equal(await vault.bytesHeldBy([first, second]), 3 * MEGABYTE);
    await vault.forget([first, second]);
    const { freeableBytes } = await vault.findGarbage();
    assert.ok(Math.abs(freeableBytes - 3 * MEGABYTE) < 5000);
    assert.equal((await vault.space()).garbageBytes, freeableBytes);
    assert.ok(Math.abs((await vault.prune()).freedBytes - freeableBytes) < 1000);
    assert.equal((await vault.findGarbage()).freeableBytes, 0);
  });

  test('of two snapshots of the same tree, neither holds anything alone', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const one = await takeSnapshot(vault, { x: bytes('x', 2) });
    const other = await takeSnapshot(vault, {});
    const report = await vault.space();
    assert.deepEqual(
      report.snapshots.map(({ aloneBytes }) => aloneBytes),
      [0, 0],
    );
    assert.equal(await vault.bytesHeldBy([one]), 0);
    assert.equal(await vault.bytesHeldBy([one, other]), 2 * MEGABYTE);
  });

  test('that an unfinished backup holds is not given back', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const first = await takeSnapshot(vault, { x: bytes('x', 2) });
    await takeSnapshot(vault, { x: bytes('y', 2) });
    {
      await using draft = vault.openDraft(UDID);
      await putFiles(draft, { back: bytes('x', 2), new: bytes('z', 3) });
    }
    assert.equal(await vault.bytesHeldBy([first]), 0);
    const report = await vault.space();
    assert.equal(report.draftBytes, 3 * MEGABYTE);
    assert.deepEqual(
      report.snapshots.map(({ aloneBytes }) => aloneBytes),
      [2 * MEGABYTE, 0],
    );
  });

  test('forecasts when the disk will be full', async () => {
    using place = new TemporaryVault();
    let now = Date.UTC(2026, 10, 1);
    await using vault = await place.open({ now: () => now });
    assert.equal((await vault.space()).fullAt, undefined);
    for (let day = 0; day < 5; day++) {
      await takeSnapshot(vault, { [`photo ${day}`]: Buffer.alloc(day === 0 ? 9000 : 1000 + day) });
      now += 86_400_000;
    }
    const { growthPerDay = 0, freeBytes, fullAt } = await vault.space();
    assert.ok(growthPerDay > 1000 && growthPerDay < 1005);
    const days = freeBytes / growthPerDay;
    if (days > 36_525) assert.equal(fullAt, undefined);
    else assert.equal(fullAt?.getTime(), now + Math.trunc(days * 86_400_000));
  });

  test('is told without a snapshot whose list is damaged, which is named', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { first, third } = await threeSnapshots(vault);
    const path = join(place.dir, 'lists', third.list.sha256);
    const content = readFileSync(path);
    content.writeUInt8(content.readUInt8(10) ^ 1, 10);
    chmodSync(path, 0o600);
    writeFileSync(path, content);
    const report = await vault.space();
    assert.deepEqual([report.damaged, report.garbageBytes], [[third.id], 0]);
    assert.equal(report.snapshots.at(-1)?.aloneBytes, 2 * MEGABYTE);
    await assert.rejects(vault.bytesHeldBy([first]), { code: 'SNAPSHOT_CORRUPT' });
  });
});

/** The first alone holds 2 MB, the second 1 MB, the third 4 MB. */
async function threeSnapshots(vault: Vault): Promise<Record<'first' | 'second' | 'third', SnapshotRecord>> {
  const first = await takeSnapshot(vault, { x: bytes('1', 2), shared: bytes('s', 1) });
  const second = await takeSnapshot(vault, { x: bytes('2', 2), y: bytes('y', 1), copy: bytes('s', 1) });
  await using draft = vault.openDraft(UDID);
  for (const name of ['y', 'shared']) draft.remove(`${UDID}/${name}`);
  await putFiles(draft, { z: bytes('3', 4) });
  const third = await draft.commit(FACTS);
  return { first, second, third };
}
