import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  decodeBinaryPlist,
  decodePlist,
  decodeXmlPlist,
  encodeBinaryPlist,
  encodeXmlPlist,
  PlistReal,
  PlistUid,
  PreciseDate,
  type PlistValue,
} from '../index.ts';

const integers = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map((value) => (isSafe(value) ? Number(value) : value)),
);
const reals = fc.double().map((value) => new PlistReal(value));
const data = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
const uids = fc.nat(0xffff_ffff).map((value) => new PlistUid(value));

/** Values that both formats can hold, given what strings and dates each of them can. */
function values(strings: fc.Arbitrary<string>, dates: fc.Arbitrary<Date>): fc.Arbitrary<PlistValue> {
  return fc.letrec<{ value: PlistValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      strings,
      integers,
      reals,
      data,
      dates,
      fc.boolean(),
      uids,
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(strings, tie('value'), { maxKeys: 6, noNullPrototype: true }),
    ),
  })).value;
}

const anyDate = fc.double({ noNaN: true, min: -1e12, max: 1e12 }).map((seconds) => decodedDate(seconds));
const binaryValues = values(fc.string({ unit: 'binary' }), anyDate);
const wholeSeconds = fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }).map((s) => new Date(s * 1000));
const xmlValues = values(
  fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\t', '\n', '\r', ' ', '&', '<', '>', '"', "'", ']]>') }),
  wholeSeconds,
);

describe('a binary list', () => {
  test('gives back exactly what was written', () => {
    fc.assert(fc.property(binaryValues, (value) => assert.deepEqual(decodePlist(encodeBinaryPlist(value)), value)));
  });

  test('with flipped bits and cuts is read or refused, never a crash', () => {
    fc.assert(
      fc.property(binaryValues, mutations, (value, mutate) => readOrRefuse(mutate(encodeBinaryPlist(value)))),
      {
        numRuns: 1_000,
      },
    );
  });
});

describe('an XML list', () => {
  test('gives back exactly what was written', () => {
    fc.assert(fc.property(xmlValues, (value) => assert.deepEqual(decodePlist(encodeXmlPlist(value)), value)));
  });

  test('with flipped bits and cuts is read or refused, never a crash', () => {
    fc.assert(
      fc.property(xmlValues, mutations, (value, mutate) => readOrRefuse(mutate(encodeXmlPlist(value)))),
      {
        numRuns: 1_000,
      },
    );
  });

  test('can say everything that a binary list decoded from hostile bytes can hold', () => {
    fc.assert(fc.property(binaryValues, (value) => void decodeXmlPlist(encodeXmlPlist(value))));
  });
});

describe('dates', () => {
  test('that milliseconds express are plain dates', () => {
    const date = decodeBinaryPlist(encodeBinaryPlist(new Date(1_600_000_000_123)));
    assert.deepEqual(date, new Date(1_600_000_000_123));
    assert.equal(Object.getPrototypeOf(date), Date.prototype);
  });

  test('finer than a millisecond keep every bit', () => {
    const date = decodedDate(123.000_000_1);
    assert.ok(date instanceof PreciseDate);
    assert.equal(date.secondsSince2001, 123.000_000_1);
    assert.equal(date.toISOString(), '2001-01-01T00:02:03.000Z');
    assert.deepEqual(encodeBinaryPlist(date).readDoubleBE(9), 123.000_000_1);
  });

  test('beyond the range of Date keep their number', () => {
    const date = decodedDate(1e300);
    assert.ok(date instanceof PreciseDate);
    assert.equal(Number.isNaN(date.getTime()), true);
    assert.equal(encodeBinaryPlist(date).readDoubleBE(9), 1e300);
    assert.match(encodeXmlPlist(date).toString(), /<date>2001-01-01T00:00:00Z</);
  });
});

test('sniffing refuses what is neither', () => {
  for (const bytes of ['', 'hello', 'bplist', 'bplist1', '{"a": 1}', '\0\0\0\0']) {
    assert.throws(() => decodePlist(Buffer.from(bytes)), { name: 'FormatError' });
  }
});

/** Flips bytes, then perhaps cuts. */
const mutations = fc
  .record({
    edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
    cut: fc.option(fc.nat(), { freq: 3 }),
  })
  .map(({ edits, cut }) => (bytes: Buffer): Buffer => {
    for (const [at, to] of edits) bytes[at % bytes.length] = to;
    return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
  });

function readOrRefuse(bytes: Buffer): void {
  try {
    const value = decodePlist(bytes);
    encodeBinaryPlist(value);
    encodeXmlPlist(value);
  } catch (error) {
    assert.equal((error as Error).name, 'FormatError', String(error));
  }
}

/** The date that a binary list of these seconds gives. */
function decodedDate(secondsSince2001: number): Date {
  const bytes = encodeBinaryPlist(new Date(0));
  bytes.writeDoubleBE(secondsSince2001, 9);
  return decodeBinaryPlist(bytes) as Date;
}

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}
