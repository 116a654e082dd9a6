import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  decodeSegmentIndex,
  encodeSegmentHeader,
  FOOTER_BYTES,
  INDEX_ENTRY_BYTES,
  indexOffset,
  isSegmentHeader,
  RECORD_HEADER_BYTES,
  SegmentIndexBuilder,
  writeRecordHeader,
} from './segment-format.ts';
import { scanRecords } from './segment-scan.ts';
import { sha256 } from '../store.test-helper.ts';

const object = fc.uint8Array({ maxLength: 200 });

describe('a segment', () => {
  test('is read back as it was written, by its index and by its records', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 20 }), (objects) => {
        const segment = encodeSegment(7, objects);
        const footer = segment.subarray(segment.length - FOOTER_BYTES);
        const index = decodeSegmentIndex(segment.subarray(indexOffset(footer, segment.length)));
        const scanned = scanRecords(segment);
        for (const records of [index, scanned]) {
          assert.equal(records.count, objects.length);
          for (const [entry, bytes] of objects.entries()) {
            const start = records.offsetAt(entry);
            assert.deepEqual(records.hashAt(entry), sha256(bytes));
            assert.deepEqual(segment.subarray(start, start + records.sizeAt(entry)), Buffer.from(bytes));
          }
        }
      }),
    );
  });

  test('begins with its number', () => {
    const header = encodeSegmentHeader(0x0123456789ab);
    assert.ok(isSegmentHeader(header, 0x0123456789ab));
    assert.ok(!isSegmentHeader(header, 0x0123456789ac));
    assert.ok(!isSegmentHeader(header.subarray(0, 15), 0x0123456789ab));
  });

  test('has no index once a byte of it has changed', () => {
    const segment = encodeSegment(7, [Buffer.from('one'), Buffer.from('two')]);
    const start = segment.length - FOOTER_BYTES - 2 * INDEX_ENTRY_BYTES;
    fc.assert(
      fc.property(fc.integer({ min: start, max: segment.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(segment);
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
        const offset = indexOffset(damaged.subarray(damaged.length - FOOTER_BYTES), damaged.length);
        if (offset !== undefined) assert.throws(() => decodeSegmentIndex(damaged.subarray(offset)), FORMAT_INVALID);
      }),
    );
  });

  test('has no index whose numbers do not fit its length', () => {
    const segment = encodeSegment(7, [Buffer.from('one')]);
    const footer = segment.subarray(segment.length - FOOTER_BYTES);
    assert.equal(indexOffset(footer, segment.length + 1), undefined);
    assert.equal(indexOffset(footer.subarray(1), segment.length), undefined);
  });

  test('does not let its index name a place outside the records', () => {
    const index = new SegmentIndexBuilder();
    index.add(sha256(Buffer.from('x')), 4, 10);
    assert.throws(() => decodeSegmentIndex(index.encode()), FORMAT_INVALID);
  });
});

describe('the search for records', () => {
  const objects = Array.from({ length: 12 }, (_, n) => Buffer.alloc(50 + n * 13, n + 1));
  const hashes = objects.map((bytes) => sha256(bytes).toString('hex'));

  test('finds every record but the one that is damaged', () => {
    const segment = encodeRecords(7, objects);
    fc.assert(
      fc.property(fc.integer({ min: 16, max: segment.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(segment);
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
        const lost = recordAt(objects, at);
        assert.deepEqual(found(damaged), hashes.toSpliced(lost, 1));
      }),
    );
  });

  test('finds the records before a cut', () => {
    const segment = encodeRecords(7, objects);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: segment.length }), (length) => {
        const whole = length === segment.length ? objects.length : recordAt(objects, Math.max(length, 16));
        assert.deepEqual(found(segment.subarray(0, length)), hashes.slice(0, whole));
      }),
    );
  });

  test('takes nothing from bytes that are no records', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => found(Buffer.from(bytes)).length === 0));
    assert.deepEqual(found(Buffer.alloc(100_000)), []);
  });

  test('is not led astray by an object that contains records', () => {
    const nested = encodeRecords(8, objects);
    assert.deepEqual(found(encodeRecords(7, [nested])), [sha256(nested).toString('hex')]);
  });
});

const FORMAT_INVALID = { code: 'FORMAT_INVALID' };

function found(bytes: Buffer): string[] {
  const index = scanRecords(bytes);
  return Array.from({ length: index.count }, (_, entry) => index.hashAt(entry).toString('hex'));
}

/** The number of the record that holds the byte at this offset. */
function recordAt(objects: readonly Uint8Array[], at: number): number {
  let end = 16;
  return objects.findIndex((bytes) => (end += RECORD_HEADER_BYTES + bytes.length) > at);
}

function encodeRecords(number: number, objects: readonly Uint8Array[]): Buffer {
  const records = objects.map((bytes) => {
    const header = Buffer.alloc(RECORD_HEADER_BYTES);
    writeRecordHeader(header, 0, sha256(bytes), bytes.length);
    return Buffer.concat([header, bytes]);
  });
  return Buffer.concat([encodeSegmentHeader(number), ...records]);
}

function encodeSegment(number: number, objects: readonly Uint8Array[]): Buffer {
  const records = encodeRecords(number, objects);
  const index = new SegmentIndexBuilder();
  let offset = 16;
  for (const bytes of objects) {
    offset += RECORD_HEADER_BYTES;
    index.add(sha256(bytes), offset, bytes.length);
    offset += bytes.length;
  }
  return Buffer.concat([records, index.encode()]);
}
