import assert from 'node:assert/strict';
import { PassThrough, Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { FrameReader } from './frame.ts';
import { FrameOutput } from './frame-output.ts';

describe('FrameOutput', () => {
  test('writes nothing before there is much, or it is told to', async () => {
    const stream = new PassThrough();
    const output = new FrameOutput(stream);
    await output.frame(Buffer.from('first'));
    assert.equal(stream.read(), null);
    await output.flush();
    assert.deepEqual(framesIn([Buffer.from(stream.read())]), [Buffer.from('first')]);
  });

  test('keeps the order and the bytes of what a slow stream takes late, whatever becomes of the buffers', async () => {
    const taken: Buffer[] = [];
    const slow = new Duplex({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, callback) => {
        setImmediate(() => {
          taken.push(Buffer.from(chunk));
          callback();
        });
      },
    });
    const output = new FrameOutput(slow);
    const body = Buffer.alloc(50_000);
    const expected: Buffer[] = [];
    for (let i = 0; i < 40; i++) {
      body.fill(i);
      await output.frame(body, 0x0c);
      expected.push(Buffer.concat([Buffer.from([0x0c]), body]));
    }
    const long = Buffer.alloc(700_000, 0x41);
    await output.bytes(Buffer.concat([lengthOf(long), long]));
    await output.flush();
    slow.end();
    await new Promise((resolve) => slow.once('finish', resolve));
    assert.deepEqual(framesIn(taken), [...expected, long]);
  });

  test('says that the connection is lost when it is', async () => {
    const stream = new PassThrough();
    const output = new FrameOutput(stream);
    stream.destroy();
    const send = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await output.frame(Buffer.from('nobody hears this'));
        await output.flush();
      }
    };
    await assert.rejects(send(), { code: 'CONNECTION_LOST' });
  });
});

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

function framesIn(chunks: readonly Buffer[]): Buffer[] {
  const reader = new FrameReader();
  for (const chunk of chunks) reader.push(chunk);
  const frames: Buffer[] = [];
  for (let frame = reader.readWhole(2 ** 30, 'a frame'); frame !== undefined;) {
    frames.push(Buffer.from(frame));
    frame = reader.readWhole(2 ** 30, 'a frame');
  }
  return frames;
}
