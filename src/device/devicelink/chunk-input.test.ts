import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { DeviceLinkConnection } from './device-link.test-helper.ts';
import { encodeFrame } from './frame.ts';
import { encodeMessage } from './messages.ts';

describe('ChunkInput, under frames and messages', () => {
  test('carries messages and frames both ways', async () => {
    const [a, b] = duplexPair();
    const left = new DeviceLinkConnection(a);
    const right = new DeviceLinkConnection(b);
    await left.writeMessage(['DLMessagePing', 'x']);
    await left.write(encodeFrame(Buffer.from('frame')));
    left.close();
    assert.deepEqual(await right.readMessage(), ['DLMessagePing', 'x']);
    assert.equal((await right.readFrame(10))?.toString(), 'frame');
    assert.equal(await right.readFrame(10), undefined);
  });

  test('tells a connection that ends in the middle of a message from one that ends after it', async () => {
    const [a, b] = duplexPair();
    a.end(encodeMessage(['DLMessagePing', 'x']).subarray(0, 20));
    await assert.rejects(new DeviceLinkConnection(b).readMessage(), { code: 'CONNECTION_LOST' });
  });

  test('fails with the error the stream was destroyed with', async () => {
    const [, b] = duplexPair();
    const connection = new DeviceLinkConnection(b);
    const reading = connection.readMessage();
    b.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    await assert.rejects(reading, { code: 'CONNECTION_LOST', details: { systemCode: 'ECONNRESET' } });
  });

  test('stops waiting when cancelled', async () => {
    const [, b] = duplexPair();
    const cancel = new AbortController();
    const reading = new DeviceLinkConnection(b, cancel.signal).readMessage();
    cancel.abort();
    await assert.rejects(reading, { code: 'CANCELLED' });
  });

  test('holds the sender back while nobody reads, and loses nothing', async () => {
    const [a, b] = duplexPair({ highWaterMark: 1024 });
    const connection = new DeviceLinkConnection(b);
    const block = encodeFrame(Buffer.alloc(256 * 1024, 7));
    const sender = new DeviceLinkConnection(a);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 40; sent++) await sender.write(block);
    })();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    assert.ok(sent < 40, 'ten megabytes went into the queue of a reader that does not read');
    for (let i = 0; i < 40; i++) assert.equal((await connection.readFrame(1024 * 1024))?.length, 256 * 1024);
    await sending;
  });
});
