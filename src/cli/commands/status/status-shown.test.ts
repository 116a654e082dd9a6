import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DeviceStatus, KeptPlace } from '../../../contract/index.ts';
import { displayWidth } from '../../output/table.ts';
import { placeTable, wrapped } from './status-shown.ts';

const now = new Date('2026-11-22T18:00:00Z');
const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString();
const PLACE: KeptPlace = {
  kind: 'vault',
  medium: { kind: 'disk', name: 'Samsung SSD 870 EVO 4TB' },
  offSite: false,
  at: hoursAgo(3),
  provenAt: hoursAgo(500),
  counts: true,
  verdict: 'safe',
  reasons: [],
};
const DEVICE: DeviceStatus = {
  udid: 'U',
  name: 'Anna’s iPhone',
  verdict: 'attention',
  reasons: [],
  steps: [],
  copies: 4,
  media: 4,
  offSite: 1,
  places: [
    { ...PLACE, kind: 'phone', medium: { kind: 'device', name: 'iPhone 16 Pro' } },
    PLACE,
    {
      ...PLACE,
      kind: 'copy',
      name: 'a-disk-with-a-very-long-name',
      medium: { kind: 'removable', name: 'T7' },
      verdict: 'attention',
    },
    { ...PLACE, kind: 'copy', name: 'offsite', medium: { kind: 'cloud', name: 'Backblaze B2' }, offSite: true },
    {
      kind: 'icloud',
      medium: { kind: 'cloud', name: 'iCloud' },
      offSite: true,
      counts: false,
      verdict: 'unknown',
      reasons: [{ code: 'cloud-off', values: {} }],
    },
  ],
};

describe('the places of a device', () => {
  test('are one line each', () => {
    assert.deepEqual(placeTable(DEVICE, { language: 'en', columns: 80, now, timeZone: 'UTC' }), [
      '     WHERE             AS OF        ON                    SITE       PROVEN',
      '  ✓  phone             3 hours ago',
      '  ✓  vault             3 hours ago  Samsung SSD 870 EVO…  here       21 days ago',
      '  !  a-disk-with-a-v…  3 hours ago  USB: T7               here       21 days ago',
      '  ✓  offsite           3 hours ago  Backblaze B2          elsewhere  21 days ago',
      '  –  iCloud            turned off                         elsewhere  not counted',
    ]);
  });

  for (const language of ['en', 'de'] as const) {
    test(`fit into eighty columns in ${language}`, () => {
      for (const line of placeTable(DEVICE, { language, columns: 80, now, timeZone: 'UTC' })) {
        assert.ok(displayWidth(line) <= 80, `${displayWidth(line)}: ${line}`);
      }
    });
  }
});

test('a text is broken between words, and begins under its first one', () => {
  assert.deepEqual(wrapped('Set up a copy in another building.', 20, '  → '), [
    '  → Set up a copy in',
    '    another',
    '    building.',
  ]);
  assert.deepEqual(wrapped('', 20, '  '), []);
  assert.deepEqual(wrapped('Donaudampfschifffahrtsgesellschaft', 10, ''), ['Donaudampfschifffahrtsgesellschaft']);
});
