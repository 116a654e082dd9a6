import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeBinaryPlist, encodeBinaryPlist, PlistReal, PlistUid, type PlistValue } from '../index.ts';

/** A list of one object, which begins at byte 8. */
function listOf(...object: (number | Buffer | string)[]): Buffer {
  return listOfObjects([bytesOf(object)]);
}

/** A list of several objects, the first on top, with references of one byte. */
function listOfObjects(objects: Buffer[], { top = 0, count = objects.length } = {}): Buffer {
  const offsets: number[] = [];
  let at = 8;
  for (const object of objects) {
    offsets.push(at);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer[6] = 2;
  trailer[7] = 1;
  trailer.writeUInt32BE(count, 12);
  trailer.writeUInt32BE(top, 20);
  trailer.writeUInt32BE(at, 28);
  const table = Buffer.concat(offsets.map((offset) => Buffer.from([offset >> 8, offset & 0xff])));
  return Buffer.concat([Buffer.from('bplist00'), ...objects, table, trailer]);
}

function bytesOf(parts: (number | Buffer | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
}

describe('decodeBinaryPlist', () => {
  for (const { what, object, expected } of [
    { what: 'null', object: [0x00], expected: null },
    { what: 'false', object: [0x08], expected: false },
    { what: 'true', object: [0x09], expected: true },
    { what: 'one byte as unsigned', object: [0x10, 0xff], expected: 255 },
    { what: 'two bytes as unsigned', object: [0x11, '\u007f\u007f'], expected: 0x7f7f },
    { what: 'four bytes as unsigned', object: [0x12, Buffer.from('ffffffff', 'hex')], expected: 2 ** 32 - 1 },
    { what: 'eight bytes as signed', object: [0x13, Buffer.alloc(8, 255)], expected: -1 },
    {
      what: 'eight bytes beyond 2^53',
      object: [0x13, Buffer.from('7fffffffffffffff', 'hex')],
      expected: 2n ** 63n - 1n,
    },
    {
      what: 'sixteen bytes as unsigned',
      object: [0x14, Buffer.alloc(8), Buffer.alloc(8, 255)],
      expected: 2n ** 64n - 1n,
    },
    { what: 'sixteen bytes, negative', object: [0x14, Buffer.alloc(16, 255)], expected: -1 },
    { what: 'a short real', object: [0x22, Buffer.from('3fc00000', 'hex')], expected: new PlistReal(1.5) },
    { what: 'a real', object: [0x23, Buffer.from('3ff8000000000000', 'hex')], expected: new PlistReal(1.5) },
    { what: 'ASCII', object: [0x52, 'hi'], expected: 'hi' },
    { what: 'an empty string', object: [0x50], expected: '' },
    { what: 'UTF-8 where ASCII should be', object: [0x52, 'é'], expected: 'é' },
    { what: 'UTF-16', object: [0x62, Buffer.from('d83dde00', 'hex')], expected: '😀' },
    { what: 'a lone surrogate', object: [0x61, Buffer.from('d83d', 'hex')], expected: '\ud83d' },
    { what: 'data', object: [0x42, 'hi'], expected: Buffer.from('hi') },
    { what: 'data with a length of its own', object: [0x4f, 0x10, 2, 'hi'], expected: Buffer.from('hi') },
    { what: 'a UID', object: [0x81, 1, 2], expected: new PlistUid(258) },
    { what: 'an empty list', object: [0xa0], expected: [] },
    { what: 'an empty set', object: [0xc0], expected: [] },
    { what: 'an empty dictionary', object: [0xd0], expected: {} },
  ] satisfies { what: string; object: (number | Buffer | string)[]; expected: PlistValue }[]) {
    test(`reads ${what}`, () => {
      assert.deepEqual(decodeBinaryPlist(listOf(...object)), expected);
    });
  }

  test('gives data as a view of the bytes', () => {
    const bytes = encodeBinaryPlist(Buffer.from('payload'));
    const data = decodeBinaryPlist(bytes) as Buffer;
    assert.equal(data.buffer, bytes.buffer);
  });

  test('reads a list that lies anywhere in a larger buffer', () => {
    const bytes = encodeBinaryPlist(['a', 'b']);
    const larger = new Uint8Array([9, 9, ...bytes, 9]);
    assert.deepEqual(decodeBinaryPlist(larger.subarray(2, -1)), ['a', 'b']);
  });

  test('takes offsets of three bytes, as libplist writes them', () => {
    const bytes = encodeBinaryPlist('x');
    const trailer = Buffer.from(bytes.subarray(-32));
    trailer[6] = 3;
    assert.equal(decodeBinaryPlist(Buffer.concat([bytes.subarray(0, 10), Buffer.from([0, 0, 8]), trailer])), 'x');
  });

  test('makes an own property of any key', () => {
    const value = decodeBinaryPlist(encodeBinaryPlist({ ['__proto__']: { admin: true }, constructor: 1 }));
    assert.deepEqual(Object.keys(value as object), ['__proto__', 'constructor']);
    assert.equal((value as { admin?: boolean }).admin, undefined);
  });

  test('gives a container that is named twice twice, not shared', () => {
    const [first, second] = decodeBinaryPlist(listOfObjects([bytesOf([0xa2, 1, 1]), bytesOf([0xa0])])) as unknown[];
    assert.deepEqual([first, second], [[], []]);
    assert.notEqual(first, second);
  });

  const good = encodeBinaryPlist({ a: [1, 'x'] });
  const withTrailer = (change: (trailer: Buffer) => void): Buffer => {
    const copy = Buffer.from(good);
    change(copy.subarray(-32));
    return copy;
  };
  for (const { what, bytes } of [
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'a header alone', bytes: Buffer.from('bplist00') },
    { what: 'another version of the format', bytes: Buffer.concat([Buffer.from('bplist15'), good.subarray(8)]) },
    { what: 'offsets of no bytes', bytes: withTrailer((trailer) => (trailer[6] = 0)) },
    { what: 'references of no bytes', bytes: withTrailer((trailer) => (trailer[7] = 0)) },
    { what: 'more objects than fit', bytes: withTrailer((trailer) => trailer.writeUInt32BE(1_000_000, 12)) },
    { what: 'a number of objects beyond reason', bytes: withTrailer((trailer) => trailer.fill(0xff, 8, 16)) },
    { what: 'a top object that is not there', bytes: withTrailer((trailer) => trailer.writeUInt32BE(99, 20)) },
    { what: 'an offset table in the header', bytes: withTrailer((trailer) => trailer.writeUInt32BE(4, 28)) },
    { what: 'an offset table past the end', bytes: withTrailer((trailer) => trailer.writeUInt32BE(9999, 28)) },
    { what: 'a string longer than the list', bytes: listOf(0x5f, 0x12, Buffer.alloc(4, 255)) },
    { what: 'a list longer than the list', bytes: listOf(0xaf, 0x13, Buffer.alloc(8, 255)) },
    { what: 'a length that is a string', bytes: listOf(0x5f, 0x51, 'x') },
    { what: 'a length that is cut off', bytes: listOf(0x5f) },
    { what: 'an integer of 32 bytes', bytes: listOf(0x15, Buffer.alloc(32)) },
    { what: 'an integer beyond 64 bits', bytes: listOf(0x14, Buffer.alloc(8, 1), Buffer.alloc(8)) },
    { what: 'a real of one byte', bytes: listOf(0x20, 1) },
    { what: 'a date of four bytes', bytes: listOf(0x32, Buffer.alloc(4)) },
    { what: 'an unknown constant', bytes: listOf(0x0f) },
    { what: 'an unknown type', bytes: listOf(0x70) },
    { what: 'a UID beyond a number', bytes: listOf(0x8f, Buffer.alloc(16, 255)) },
    { what: 'a key that is a number', bytes: listOfObjects([bytesOf([0xd1, 1, 1]), bytesOf([0x10, 1])]) },
    { what: 'a list that holds itself', bytes: listOfObjects([bytesOf([0xa1, 0])]) },
    {
      what: 'lists that hold each other many times',
      bytes: listOfObjects([bytesOf([0xa3, 1, 1, 1]), bytesOf([0xa3, 0, 0, 0])]),
    },
    { what: 'a dictionary that holds itself', bytes: listOfObjects([bytesOf([0xd1, 1, 0]), bytesOf([0x51, 'a'])]) },
    { what: 'lists that double at every level', bytes: listOfObjects(doubling(60)) },
    {
      what: 'lists that name a long string at every level',
      bytes: listOfObjects([...doubling(14), longString(100_000)]),
    },
    { what: 'strings that overlap', bytes: overlappingStrings(200) },
  ]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => decodeBinaryPlist(bytes), { name: 'FormatError' });
    });
  }
});

