import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodePlist, encodeBinaryPlist, encodeXmlPlist } from '../../formats/index.ts';
import { decodeMessage, encodeMessage, encodeStatusResponse } from './messages.ts';

describe('DeviceLink messages', () => {
  test('are framed binary property lists, as a device sends them', () => {
    const bytes = encodeMessage(['DLMessageDeviceReady']);
    assert.equal(bytes.subarray(0, 14).toString('hex'), `00000043${Buffer.from('bplist00').toString('hex')}a101`);
    assert.equal(bytes.readUInt32BE(0), bytes.length - 4);
  });

  test('are read whether binary or XML', () => {
    for (const encode of [encodeBinaryPlist, encodeXmlPlist]) {
      assert.deepEqual(decodeMessage(encode(['DLMessagePing', 'hello'])), ['DLMessagePing', 'hello']);
    }
  });

  test('answer with exactly four elements', () => {
    const placeholder = '___EmptyParameterString___';
    const answers = [
      [encodeStatusResponse(0), [0, placeholder, placeholder]],
      [encodeStatusResponse(0, '', 12), [0, placeholder, 12]],
      [encodeStatusResponse(-6, 'No such file'), [-6, 'No such file', placeholder]],
    ] as const;
    for (const [bytes, expected] of answers) {
      assert.deepEqual(decodePlist(bytes.subarray(4)), ['DLMessageStatusResponse', ...expected]);
    }
  });

  for (const [what, body] of [
    ['no property list', Buffer.from('garbage')],
    ['nothing', Buffer.alloc(0)],
    ['a dictionary', encodeBinaryPlist({ a: 1 })],
    ['an empty array', encodeBinaryPlist([])],
    ['an array that begins with a number', encodeBinaryPlist([1, 'x'])],
  ] as const) {
    test(`${what} is a breach of protocol`, () => {
      assert.throws(() => decodeMessage(body), { code: 'PROTOCOL_VIOLATION' });
    });
  }
});
