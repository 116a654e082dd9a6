import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  count,
  dictionary,
  either,
  flag,
  instant,
  object,
  oneOf,
  optional,
  type Shape,
  shaped,
  text,
  textLike,
} from './shape.ts';

const Person = object({
  name: text,
  bornAt: instant,
  children: count,
  married: optional(flag),
  address: optional(object({ town: text })),
});

describe('an object of a shape', () => {
  test('is read with its keys converted and others left out', () => {
    const value = {
      name: 'Ada',
      bornAt: '1815-12-10T00:00:00Z',
      children: 3,
      address: { town: 'London' },
      hat: 'none',
    };
    assert.deepEqual(shaped(Person, value), {
      name: 'Ada',
      bornAt: new Date('1815-12-10'),
      children: 3,
      address: { town: 'London' },
    });
  });

  test('is refused as a whole when anything in it does not fit', () => {
    const fits = { name: 'Ada', bornAt: '1815-12-10T00:00:00Z', children: 3 };
    for (const wrong of [
      { ...fits, name: 3 },
      { ...fits, name: undefined },
      { ...fits, children: -1 },
      { ...fits, married: 'no' },
      { ...fits, address: {} },
      [fits],
      null,
      'Ada',
    ]) {
      assert.equal(shaped(Person, wrong), undefined);
    }
  });

  test('has no keys that it only inherits', () => {
    assert.equal(shaped(object({ toString: text }), {}), undefined);
    assert.equal(shaped(object({ name: text }), Object.create({ name: 'Ada' })), undefined);
  });
});

for (const { what, shape, right, wrong } of [
  { what: 'a count', shape: count, right: [0, 7, Number.MAX_SAFE_INTEGER], wrong: [-1, 0.5, 2 ** 53, '1', NaN] },
  { what: 'a text of a kind', shape: textLike(/^[a-f]+$/), right: ['abc'], wrong: ['xyz', '', 5, undefined] },
  { what: 'one of several', shape: oneOf<string | number | boolean>('a', 1, false), right: ['a', 1, false], wrong: ['b', 0, true, null] },
  { what: 'either of several', shape: either<string | boolean>(text, flag), right: ['', false], wrong: [0, null] },
] satisfies readonly { what: string; shape: Shape<unknown>; right: unknown[]; wrong: unknown[] }[]) {
  test(`${what} is told from what is none`, () => {
    for (const value of right) assert.equal(shaped<unknown>(shape, value), value);
    for (const value of wrong) assert.equal(shaped<unknown>(shape, value), undefined);
  });
}

test('an instant is a time as dates are written, on a day that there is', () => {
  for (const value of ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.123Z', '2024-02-29T23:59:59.999Z']) {
    assert.deepEqual(shaped(instant, value), new Date(value));
  }
  for (const value of ['2026-11-22', '2026-02-29T10:00:00Z', '2026-13-01T10:00:00Z', '2026-11-22T10:00:00+01:00', 5]) {
    assert.equal(shaped(instant, value), undefined);
  }
});

test('a dictionary has any keys, also those that objects have a meaning for', () => {
  const value: unknown = JSON.parse('{"a":1,"__proto__":2}');
  const read = shaped(dictionary(count), value);
  assert.deepEqual(Object.entries(read ?? {}), [
    ['a', 1],
    ['__proto__', 2],
  ]);
  assert.equal(shaped(dictionary(count), { a: 'x' }), undefined);
});
