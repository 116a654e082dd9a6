import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceOverview } from '../../../../src/contract/index.ts';
import { deviceToSetUp, stepsOf } from './steps.ts';

const NOTHING = { encryption: false, when: false };
const device: DeviceOverview = {
  udid: '00008110-000A1B2C3D4E5F60',
  name: 'Ada’s iPhone',
  trusted: false,
  verdict: 'unknown',
  reasons: [],
  next: { waitingFor: [] },
  snapshots: 0,
  days: [],
  copies: [],
};
const open = (...args: Parameters<typeof stepsOf>): string | undefined =>
  stepsOf(...args).find(({ isDone }) => !isDone)?.name;

test('the steps follow what the device itself shows', () => {
  assert.equal(open(undefined, NOTHING), 'cable');
  assert.equal(open({ ...device, link: 'usb' }, NOTHING), 'trust');
  assert.equal(open({ ...device, link: 'usb', trusted: true }, NOTHING), 'encryption');
  assert.equal(open({ ...device, link: 'usb', trusted: true, encrypted: true }, NOTHING), 'when');
});

test('encryption and the rule can be left as they are', () => {
  const trusted = { ...device, link: 'usb', trusted: true } as const;
  assert.equal(open(trusted, { encryption: true, when: false }), 'when');
  assert.equal(open(trusted, { encryption: true, when: true }), 'backup');
});

test('a device with a backup is set up', () => {
  const lastBackup = { snapshot: '0a1b2c3d', at: '2026-11-22T20:00:00Z', bytes: 1 };
  assert.equal(open({ ...device, trusted: true, encrypted: true, lastBackup }, NOTHING), undefined);
});

test('whoever begins with a device stays with it, and one that is set up is not set up again', () => {
  const old = { ...device, udid: 'old', link: 'usb', trusted: true, snapshots: 3 } as const;
  const fresh = { ...device, udid: 'new', link: 'usb' } as const;
  assert.equal(deviceToSetUp([old], null), undefined);
  assert.equal(deviceToSetUp([old, fresh], null)?.udid, 'new');
  assert.equal(deviceToSetUp([old, { ...fresh, trusted: true, snapshots: 1 }], 'new')?.udid, 'new');
  assert.equal(deviceToSetUp([old, { ...fresh, udid: 'away', link: undefined }], null), undefined);
});
