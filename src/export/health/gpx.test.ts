import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gpx } from './gpx.ts';

test('a route through Greenwich is written without powers of ten, which GPX does not have', () => {
  const point = {
    at: new Date('2026-05-01T07:30:00Z'),
    latitude: 51.4778,
    longitude: -2.5e-7,
    altitudeMeters: 1e-9,
    speed: 0,
    courseDegrees: 3e-8,
    horizontalAccuracyMeters: undefined,
    verticalAccuracyMeters: null,
  };
  const track = [...gpx('Morning run', [point])].join('');
  assert.match(track, /<trkpt lat="51\.4778" lon="-0\.0000002500"><ele>0\.0000000010<\/ele>/);
  assert.match(track, /<speed>0<\/speed><course>0\.0000000300<\/course>/);
});
