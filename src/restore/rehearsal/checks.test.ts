import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsFrom } from '../../device/index.ts';
import type { PlistDictionary } from '../../formats/index.ts';
import type { BackupState } from './backup-state.ts';
import { stops, type Check, type CheckId } from './check.ts';
import { backupChecks, phoneChecks } from './checks.ts';
import type { PhoneState } from './phone-state.ts';
import { blockedError } from './rehearse.ts';

const GB = 1e9;
const OLD_UDID = '00008110-000A1B2C3D4E5F60';
const NEW_UDID = '00008140-000F0E0D0C0B0A09';
const ALL_IS_WELL: CheckId[] = [];

describe('a backup that goes onto a device passes every check', () => {
  test('the usual case: an old phone’s backup and the new phone', () => {
    assert.deepEqual(outcomes(checksOf()), ALL_IS_WELL);
    assert.equal(blockedError(checksOf()), undefined);
  });
});

describe('what stops a restore:', () => {
  for (const { what, backup, phone, values, id, says } of [
    {
      what: 'a backup that was never finished',
      backup: { status: status({ snapshotState: 'uploading', isFinished: false }) },
      id: 'finished',
      says: /never finished.*uploading/,
    },
    { what: 'a backup without a state', backup: { status: undefined }, id: 'finished', says: /does not say/ },
    { what: 'an empty one', backup: { status: status({ backupState: 'empty' }) }, id: 'finished', says: /empty/ },
    {
      what: 'one in a format of before iOS 5',
      backup: { status: status({ version: '2.3' }) },
      id: 'finished',
      says: /format/,
    },
    { what: 'one in a format to come', backup: { status: status({ version: '4.0' }) }, id: 'finished', says: /format/ },
    {
      what: 'a newer iOS in the backup',
      backup: { release: { version: '18.6', build: '22G86' } },
      id: 'ios',
      says: /iOS 18\.6.*only 18\.5/,
    },
    {
      what: 'a device that is too small altogether',
      backup: { amount: amount(200 * GB) },
      id: 'space',
      says: /200 GB.*116 GB in all/,
    },
    { what: 'a device that is too full', backup: { amount: amount(90 * GB) }, id: 'space', says: /90 GB.*80 GB free/ },
    { what: 'Find My', phone: { findMyIsOn: true }, id: 'find-my', says: /Find My is on/ },
    { what: 'a device that was never set up', phone: { isSetUp: false }, id: 'setup', says: /not been set up/ },
    {
      what: 'an organization’s backup on a private device',
      backup: { isSupervised: true },
      id: 'supervision',
      says: /backup is of a device that belongs/,
    },
    {
      what: 'a private backup on an organization’s device',
      backup: { isSupervised: false },
      phone: { isSupervised: true },
      id: 'supervision',
      says: /device belongs/,
    },
    {
      what: 'an empty battery without power',
      values: { 'com.apple.mobile.battery': battery(19, false) },
      id: 'battery',
      says: /19 %/,
    },
  ] satisfies {
    what: string;
    backup?: Partial<BackupState>;
    phone?: Partial<PhoneState>;
    values?: Record<string, PlistDictionary>;
    id: CheckId;
    says: RegExp;
  }[]) {
    test(what, () => {
      const checks = checksOf({ backup, phone, values });
      const stopping = checks.filter((check) => check.outcome === 'stops');
      assert.deepEqual(
        stopping.map((check) => check.id),
        [id],
      );
      assert.match(stopping[0]?.message ?? '', says);
      assert.match(stopping[0]?.hint ?? '', /^\p{Lu}.*\.$/u);
      const error = blockedError(checks);
      assert.equal(error?.code, 'RESTORE_BLOCKED');
      assert.match(error?.message ?? '', says);
      assert.deepEqual(error?.details, { checks: id });
    });
  }

  test('several things are all named', () => {
    const error = blockedError(checksOf({ phone: { findMyIsOn: true, isSetUp: false } }));
    assert.equal(error?.message, '2 things stand in the way of the restore');
    assert.deepEqual(error?.details, { checks: 'find-my, setup' });
  });

  test('damaged files alone are a damaged backup', () => {
    const damage = stops('files', ['files-lost', { count: 2 }], 'Some are gone.', 'Choose another.');
    assert.equal(blockedError([damage])?.code, 'SNAPSHOT_CORRUPT');
    assert.equal(blockedError([damage, ...checksOf({ phone: { findMyIsOn: true } })])?.code, 'RESTORE_BLOCKED');
  });
});

