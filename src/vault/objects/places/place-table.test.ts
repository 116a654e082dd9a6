import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { HashFilter } from './hash-filter.ts';
import { OWN_FILE, PlaceList } from './place-list.ts';
import { PlaceTable } from './place-table.ts';
import { sha256 } from '../store.test-helper.ts';

const hashOf = (n: number): Buffer => sha256(Buffer.from(`object ${n}`));

describe('a place table', () => {
  test('holds what a map would hold', () => {
    const key = fc.nat(300);
    const place = fc.record({ segment: fc.nat(2 ** 45), offset: fc.nat(2 ** 26), sizeBytes: fc.nat(2 ** 40) });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, place), { maxLength: 400 }), (puts) => {
        const table = new PlaceTable();
        const map = new Map<number, object>();
        for (const [n, { segment, offset, sizeBytes }] of puts) {
          table.set(hashOf(n), segment, offset, sizeBytes);
          map.set(n, { segment, offset, sizeBytes });
        }
        assert.equal(table.size, map.size);
        for (let n = 0; n <= 300; n++) assert.deepEqual(table.get(hashOf(n)), map.get(n));
      }),
      { numRuns: 30 },
    );
  });

  test('tells hashes with the same beginning apart', () => {
    const table = new PlaceTable();
    const twin = Buffer.from(hashOf(1));
    twin.writeUInt8(twin.readUInt8(31) ^ 1, 31);
    table.set(hashOf(1), 1, 100, 10);
    assert.equal(table.has(twin), false);
    table.set(twin, 2, 200, 20);
    assert.equal(table.get(hashOf(1))?.segment, 1);
    assert.equal(table.get(twin)?.segment, 2);
  });

  test('is empty after clear, and can be filled again', () => {
    const table = new PlaceTable();
    for (let n = 0; n < 5000; n++) table.set(hashOf(n), n, 0, 0);
    table.clear();
    assert.equal(table.size, 0);
    assert.equal(table.get(hashOf(7)), undefined);
    table.set(hashOf(7), 7, 70, 700);
    assert.deepEqual(table.get(hashOf(7)), { segment: 7, offset: 70, sizeBytes: 700 });
  });
});

describe('a place list', () => {
  test('keeps duplicates and sorts by hash and by place', () => {
    const places = new PlaceList();
    for (const [n, segment, offset] of [
      [1, 9, 50],
      [2, 9, 10],
      [3, OWN_FILE, 0],
      [2, 9, 10],
      [4, 3, 99],
    ] as const) {
      places.push(hashOf(n), segment, offset, n);
    }
    assert.deepEqual([...places.entriesByPlace()], [2, 4, 1, 3, 0]);
    const sorted = [...places.entriesByHash()].map((entry) => places.hashAt(entry).toString('hex'));
    assert.deepEqual(sorted, sorted.toSorted());
    assert.equal(new Set(places.entriesByHash()).size, 5);
  });
});

describe('a hash filter', () => {
  test('never denies what was added, and denies nearly everything else', () => {
    const filter = new HashFilter();
    for (let n = 0; n < 20_000; n++) filter.add(hashOf(n));
    for (let n = 0; n < 20_000; n++) assert.ok(filter.mightHold(hashOf(n)));
    let perhaps = 0;
    for (let n = 20_000; n < 40_000; n++) if (filter.mightHold(hashOf(n))) perhaps++;
    assert.ok(perhaps < 10, `${perhaps} of 20,000`);
  });

  test('copes with a hash that begins with zeros', () => {
    const filter = new HashFilter();
    assert.equal(filter.mightHold(Buffer.alloc(32)), false);
    filter.add(Buffer.alloc(32));
    assert.equal(filter.mightHold(Buffer.alloc(32)), true);
  });
});
