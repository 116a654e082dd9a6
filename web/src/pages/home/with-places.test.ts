import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because, type DeviceStatus } from '../../../../src/contract/index.ts';
import { devices } from '../../../test/fixtures/devices.ts';
import { sentenceOf } from './sentence-of.ts';
import { withPlaces, worseOf } from './with-places.ts';

const [sample] = devices;
assert.ok(sample);
const backedUp = because('backed-up', { at: '2026-11-22T15:30:00Z' });
const device = { ...sample, verdict: 'safe' as const, reasons: [backedUp] };
const status: DeviceStatus = {
  udid: device.udid,
  name: device.name,
  verdict: 'attention',
  reasons: [backedUp, because('kept-here-only', {}), because('kept-so-far', { copies: 2, media: 2, offSite: 0 })],
  steps: [],
  copies: 2,
  media: 2,
  offSite: 0,
  places: [],
};

test('what lies on one disk only is not called safe, and it is said why', () => {
  const shown = withPlaces(device, status);
  assert.equal(shown.verdict, 'attention');
  assert.deepEqual(
    sentenceOf(shown).map(({ code }) => code),
    ['verdict-attention', 'backed-up', 'kept-here-only'],
  );
});

test('stays as it is where its places are no worse, or are not known', () => {
  assert.equal(withPlaces(device, { ...status, verdict: 'safe' }), device);
  assert.equal(withPlaces(device, undefined), device);
  const late = { ...device, verdict: 'at-risk' as const };
  assert.equal(withPlaces(late, status), late);
});

test('the worse of two verdicts', () => {
  assert.deepEqual([worseOf('safe', 'attention'), worseOf('at-risk', 'unknown')], ['attention', 'at-risk']);
});
