import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Disk } from '../durability.ts';
import { takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import { lockLabels } from './label-lock.ts';

const HOLD = new Date('2026-12-24T18:00:00Z');

describe('labels of a snapshot', () => {
  test('are kept until they are changed, and go with their snapshot', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { x: 'one' });
    assert.deepEqual(vault.labels.get(record), {});
    await vault.labels.set(record, { pinned: true, name: 'before the repair', holdUntil: HOLD });
    await vault.labels.set(record, { name: undefined, deepVerifyProblems: 0, deepVerifiedAt: HOLD });
    const expected = { pinned: true, holdUntil: HOLD, deepVerifiedAt: HOLD, deepVerifyProblems: 0 };
    assert.deepEqual(vault.labels.get(record), expected);
    assert.deepEqual(vault.labels.ofDevice(UDID), new Map([[record.id, expected]]));
    await vault.removeSnapshot(record);
    assert.deepEqual(vault.labels.get(record), {});
    assert.deepEqual(readdirSync(join(place.dir, 'labels', UDID)), []);
  });

  test('leave no file when the last one is removed', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { x: 'one' });
    await vault.labels.set(record, { pinned: true });
    assert.deepEqual(await vault.labels.set(record, { pinned: false }), {});
    assert.equal(existsSync(pathOf(place, record.id)), false);
  });

  test('can be changed beside a process that writes, and only of snapshots that are there', async () => {
    using place = new TemporaryVault();
    await using writer = await place.open();
    const record = await takeSnapshot(writer, { x: 'one' });
    await using reader = await place.open({}, { lock: 'none' });
    await Promise.all([reader.labels.set(record, { pinned: true }), writer.labels.set(record, { name: 'first' })]);
    assert.deepEqual(writer.labels.get(record), { pinned: true, name: 'first' });
    await writer.removeSnapshot(record);
    await assert.rejects(reader.labels.set(record, { pinned: true }), { code: 'SNAPSHOT_NOT_FOUND' });
  });

  test('keep what another version wrote', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { x: 'one' });
    write(place, record.id, '{"colour":"red","pinned":false,"name":"first"}');
    assert.deepEqual(vault.labels.get(record), { name: 'first' });
    await vault.labels.set(record, { pinned: true, name: undefined });
    const text = readFileSync(pathOf(place, record.id), 'utf8');
    assert.deepEqual(JSON.parse(text), { colour: 'red', pinned: true });
  });

  for (const [what, text, left] of [
    ['not JSON', '{"pinned":tr', {}],
    ['not an object', '["pinned"]', {}],
    ['empty', '', {}],
    ['a time that is none', '{"name":"first","holdUntil":"soon"}', { name: 'first' }],
  ] as const) {
    test(`count as damaged when a file is ${what}, and become a pin when they are set`, async () => {
      using place = new TemporaryVault();
      await using vault = await place.open();
      const record = await takeSnapshot(vault, { x: 'one' });
      write(place, record.id, text);
      assert.deepEqual(vault.labels.get(record), { ...left, damaged: true });
      const proven = { deepVerifiedAt: HOLD, deepVerifyProblems: 0 };
      assert.deepEqual(await vault.labels.set(record, proven), { ...left, ...proven, pinned: true });
      assert.deepEqual(await vault.labels.set(record, { pinned: false }), { ...left, ...proven });
    });
  }

  test('are as they were when the disk is full', async () => {
    using place = new TemporaryVault();
    let isFull = false;
    const writeSync = ((...parameters: Parameters<typeof fs.writeSync>) => {
      if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
      return fs.writeSync(...parameters);
    }) as typeof fs.writeSync;
    await using vault = await place.open({ disk: new Disk({ ...fs, writeSync }) });
    const record = await takeSnapshot(vault, { x: 'one' });
    await vault.labels.set(record, { name: 'first' });
    isFull = true;
    await assert.rejects(vault.labels.set(record, { pinned: true }), { code: 'OUT_OF_SPACE' });
    isFull = false;
    assert.deepEqual(vault.labels.get(record), { name: 'first' });
    assert.deepEqual(await vault.labels.set(record, { pinned: true }), { name: 'first', pinned: true });
  });

  test('wait for whoever changes them, not for ever', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { x: 'one' });
    const lock = await vault.labels.lock();
    await assert.rejects(lockLabels(join(place.dir, 'labels'), 0), { code: 'VAULT_BUSY', message: /labels/ });
    const setting = vault.labels.set(record, { pinned: true });
    lock[Symbol.dispose]();
    assert.deepEqual(await setting, { pinned: true });
  });

  test('of snapshots that are gone are swept away, others not', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { x: 'one' });
    await vault.labels.set(record, { pinned: true });
    for (const name of ['00000000.json', '00000000.json.tmp']) {
      writeFileSync(join(place.dir, 'labels', UDID, name), '{"pinned":true}');
    }
    using _lock = await vault.labels.lock();
    await vault.labels.sweep();
    assert.deepEqual(readdirSync(join(place.dir, 'labels', UDID)), [`${record.id}.json`]);
  });
});

function pathOf(place: TemporaryVault, id: string): string {
  return join(place.dir, 'labels', UDID, `${id}.json`);
}

function write(place: TemporaryVault, id: string, text: string): void {
  mkdirSync(join(place.dir, 'labels', UDID), { recursive: true });
  writeFileSync(pathOf(place, id), text);
}
