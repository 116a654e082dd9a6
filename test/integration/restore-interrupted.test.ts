/** Restores that break off: the phone stays what it was or becomes what the backup says, and the next try is right. */
import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AGENT_SETTINGS } from '../../src/virtual-iphone/index.ts';
import { contentsOf } from '../support/compare.ts';
import { startHoldfast } from '../support/holdfast-cli.ts';
import { RestoreScene } from '../support/restore-scene.ts';
import { filesIn } from '../support/tidy.ts';

describe('a restore that is stopped', () => {
  test('by Ctrl-C: the phone is told and stays as it was', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false });
    const before = contentsOf(scene.phone);
    scene.phone.faults.at({ point: 'mobilebackup2:restore', nth: 3, action: { kind: 'stall' } });
    const words = ['restore', scene.snapshot, '--yes', '--no-safety-backup', '--json'];
    const { process, ended } = startHoldfast(words, {
      env: scene.cliEnv,
      onEvent: (event) => void (event['phase'] === 'sending' && process.kill('SIGINT')),
    });
    const { status, error } = await ended;
    assert.deepEqual([status, error?.['code']], [130, 'CANCELLED']);
    assert.match(String(error?.['hint']), /stays until it has everything/);
    await scene.phone.idle();
    assert.deepEqual(contentsOf(scene.phone), before);
    await scene.finish();
  });

  test('on the phone', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 40 });
    scene.phone.faults.at({ point: 'mobilebackup2:restore', nth: 2, action: { kind: 'stall' } });
    const end = await scene.attempt({
      onEvent: (event) => {
        if (event.event === 'progress' && event.phase === 'sending') {
          scene.phone.notifications.post('com.apple.itunes-client.syncCancelRequest');
        }
      },
    });
    assert.ok(end instanceof Error);
    assert.deepEqual([end.code, end.message], ['CANCELLED', 'the restore was cancelled on the device']);
    await scene.phone.idle();
    await scene.finish();
  });
});

describe('a backup that is damaged in the middle', () => {
  test('is found before anything is written to the phone', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false });
    await damageLargeObject(scene);
    const before = contentsOf(scene.phone);
    const words = ['restore', scene.snapshot, '--yes', '--no-safety-backup', '--json'];
    const { status, error, events } = await startHoldfast(words, { env: scene.cliEnv }).ended;
    assert.deepEqual([status, error?.['code']], [21, 'SNAPSHOT_CORRUPT']);
    assert.ok(events.some((event) => event['event'] === 'finding'));
    assert.ok(!events.some((event) => event['event'] === 'started'));
    assert.deepEqual(contentsOf(scene.phone), before);
  });

  test('that nobody looked at before: the phone is told, and stays as it was', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: false });
    const undo = await damageLargeObject(scene);
    const before = contentsOf(scene.phone);
    const end = await scene.attempt();
    assert.ok(end instanceof Error);
    assert.deepEqual([end.code, end.exitCode], ['SNAPSHOT_CORRUPT', 21]);
    assert.equal(end.details['deviceCode'], 205);
    assert.match(end.message, /damaged|changed/);
    assert.ok(end.hint !== undefined);
    assert.deepEqual(contentsOf(scene.phone), before);
    scene.assertClean();
    await undo();
    await scene.finish();
  });
});

describe('a phone that does not have the room', () => {
  for (const { productVersion, deviceCode } of [
    { productVersion: '18.5', deviceCode: 106 },
    { productVersion: '8.4', deviceCode: 105 },
  ]) {
    test(`iOS ${productVersion} says so with ${deviceCode}, in the same words`, async () => {
      const old = productVersion === '8.4' ? { old: { productVersion } } : {};
      await using scene = await RestoreScene.start({
        seed: 1,
        encrypted: false,
        files: 30,
        phone: { productVersion, totalDiskBytes: 3_000_000 },
        ...old,
      });
      const end = await scene.attempt();
      assert.ok(end instanceof Error);
      assert.deepEqual([end.code, end.details['deviceCode']], ['DEVICE_REFUSED', deviceCode]);
      assert.match(end.message, /not enough space on the device/);
      scene.assertClean();
    });
  }
});

test('a second restore without a restart between is told in words', async () => {
  await using scene = await RestoreScene.start({ seed: 1, encrypted: false, files: 20 });
  await scene.finish({ options: { reboot: false } });
  assert.equal(scene.phone.context.settings.get(AGENT_SETTINGS.awaitsReboot), true);
  const end = await scene.attempt();
  assert.ok(end instanceof Error);
  assert.equal(end.details['deviceCode'], 102);
  assert.match(`${end.message} ${end.hint}`, /restarted.*Restart/);
  scene.phone.reboot();
  await scene.finish();
});

/** Changes a byte of a large file of the snapshot. @returns what puts it back */
async function damageLargeObject({ old }: RestoreScene): Promise<() => Promise<void>> {
  const { vaultDir } = old.both;
  // A packed one may be Manifest.db, which is looked at before the phone is told anything.
  const path = filesIn(vaultDir).find((each) => each.startsWith('objects/') && !each.endsWith('.zst'));
  assert.ok(path !== undefined);
  const file = join(vaultDir, path);
  const bytes = await readFile(file);
  await chmod(file, 0o600);
  const damaged = Buffer.from(bytes);
  damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
  await writeFile(file, damaged);
  return async () => {
    await writeFile(file, bytes);
  };
}
