import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { encodePlistFrame, PlistFrameReader } from './plist-frame.ts';

const message = { Request: 'GetValue', Key: 'ProductVersion' };

describe('PlistFrameReader', () => {
  for (const format of ['xml', 'binary'] as const) {
    test(`reads back what encodePlistFrame wrote as ${format}`, async () => {
      const stream = new PassThrough();
      stream.end(Buffer.concat([encodePlistFrame(message, format), encodePlistFrame('second', format)]));
      assert.deepEqual(await Array.fromAsync(new PlistFrameReader(stream)), [message, 'second']);
    });
  }

  test('reads nothing beyond a frame, so that TLS may follow', async () => {
    const stream = new PassThrough();
    stream.write(Buffer.concat([encodePlistFrame(message), Buffer.from('\x16\x03\x01')]));
    const reader = new PlistFrameReader(stream);
    assert.deepEqual(await reader.read(), message);
    reader.release();
    assert.deepEqual(stream.read(), Buffer.from('\x16\x03\x01'));
  });

  for (const { what, bytes, code } of [
    { what: 'an empty frame', bytes: '00000000', code: 'PROTOCOL_VIOLATION' },
    { what: 'a length that would exhaust memory', bytes: 'ffffffff', code: 'PROTOCOL_VIOLATION' },
    { what: 'a body that is no property list', bytes: '00000003616263', code: 'FORMAT_INVALID' },
    { what: 'an end in the header', bytes: '0000', code: 'CONNECTION_LOST' },
    { what: 'an end in the body', bytes: '0000000a6162', code: 'CONNECTION_LOST' },
  ]) {
    test(`rejects ${what}`, async () => {
      const stream = new PassThrough();
      stream.end(Buffer.from(bytes, 'hex'));
      await assert.rejects(new PlistFrameReader(stream).read(), { code });
    });
  }

  test('keeps to a limit of its owner', async () => {
    const stream = new PassThrough();
    stream.end(encodePlistFrame('x'.repeat(1000)));
    await assert.rejects(new PlistFrameReader(stream, { maxBytes: 100 }).read(), { code: 'PROTOCOL_VIOLATION' });
  });
});
