/**
 * Every error a device knows, at every step of a backup, a restore and a password change: the right sentence and exit
 * code, nothing that was safe is lost, and the next run is right.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { converse } from '../../src/backup/index.ts';
import { openFolderTarget } from '../../src/backup/folder-target.ts';
import { openDevice } from '../../src/device/index.ts';
import { DEVICE_ERRORS, deviceError } from '../../src/device/mobilebackup2/device-errors.ts';
import type { MobileBackupRequest } from '../../src/device/index.ts';
import { type AppError, isAppError } from '../../src/shared/errors.ts';
import { type FaultPoint, SETTINGS, type VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { RestoreScene } from '../support/restore-scene.ts';
import { Scene } from '../support/scene.ts';

const CODES = [...DEVICE_ERRORS.map((row) => row.deviceCode), 404, 999];
const SAID = 'in the words of the device (MBErrorDomain)';

/** A step, and which time it is reached. */
type Step = readonly [point: FaultPoint, nth: number];

const BACKUP_STEPS: readonly Step[] = [
  ['handshake', 1],
  ['request', 1],
  ['policy', 1],
  ['status', 1],
  ['scan', 1],
  ['upload', 1],
  ['manifest', 1],
  ['moving', 1],
  ['remove', 1],
  ['finished', 1],
  ['verify', 1],
  ['response', 1],
];
const RESTORE_STEPS: readonly Step[] = [
  ['hello', 1],
  ['request', 1],
  ['restore-checks', 1],
  ['restore', 1],
  ['restore', 2],
  ['restore-apply', 1],
  ['response', 1],
];
const PASSWORD_STEPS: readonly Step[] = [
  ['hello', 1],
  ['request', 1],
  ['passcode', 1],
  ['change-password', 1],
  ['response', 1],
];

describe('an error of the device is told in words', () => {
  test('at every step of a backup; earlier snapshots stay, and the next backup is right', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10, large: [] });
    await scene.finish();
    let change = 0;
    for (const code of CODES) {
      for (const step of BACKUP_STEPS) {
        touch(scene.phone, change++);
        const end = await unlessPassedBy(scene, step, code);
        assertTells(end, code, 'backup', step);
      }
      await scene.assertNothingLost();
      await scene.finish();
    }
    await scene.assertAllHold();
  });

  test('at every step of a restore; the phone is as it was, and the next restore is right', async () => {
    await using scene = await RestoreScene.start({ seed: 1, encrypted: true, files: 30, large: [] });
    for (const code of CODES) {
      for (const step of RESTORE_STEPS) {
        const [point] = step;
        scene.phone.disk.writeFile('HomeDomain', 'since then', Buffer.from(`${code} ${point}`));
        const before = versionsOn(scene.phone);
        order(scene.phone, step, code);
        assertTells(await scene.attempt(), code, 'restore', step);
        if (point === 'response') scene.phone.reboot();
        else assert.deepEqual(versionsOn(scene.phone), before, `after ${code} at ${point}`);
        assert.equal(appListOn(scene.phone), undefined);
        scene.assertClean();
      }
      await scene.finish();
    }
    await scene.old.assertAllHold();
  });

  test('at every step of a password change', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false, files: 1, large: [] });
    for (const code of CODES) {
      for (const step of PASSWORD_STEPS) {
        order(scene.phone, step, code);
        assertTells(await changePassword(scene), code, 'change-password', step);
      }
      scene.phone.faults.clear();
      assert.equal(await changePassword(scene), undefined);
    }
    assert.deepEqual(scene.phone.breaches.list(), []);
  });
});

function order(phone: VirtualIphone, [point, nth]: Step, code: number): void {
  phone.faults.clear();
  phone.faults.at({ point: `mobilebackup2:${point}`, nth, action: { kind: 'error', code, text: SAID } });
}

function assertTells(end: unknown, code: number, job: MobileBackupRequest['kind'], [point]: Step): void {
  const where = `${code} at ${point} of a ${job}`;
  assert.ok(isAppError(end), `${where}: ${JSON.stringify(end)}`);
  const { code: expected, message, hint, exitCode } = deviceError(code, SAID, job);
  assert.deepEqual([end.code, end.message, end.hint, end.exitCode], [expected, message, hint, exitCode], where);
  assert.deepEqual([end.details['deviceCode'], end.details['description']], [code, SAID], where);
}

/** Backs up into the error. A run that only completes an earlier one does not take every step: then another one does. */
async function unlessPassedBy(scene: Scene, step: Step, code: number): Promise<unknown> {
  order(scene.phone, step, code);
  const end = await scene.attempt();
  if (end instanceof Error) return end;
  scene.settle(end);
  touch(scene.phone, -code);
  order(scene.phone, step, code);
  return await scene.attempt();
}

/** Something new, and something gone: a backup that has to send and to remove. */
function touch({ disk }: VirtualIphone, change: number): void {
  const [path, before] = [`Library/changes/${change}`, `Library/changes/${change - 1}`];
  disk.writeFile('HomeDomain', path, Buffer.from(`change ${change}`));
  if (disk.get('HomeDomain', before) !== undefined) disk.remove('HomeDomain', before);
}

/** What there is on a phone; any change of any content makes it another. */
function versionsOn({ disk }: VirtualIphone): unknown {
  const files = [...disk.all()].filter((file) => file.domain !== 'NotBackedUpDomain');
  return files.map((file) => [file.domain, file.relativePath, file.contentVersion, file.modifiedAt.getTime()]);
}

/** The list of apps that a restore leaves on the phone; none may be left of one that failed. */
function appListOn({ disk }: VirtualIphone): unknown {
  return disk.get('NotBackedUpDomain', 'Media/iTunesRestore/RestoreApplications.plist');
}

/** Turns encryption on, or off where it is on. */
async function changePassword({ both }: Scene): Promise<AppError | undefined> {
  const { udid, context } = both.phone;
  const isOn = context.settings.get(SETTINGS.willEncrypt) === true;
  const root = join(both.directory, 'folder');
  await mkdir(root, { recursive: true });
  await using device = await openDevice({ location: both.location, pairRecords: both.pairRecords });
  await using target = await openFolderTarget(root, { udids: [udid] });
  const request = { kind: 'change-password', udid, ...(isOn ? { oldPassword: 'pw' } : { newPassword: 'pw' }) } as const;
  const { signal } = new AbortController();
  try {
    await converse({ device, request, target, signal, onEvent: () => {}, onPasscode: () => {} });
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  return undefined;
}
