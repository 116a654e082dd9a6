import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { databaseOf, sha256 } from '../store.test-helper.ts';
import { FRAME_BYTES, packFrame, TableBuilder, unpack } from './packed-format.ts';

const NAME = sha256(Buffer.from('an object'));

describe('a packed object', () => {
  for (const sizeBytes of [1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 2 * FRAME_BYTES + 7]) {
    test(`of ${sizeBytes} bytes can be read part by part, and by any tool for zstd`, async () => {
      const bytes = databaseOf(sizeBytes, sizeBytes);
      const file = await pack(bytes);
      assert.deepEqual(unpacked(file), bytes);
      assert.deepEqual(zstdDecompressSync(file), bytes);
    });
  }

  test('is not taken for whole when any one bit of its file has changed', async () => {
    const file = await pack(Buffer.concat([Buffer.alloc(FRAME_BYTES, 'a'), Buffer.from('the end')]));
    for (let bit = 0; bit < file.length * 8; bit++) {
      const changed = Buffer.from(file);
      changed.writeUInt8(changed.readUInt8(bit >>> 3) ^ (1 << (bit & 7)), bit >>> 3);
      assert.throws(() => unpacked(changed), { code: 'SNAPSHOT_CORRUPT' }, `bit ${bit}`);
    }
  });

  test('is not taken for whole wherever it is cut, nor with more behind it', async () => {
    const file = await pack(Buffer.concat([Buffer.alloc(FRAME_BYTES, 'a'), Buffer.from('the end')]));
    for (let length = 0; length < file.length; length++) {
      assert.throws(() => unpacked(file.subarray(0, length)), { code: 'SNAPSHOT_CORRUPT' }, `${length} bytes`);
    }
    assert.throws(() => unpacked(Buffer.concat([file, Buffer.alloc(1)])), { code: 'SNAPSHOT_CORRUPT' });
  });
});

describe('a file that is made to do harm', () => {
  const window = { params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 } };
  const huge = zstdCompressSync(Buffer.alloc(130 * FRAME_BYTES), window);
  for (const { what, frames, sizeBytes } of [
    { what: 'says that its object is of 2 TiB', frames: [Buffer.alloc(10)], sizeBytes: 2 ** 41 },
    { what: 'says that its object is longer than can be', frames: [Buffer.alloc(10)], sizeBytes: 2 ** 60 },
    { what: 'says that its object is empty', frames: [], sizeBytes: 0 },
    { what: 'has a frame that unpacks to more than it should', frames: [huge], sizeBytes: FRAME_BYTES },
    { what: 'has a frame that unpacks to less', frames: [zstdCompressSync(Buffer.alloc(9))], sizeBytes: 10 },
    { what: 'has a frame that is longer than any', frames: [Buffer.alloc(2 * FRAME_BYTES)], sizeBytes: FRAME_BYTES },
    { what: 'has an empty frame', frames: [Buffer.alloc(0)], sizeBytes: 1 },
    { what: 'has more frames than its object', frames: [Buffer.alloc(9), Buffer.alloc(9)], sizeBytes: 5 },
    { what: 'has fewer frames than its object', frames: [Buffer.alloc(9)], sizeBytes: FRAME_BYTES + 5 },
  ]) {
    test(`is damaged, and takes little memory: one that ${what}`, () => {
      const before = process.memoryUsage().arrayBuffers;
      assert.throws(() => unpacked(fileOf(frames, sizeBytes)), { code: 'SNAPSHOT_CORRUPT' });
      assert.ok(process.memoryUsage().arrayBuffers - before < 32 * FRAME_BYTES);
    });
  }
});

async function pack(bytes: Buffer): Promise<Buffer> {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) frames.push(packFrame(bytes.subarray(at, at + FRAME_BYTES)));
  return fileOf(frames, bytes.length);
}

function fileOf(frames: readonly Buffer[], sizeBytes: number): Buffer {
  const table = new TableBuilder();
  for (const frame of frames) table.add(frame);
  return Buffer.concat([...frames, table.encode(sizeBytes)]);
}

function unpacked(file: Buffer): Buffer {
  const read = (into: Buffer, position: number): number => file.copy(into, 0, position);
  return Buffer.concat(Array.from(unpack(NAME, read, file.length), (part) => Buffer.from(part)));
}
