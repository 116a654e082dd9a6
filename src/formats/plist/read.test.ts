import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  arrayAt,
  asDictionary,
  booleanAt,
  bytesAt,
  dateAt,
  dictionaryAt,
  integerAt,
  numberAt,
  PlistReal,
  PlistUid,
  PreciseDate,
  stringAt,
  valueAt,
} from '../index.ts';

const dictionary = {
  text: 't',
  integer: 5,
  big: 2n ** 60n,
  safe: 5n,
  real: new PlistReal(1.5),
  yes: true,
  data: new Uint8Array([1, 2]),
  date: new Date(0),
  never: new PreciseDate(1e300),
  list: [1],
  dict: { a: 1 },
};

test('each reader gives its own type and undefined for any other', () => {
  const readers = [stringAt, integerAt, booleanAt, bytesAt, dateAt, arrayAt, dictionaryAt];
  for (const key of Object.keys(dictionary)) {
    const given = readers.filter((read) => read(dictionary, key) !== undefined);
    assert.ok(given.length <= 1, key);
  }
  assert.equal(stringAt(dictionary, 'text'), 't');
  assert.equal(integerAt(dictionary, 'integer'), 5);
  assert.equal(booleanAt(dictionary, 'yes'), true);
  assert.deepEqual(bytesAt(dictionary, 'data'), Buffer.from([1, 2]));
  assert.deepEqual(dateAt(dictionary, 'date'), new Date(0));
  assert.deepEqual(arrayAt(dictionary, 'list'), [1]);
  assert.deepEqual(dictionaryAt(dictionary, 'dict'), { a: 1 });
  assert.equal(valueAt(dictionary, 'big'), 2n ** 60n);
});

test('numbers are read where a number is exact', () => {
  assert.equal(numberAt(dictionary, 'real'), 1.5);
  assert.equal(integerAt(dictionary, 'real'), undefined);
  assert.equal(numberAt(dictionary, 'safe'), 5);
  assert.equal(integerAt(dictionary, 'big'), undefined);
  assert.equal(numberAt(dictionary, 'big'), undefined);
});

test('a date that is beyond all dates is absent', () => {
  assert.equal(dateAt(dictionary, 'never'), undefined);
});

test('what a dictionary inherits is absent', () => {
  assert.equal(valueAt(dictionary, 'constructor'), undefined);
  assert.equal(dictionaryAt(dictionary, '__proto__'), undefined);
  assert.equal(stringAt(undefined, 'text'), undefined);
});

test('only dictionaries are dictionaries', () => {
  for (const value of [null, undefined, 1, 'x', [], new Date(), Buffer.alloc(1), new PlistReal(1), new PlistUid(1)]) {
    assert.equal(asDictionary(value), undefined);
  }
  assert.equal(asDictionary(dictionary), dictionary);
});
