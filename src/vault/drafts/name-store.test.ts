import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { NameStore } from './name-store.ts';

const FILE_ID = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const NAMES = fc.array(
  fc.oneof(
    FILE_ID,
    fc.string({ unit: 'binary' }),
    FILE_ID.map((id) => id.slice(0, 39)),
  ),
  {
    maxLength: 40,
  },
);

test('a name store gives back what was put in, also over the end of a chunk', () => {
  const names = new NameStore();
  const given = Array.from({ length: 3000 }, (_, i) => `${i}-${'ü'.repeat(i % 200)}`);
  const places = given.map((name) => names.add(name));
  assert.deepEqual(
    places.map((place) => names.get(place)),
    given,
  );
  assert.ok(places.every((place, i) => names.is(place, given[i] ?? '') && !names.is(place, `${given[i]}x`)));
});

test('a name store has names in the order of their bytes in UTF-8', () => {
  fc.assert(
    fc.property(NAMES, (given) => {
      const names = new NameStore();
      const places = given.map((name) => names.add(name));
      assert.deepEqual(
        places.toSorted((a, b) => names.compare(a, b)).map((place) => names.get(place)),
        given.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
    }),
  );
});

test('names that begin alike, packed or not, stand in the order of what comes next', () => {
  const names = new NameStore();
  const id = 'ab'.repeat(20);
  const given = [`${id}0`, id, id.slice(0, 39), `${id.slice(0, 39)}c`, `${id.slice(0, 39)}Z`, `${id.slice(0, 39)}ü`];
  const sorted = given.map((name) => names.add(name)).toSorted((a, b) => names.compare(a, b));
  assert.deepEqual(
    sorted.map((place) => names.get(place)),
    [id.slice(0, 39), `${id.slice(0, 39)}Z`, id, `${id}0`, `${id.slice(0, 39)}c`, `${id.slice(0, 39)}ü`],
  );
});
