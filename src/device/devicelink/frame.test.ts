import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { cutAt } from './cut.test-helper.ts';
import { encodeFrame, END_OF_FILES, FrameReader } from './frame.ts';

describe('FrameReader', () => {
  test('reads back whole frames, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 })), fc.array(fc.nat()), (bodies, cuts) => {
        const reader = new FrameReader();
        const read: Buffer[] = [];
        for (const chunk of cutAt(Buffer.concat(bodies.map(encodeFrame)), cuts)) {
          reader.push(chunk);
          for (let frame = reader.readWhole(100, 'x'); frame !== undefined; frame = reader.readWhole(100, 'x')) {
            read.push(Buffer.from(frame));
          }
        }
        assert.deepEqual(
          read,
          bodies.map((body) => Buffer.from(body)),
        );
        assert.ok(reader.isBetweenFrames);
      }),
    );
  });

  test('hands out a large frame in the pieces it comes in', () => {
    const reader = new FrameReader();
    const frame = encodeFrame(Buffer.from('Xabcdef'));
    reader.push(frame.subarray(0, 3));
    assert.equal(reader.readLength(), undefined);
    reader.push(frame.subarray(3, 7));
    assert.equal(reader.readLength(), 7);
    assert.equal(reader.readByte(), 'X'.charCodeAt(0));
    assert.equal(reader.readPiece()?.toString(), 'ab');
    assert.equal(reader.readPiece(), undefined);
    assert.equal(reader.isInFrame, true);
    reader.push(Buffer.concat([frame.subarray(7), END_OF_FILES]));
    assert.equal(reader.readPiece()?.toString(), 'cdef');
    assert.equal(reader.isInFrame, false);
    assert.equal(reader.readWhole(10, 'x')?.length, 0);
    assert.ok(reader.isBetweenFrames);
  });

  test('refuses a frame longer than anything it could be, before its bytes have come', () => {
    const reader = new FrameReader();
    reader.push(Buffer.of(0x7f, 0xff, 0xff, 0xff));
    assert.throws(() => reader.readWhole(4096, 'a file name'), {
      code: 'PROTOCOL_VIOLATION',
      message: /a file name/,
      details: { lengthBytes: 0x7fffffff, limitBytes: 4096 },
    });
  });
});
