import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { FrameReader, HostGone } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';

describe('a FrameWriter', () => {
  test('writes frames that a reader reads back, however large and many', async () => {
    const [near, far] = duplexPair();
    const writer = new FrameWriter(near);
    const reader = new FrameReader(far);
    const large = Buffer.alloc(600_000, 3);
    const received: Buffer[] = [];
    const receiving = readAll(reader, 2003, received);
    for (let i = 0; i < 1000; i++) {
      writer.text(`path ${i} ü`);
      writer.code(0x0c, Buffer.from(`content ${i}`));
      if (writer.congested) await writer.drained();
    }
    writer.code(0x0c, large);
    writer.text('x'.repeat(200_000));
    writer.terminator();
    writer.flush();
    await receiving;
    assert.equal(received[0]?.toString(), 'path 0 ü');
    assert.equal(received[1999]?.toString(), '\x0ccontent 999');
    assert.deepEqual(received[2000]?.subarray(1), large);
    assert.equal(received[2001]?.length, 200_000);
    assert.equal(received[2002]?.length, 0);
  });

  test('keeps what is with the socket and what is being written apart', async () => {
    const [near, far] = duplexPair({ highWaterMark: 1 });
    const writer = new FrameWriter(near);
    for (let i = 0; i < 8; i++) writer.frame(Buffer.alloc(256 * 1024, i));
    writer.flush();
    assert.ok(writer.congested);
    const reader = new FrameReader(far);
    const received: Buffer[] = [];
    await readAll(reader, 8, received);
    await writer.drained();
    assert.ok(received.every((frame, i) => frame.every((byte) => byte === i)));
  });

  test('wakes who waits for room when the connection is gone', async () => {
    const [near] = duplexPair();
    const writer = new FrameWriter(near);
    while (!writer.congested) writer.frame(Buffer.alloc(256 * 1024));
    const waiting = assert.rejects(writer.drained(), HostGone);
    near.destroy();
    await waiting;
  });
});

async function readAll(reader: FrameReader, count: number, into: Buffer[]): Promise<void> {
  while (into.length < count) {
    const frame = reader.tryFrame();
    if (frame !== undefined) into.push(frame);
    else await reader.more();
  }
}
