import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceOverview } from '../../../../src/contract/index.ts';
import { devices } from '../../../test/fixtures/devices.ts';
import { copyFacts } from './copy-facts.ts';

const [sample] = devices;
assert.ok(sample);

test('counts the vault and every copy that holds the newest version', () => {
  const device = withCopies([
    { name: 'Cellar', newestAt: '2026-11-22T10:00:00Z', offSite: false, provenAt: '2026-11-01T08:00:00Z' },
    { name: 'Far away', newestAt: '2026-11-22T10:00:00Z', offSite: true, provenAt: '2026-10-01T08:00:00Z' },
    { name: 'In the drawer', newestAt: '2026-08-01T10:00:00Z', offSite: true, provenAt: '2026-08-01T10:00:00Z' },
  ]);
  assert.deepEqual(copyFacts(device), { places: 3, offSite: 1, provenAt: '2026-10-01T08:00:00Z' });
});

test('calls nothing proven while one copy is not', () => {
  const device = withCopies([
    { name: 'Cellar', newestAt: '2026-11-22T10:00:00Z', offSite: false, provenAt: '2026-11-01T08:00:00Z' },
    { name: 'New', newestAt: '2026-11-22T10:00:00Z', offSite: false },
  ]);
  assert.deepEqual(copyFacts(device), { places: 3, offSite: 0, provenAt: undefined });
});

test('says nothing of a device without a backup', () => {
  const { lastBackup: _, ...device } = withCopies([]);
  assert.equal(copyFacts(device), undefined);
});

function withCopies(copies: DeviceOverview['copies']): DeviceOverview {
  const lastBackup = { snapshot: '7f3a9c', at: '2026-11-22T15:00:00Z', bytes: 1 };
  return { ...(sample as DeviceOverview), lastBackup, copies }; // Asserted above.
}
