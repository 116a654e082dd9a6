import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { z } from 'zod';
import {
  allOf,
  either,
  is,
  isCount,
  isFlag,
  isNumber,
  isText,
  isTime,
  isUuid,
  listOf,
  matches,
  maybe,
  parseObject,
  schemaOf,
  shaped,
} from './json-shape.ts';

const shape = shaped({
  id: isUuid,
  at: isTime,
  count: isCount,
  kind: is('a', 'b'),
  hash: matches(/^[0-9a-f]{4}$/),
  note: maybe(isText),
  inside: shaped({ flag: isFlag }),
  checks: allOf(isCount),
  names: listOf(isText),
  value: either(isText, isNumber, isFlag),
});
/** The same, as a library of schemas has it. */
const schema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  count: z.int().nonnegative(),
  kind: z.enum(['a', 'b']),
  hash: z.string().regex(/^[0-9a-f]{4}$/),
  note: z.string().optional(),
  inside: z.object({ flag: z.boolean() }),
  checks: z.record(z.string(), z.int().nonnegative()),
  names: z.array(z.string()),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
const GOOD = {
  id: '0b8ac1b6-3e1e-4a5b-9c3d-0a1b2c3d4e5f',
  at: '2026-11-22T10:43:00.000Z',
  count: 5,
  kind: 'a',
  hash: '00ff',
  inside: { flag: true, more: 1 },
  checks: { a: 1 },
  names: ['x'],
  value: 1.5,
  more: 'is not looked at',
};

test('a shape takes and refuses what a schema would', () => {
  assert.ok(shape(GOOD) && schema.safeParse(GOOD).success);
  const value = fc.oneof(
    fc.constantFrom(
      '2026-02-30T00:00:00Z',
      '2026-11-22T10:43:00Z',
      '2026-11-22',
      '2026-11-22T25:00:00Z',
      'c',
      '00fg',
      GOOD.id,
      GOOD.id.toUpperCase(),
      GOOD.id.slice(1),
      undefined,
      null,
      [],
      [1, 'x'],
      ['x', 'y'],
      {},
      { flag: 1 },
      { a: -1 },
    ),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(GOOD), 'note'), value, (field, other) => {
      const changed = { ...GOOD, [field]: other };
      assert.equal(shape(changed), schema.safeParse(changed).success, JSON.stringify(changed));
    }),
    { numRuns: 2000 },
  );
});

test('names that mean something to JavaScript are only names', () => {
  assert.equal(shaped({ toString: isText })({}), false);
  assert.equal(shaped({ constructor: maybe(isText) })({}), true);
});

test('only the text of an object is one', () => {
  assert.deepEqual(parseObject('{"a":1}'), { a: 1 });
  for (const text of ['', '{', '[]', 'null', '5', '"{}"']) assert.equal(parseObject(text), undefined);
});

test('what a schema of a shape does not take, it refuses', () => {
  const { parse } = schemaOf(shaped({ id: isText }));
  assert.deepEqual(parse({ id: 'a' }), { id: 'a' });
  assert.throws(() => parse({ id: 1 }), { code: 'FORMAT_INVALID' });
});