describe('encodeBinaryPlist', () => {
  test('writes what Apple’s own tools write', () => {
    // Checked with Python's plistlib and libplist's plistutil.
    const expected =
      '62706c6973743030' + // bplist00
      'd2010203045161516210011102bc' + // { a: 1, b: 700 }
      '080d0f1113' + // where the five objects begin
      '00000000000001010000000000000005000000000000000000000000' + // trailer
      '00000016';
    assert.equal(encodeBinaryPlist({ a: 1, b: 700 }).toString('hex'), expected);
  });

  test('stores equal scalars once, but 3.0 apart from 3 and from its text', () => {
    const one = encodeBinaryPlist(['long enough to matter', 5n, 5, 'long enough to matter']);
    assert.equal(one.toString('latin1').split('long enough').length, 2);
    const value = [3, new PlistReal(3), '3', 3];
    assert.deepEqual(decodeBinaryPlist(encodeBinaryPlist(value)), value);
  });

  test('keeps −0, NaN and infinity as reals', () => {
    const value = [-0, 0, NaN, Infinity, -Infinity].map((each) => new PlistReal(each));
    assert.deepEqual(decodeBinaryPlist(encodeBinaryPlist(value)), value);
  });

  test('stores numbers as integers where they are, and as reals where not', () => {
    assert.deepEqual(decodeBinaryPlist(encodeBinaryPlist([1.5, 2 ** 60, 2 ** 70, -1])), [
      new PlistReal(1.5),
      2n ** 60n,
      new PlistReal(2 ** 70),
      -1,
    ]);
  });

  test('needs more than one byte for references to many objects', () => {
    for (const count of [255, 256, 70_000]) {
      const value = Array.from({ length: count }, (_, i) => i);
      assert.deepEqual(decodeBinaryPlist(encodeBinaryPlist(value)), value);
    }
  });

  test('takes a dictionary of 100,000 keys', () => {
    const value = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]));
    assert.deepEqual(decodeBinaryPlist(encodeBinaryPlist(value)), value);
  });

  test('refuses what no list can hold', () => {
    const cycle: PlistValue[] = [];
    cycle.push(cycle);
    assert.throws(() => encodeBinaryPlist(cycle), TypeError);
    assert.throws(() => encodeBinaryPlist({ a: undefined } as never), TypeError);
    assert.throws(() => encodeBinaryPlist((() => 1) as never), TypeError);
    assert.throws(() => encodeBinaryPlist(2n ** 64n), RangeError);
    assert.throws(() => encodeBinaryPlist(-(2n ** 63n) - 1n), RangeError);
  });
});

