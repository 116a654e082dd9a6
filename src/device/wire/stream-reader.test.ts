import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { StreamReader } from './stream-reader.ts';

describe('StreamReader', () => {
  test('gives exactly what is asked for, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 })), fc.array(fc.nat(30)), async (chunks, lengths) => {
        const stream = new PassThrough();
        const reader = new StreamReader(stream);
        const all = Buffer.concat(chunks);
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
        let at = 0;
        for (const length of lengths) {
          if (at + length > all.length) break;
          assert.deepEqual(await reader.read(length), all.subarray(at, at + length));
          at += length;
        }
      }),
    );
  });

  test('reads more than the stream would buffer by itself', async () => {
    const stream = new PassThrough({ highWaterMark: 16 });
    const bytes = Buffer.alloc(100_000, 7);
    const read = new StreamReader(stream).read(bytes.length);
    for (let i = 0; i < bytes.length; i += 10) stream.write(bytes.subarray(i, i + 10));
    assert.deepEqual(await read, bytes);
  });

  test('leaves what was not asked for to the next reader', async () => {
    const stream = new PassThrough();
    stream.write('headerTLS');
    const first = new StreamReader(stream);
    assert.equal((await first.read(6)).toString(), 'header');
    first.release();
    assert.equal((await new StreamReader(stream).read(3)).toString(), 'TLS');
  });

  test('gives at once what is at hand, and takes nothing when it is not enough', async () => {
    const stream = new PassThrough();
    const reader = new StreamReader(stream);
    assert.equal(reader.readNow(2), undefined);
    stream.write('abc');
    assert.equal((await reader.read(1)).toString(), 'a');
    assert.equal(reader.readNow(3), undefined);
    assert.equal(reader.readNow(2)?.toString(), 'bc');
    assert.equal(reader.readNow(0)?.length, 0);
  });

  test('tells a clean end from one in the middle', async () => {
    const clean = new PassThrough();
    clean.end('ab');
    const reader = new StreamReader(clean);
    assert.equal((await reader.readOrEnd(2))?.toString(), 'ab');
    assert.equal(await reader.readOrEnd(2), undefined);
    await assert.rejects(reader.read(2), { code: 'CONNECTION_LOST' });

    const torn = new PassThrough();
    torn.end('ab');
    const details = { expectedBytes: 4, receivedBytes: 2 };
    await assert.rejects(new StreamReader(torn).readOrEnd(4), { code: 'CONNECTION_LOST', details });
  });

  test('fails with what the stream failed with', async () => {
    const stream = new PassThrough();
    const reading = new StreamReader(stream).read(1);
    stream.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await assert.rejects(reading, { code: 'CONNECTION_LOST', details: { systemCode: 'ECONNRESET' } });
    await assert.rejects(new StreamReader(stream).read(1), { code: 'CONNECTION_LOST' });
  });

  test('ends when the stream is closed from here', async () => {
    const stream = new PassThrough();
    const reading = new StreamReader(stream).readOrEnd(1);
    stream.destroy();
    assert.equal(await reading, undefined);
  });
});
