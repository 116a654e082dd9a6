import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

test('the same thing has the same bytes, in whatever order it was put together', () => {
  assert.equal(
    canonicalJson({ b: [1, { d: null, c: 'ä"\n' }], a: true }),
    '{"a":true,"b":[1,{"c":"ä\\"\\n","d":null}]}',
  );
  assert.equal(canonicalJson({ a: 1, b: undefined }), '{"a":1}');
});

test('keys stand in the order of their UTF-16 units, as RFC 8785 has it', () => {
  const keys = ['€', '\r', '\uFB33', '1', '😀', '\u0080', 'ö'];
  const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))) as object);
  // An integer-like key comes first in every object of JavaScript.
  assert.deepEqual(sorted, ['1', '\r', '\u0080', 'ö', '€', '😀', '\uFB33']);
});

test('nothing is lost by it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 1, numRuns: 300 },
  );
});
