import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FrameReader, HostGone } from './frame-reader.ts';

describe('a FrameReader', () => {
  test('does not care where the chunks are cut', async () => {
    const bodies = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(70_000, 7), Buffer.from('last')];
    const stream = Buffer.concat(bodies.flatMap((body) => [lengthOf(body), body]));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(stream.length), { maxLength: 6 }), async (at) => {
        const [near, far] = duplexPair();
        const reader = new FrameReader(near);
        const cuts = [0, ...at.toSorted((a, b) => a - b), stream.length];
        for (const [i, cut] of cuts.slice(1).entries()) far.write(stream.subarray(cuts[i], cut));
        for (const body of bodies) assert.deepEqual(await next(reader), body);
      }),
      { numRuns: 30 },
    );
  });

  test('tells the length of a frame before it is there', async () => {
    const [near, far] = duplexPair();
    const reader = new FrameReader(near);
    assert.equal(reader.peekLength(), undefined);
    far.write(Buffer.from([0, 0, 1, 0, 42]));
    await reader.more();
    assert.equal(reader.peekLength(), 256);
    assert.equal(reader.tryFrame(), undefined);
  });

  test('hands out a frame larger than what it lets wait', async () => {
    const [near, far] = duplexPair();
    const reader = new FrameReader(near);
    const body = Buffer.alloc(9 * 1024 * 1024, 1);
    far.write(Buffer.concat([lengthOf(body), body]));
    assert.equal((await next(reader)).length, body.length);
  });

  test('gives what has arrived, then says that the host is gone', async () => {
    const [near, far] = duplexPair();
    const reader = new FrameReader(near);
    far.end(Buffer.from([0, 0, 0, 1, 9, 0, 0]));
    assert.deepEqual(await next(reader), Buffer.of(9));
    await assert.rejects(next(reader), HostGone);
  });
});

async function next(reader: FrameReader): Promise<Buffer> {
  for (;;) {
    const frame = reader.tryFrame();
    if (frame !== undefined) return frame;
    await reader.more();
  }
}

function lengthOf(body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  return header;
}