describe('what a person should know, and what stops nothing:', () => {
  for (const { what, backup, phone, values, connection, ids } of [
    { what: 'an unencrypted backup', backup: { isEncrypted: false }, ids: ['encryption'] },
    {
      what: 'a release on a device that runs a beta of it',
      backup: { release: { version: '18.5', build: '22F76' } },
      values: { '': { ...ROOT(), BuildVersion: '22F5042g' } },
      ids: ['ios'],
    },
    {
      what: 'a backup that does not say what made it',
      backup: { release: { version: undefined, build: undefined } },
      ids: ['ios'],
    },
    { what: 'an iPad’s backup on an iPhone', backup: { productType: 'iPad13,18' }, ids: ['model'] },
    { what: 'little room', backup: { amount: amount(79.8 * GB) }, ids: ['space'] },
    { what: 'room that the device does not tell', phone: { freeBytes: undefined }, ids: ['space'] },
    { what: 'Find My that the device does not tell', phone: { findMyIsOn: undefined }, ids: ['find-my'] },
    { what: 'a setup that the device does not tell', phone: { isSetUp: undefined }, ids: ['setup'] },
    {
      what: 'an organization’s device and a backup that does not say',
      backup: { isSupervised: undefined },
      phone: { isSupervised: true },
      ids: ['supervision'],
    },
    { what: 'a battery that the device does not tell', values: { 'com.apple.mobile.battery': {} }, ids: ['battery'] },
    { what: 'a locked device', values: { '': { ...ROOT(), PasswordProtected: true } }, ids: ['unlocked'] },
    { what: 'a device on Wi-Fi', connection: 'network', ids: ['connection'] },
  ] satisfies {
    what: string;
    backup?: Partial<BackupState>;
    phone?: Partial<PhoneState>;
    values?: Record<string, PlistDictionary>;
    connection?: 'usb' | 'network';
    ids: CheckId[];
  }[]) {
    test(what, () => {
      const checks = checksOf({ backup, phone, values, connection });
      assert.deepEqual(outcomes(checks), ids);
      assert.equal(blockedError(checks), undefined);
    });
  }
});

describe('what passes after all:', () => {
  for (const { what, ...facts } of [
    { what: 'an older iOS in the backup', backup: { release: { version: '9.3.5', build: '13G36' } } },
    { what: 'the same release of another build', values: { '': { ...ROOT(), BuildVersion: '22F75' } } },
    { what: 'the device’s own backup', backup: { udid: NEW_UDID } },
    { what: 'an empty battery on power', values: { 'com.apple.mobile.battery': battery(5, true) } },
    { what: 'a fifth of the battery', values: { 'com.apple.mobile.battery': battery(20, false) } },
    { what: 'two of an organization', backup: { isSupervised: true }, phone: { isSupervised: true } },
    { what: 'nothing known of organizations', backup: { isSupervised: undefined }, phone: { isSupervised: undefined } },
  ] satisfies Facts[]) {
    test(what, () => assert.deepEqual(outcomes(checksOf(facts)), ALL_IS_WELL));
  }
});

interface Facts {
  readonly what?: string;
  readonly backup?: Partial<BackupState> | undefined;
  readonly phone?: Partial<PhoneState> | undefined;
  readonly values?: Record<string, PlistDictionary> | undefined;
  readonly connection?: 'usb' | 'network' | undefined;
}

/** The checks of a pair that goes together, but for what is said to be different. */
function checksOf({ backup, phone, values, connection = 'usb' }: Facts = {}): Check[] {
  const state: BackupState = {
    udid: OLD_UDID,
    amount: amount(40 * GB),
    status: status({}),
    isEncrypted: true,
    release: { version: '18.5', build: '22F76' },
    productType: 'iPhone14,5',
    isSupervised: false,
    ...backup,
  };
  const told = { '': ROOT(), 'com.apple.mobile.battery': battery(80, false), ...values };
  const device: PhoneState = {
    facts: factsFrom(
      NEW_UDID,
      new Map(Object.entries({ ...told, 'com.apple.disk_usage': { TotalDataCapacity: 116 * GB } })),
    ),
    freeBytes: 80 * GB,
    isSetUp: true,
    findMyIsOn: false,
    isSupervised: false,
    ...phone,
  };
  return [...backupChecks(state), ...phoneChecks(state, device, connection)];
}

/** The checks that did not pass. */
function outcomes(checks: readonly Check[]): CheckId[] {
  return checks.filter((check) => check.outcome !== 'passed').map((check) => check.id);
}

function ROOT(): PlistDictionary {
  return { ProductType: 'iPhone17,3', ProductVersion: '18.5', BuildVersion: '22F76', PasswordProtected: false };
}

function battery(percent: number, charging: boolean): PlistDictionary {
  return { BatteryCurrentCapacity: percent, BatteryIsCharging: charging, ExternalConnected: charging };
}

function amount(bytes: number): BackupState['amount'] {
  return { files: 1000, bytes, contentBytes: bytes };
}

function status(facts: Partial<NonNullable<BackupState['status']>>): BackupState['status'] {
  return { version: '3.3', backupState: 'new', snapshotState: 'finished', isFinished: true, ...facts };
}
