import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boxOf, latitudeAt, longitudeAt, showing, worldX, worldY, zoomedBy } from './projection.ts';

const size = { width: 800, height: 400 };

describe('the map', () => {
  test('goes from places to the map and back', () => {
    for (const [longitude, latitude] of [
      [0, 0],
      [13.4, 52.5],
      [-122.4, 37.8],
      [151.2, -33.9],
    ] as const) {
      assert.ok(Math.abs(longitudeAt(worldX(longitude)) - longitude) < 1e-9);
      assert.ok(Math.abs(latitudeAt(worldY(latitude)) - latitude) < 1e-9);
    }
  });
  test('shows all of a box', () => {
    const box = { west: 5, south: 45, east: 15, north: 55 };
    const seen = boxOf(showing(box, size), size);
    assert.ok(seen.west <= box.west && seen.east >= box.east && seen.south <= box.south && seen.north >= box.north);
  });
  test('keeps what is under the pointer where it is', () => {
    const view = showing({ west: 5, south: 45, east: 15, north: 55 }, size);
    const at = (of: typeof view): number => of.x + 100 / (256 * 2 ** of.zoom);
    assert.ok(Math.abs(at(zoomedBy(view, 1, 100, 0)) - at(view)) < 1e-12);
  });
  test('never leaves the world', () => {
    const wide = boxOf({ x: 0.5, y: 0.5, zoom: 0 }, size);
    assert.deepEqual([wide.west, wide.east, wide.south, wide.north], [-180, 180, -90, 90]);
  });
});
