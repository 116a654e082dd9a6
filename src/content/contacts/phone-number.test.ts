import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { agreement, plainNumber } from './phone-number.ts';

describe('a telephone number', () => {
  for (const [text, digits, isInternational] of [
    ['+49 (0) 151 234-567', '49151234567', true],
    ['0049 151 234567', '49151234567', true],
    ['0151/23 45 67', '0151234567', false],
    ['1-800-MY-APPLE', '18006927753', false],
    ['(919) 888-7386 ext. 12', '9198887386', false],
    ['+1 919 888 7386,,55#', '19198887386', true],
    ['tel:+1-919-888-7386', '19198887386', true],
    ['٠١٥١٢٣٤٥٦٧', '0151234567', false],
    ['＋４９ １５１', '49151', true],
    ['112', '112', false],
  ] as const) {
    test(`is read from ${text}`, () => assert.deepEqual(plainNumber(text), { digits, isInternational }));
  }

  for (const text of ['', 'DHL', 'anna@example.org', 'Info', '+']) {
    test(`is none in “${text}”`, () => assert.equal(plainNumber(text), undefined));
  }

  test('is found in any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const number = plainNumber(text);
        if (number !== undefined) assert.match(number.digits, /^\d+$/);
      }),
    );
  });
});

describe('two numbers', () => {
  for (const [a, b, expected] of [
    ['+49 151 2345678', '+491512345678', 3],
    ['0151 2345678', '+491512345678', 2],
    ['06 1234 5678', '+39 06 1234 5678', 2],
    ['(919) 888-7386', '+19198887386', 2],
    ['888-7386', '+19198887386', 1],
    ['+491512345678', '+431512345678', 0],
    ['0151 2345678', '0152 2345678', 0],
    ['112', '+49112', 0],
  ] as const) {
    test(`${a} and ${b} agree by ${expected}`, () => {
      const [first, second] = [plainNumber(a), plainNumber(b)];
      assert.ok(first !== undefined && second !== undefined);
      assert.equal(agreement(first, second), expected);
      assert.equal(agreement(second, first), expected);
    });
  }
});