/** Lists that each hold the next one twice: 2^levels members in a few hundred bytes. */
function doubling(levels: number): Buffer[] {
  return Array.from({ length: levels }, (_, i) => bytesOf([0xa2, i + 1, i + 1])).concat(
    levels === 60 ? [bytesOf([0xa0])] : [],
  );
}

function longString(length: number): Buffer {
  const marker = Buffer.from([0x5f, 0x12, 0, 0, 0, 0]);
  marker.writeUInt32BE(length, 2);
  return Buffer.concat([marker, Buffer.alloc(length, 'x')]);
}

/** Strings of 200 bytes that begin one byte after another: each object is cheap, all of them together are not. */
function overlappingStrings(count: number): Buffer {
  const strings = Buffer.concat(Array.from({ length: count }, () => Buffer.from([0x5f])));
  const body = Buffer.concat([
    bytesOf([0xaf, 0x10, count]),
    Buffer.from(Array.from({ length: count }, (_, i) => i + 1)),
    strings,
    Buffer.alloc(400, 0x10),
  ]);
  const list = listOfObjects([body]);
  const start = 8 + 3 + count;
  const offsets = [8, ...Array.from({ length: count }, (_, i) => start + i)];
  const table = Buffer.concat(offsets.map((offset) => Buffer.from([offset >> 8, offset & 0xff])));
  const trailer = Buffer.from(list.subarray(-32));
  trailer.writeUInt32BE(count + 1, 12);
  return Buffer.concat([list.subarray(0, 8 + body.length), table, trailer]);
}
