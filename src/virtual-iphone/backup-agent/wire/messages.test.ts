import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeBinaryPlist, encodeXmlPlist, PlistReal, type PlistValue } from '../../../formats/index.ts';
import { decodeMessage, HostBreach, parseMultiStatus, parseStatus } from './messages.ts';

const EMPTY = '___EmptyParameterString___';
const NAME = 'DLMessageStatusResponse';

describe('decodeMessage', () => {
  test('reads binary and XML property lists alike', () => {
    const message = ['DLMessagePing', 'hello'];
    for (const body of [encodeBinaryPlist(message), encodeXmlPlist(message)]) {
      assert.deepEqual(decodeMessage(body), { name: 'DLMessagePing', args: ['hello'] });
    }
  });

  for (const { what, body, rule } of [
    { what: 'bytes that are no property list', body: Buffer.from('hello'), rule: 'devicelink.message-plist' },
    { what: 'nothing', body: Buffer.alloc(0), rule: 'devicelink.message-plist' },
    { what: 'a dictionary', body: encodeBinaryPlist({ a: 1 }), rule: 'devicelink.message-array' },
    { what: 'an empty array', body: encodeBinaryPlist([]), rule: 'devicelink.message-name' },
    { what: 'an array that begins with a number', body: encodeBinaryPlist([1]), rule: 'devicelink.message-name' },
  ]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => decodeMessage(body), { name: 'HostBreach', rule });
    });
  }
});

describe('parseStatus', () => {
  for (const { spelling, code } of [
    { spelling: 'signed', code: -13 },
    { spelling: 'as an unsigned number of 64 bits', code: 18446744073709551603n },
  ]) {
    test(`takes a negative code ${spelling}`, () => {
      const message = decodeMessage(encodeBinaryPlist([NAME, code, 'Multi status', {}]));
      assert.deepEqual(parseStatus(message), { code: -13, text: 'Multi status', value: {} });
    });
  }

  for (const { what, args, reason } of [
    { what: 'three elements', args: [0, EMPTY], reason: 'Too few components' },
    { what: 'five elements', args: [0, EMPTY, {}, {}], reason: 'Invalid message' },
    { what: 'a code that is a text', args: ['0', EMPTY, {}], reason: 'Invalid message' },
    { what: 'a code that is a real', args: [new PlistReal(0), EMPTY, {}], reason: 'Invalid message' },
    { what: 'a text that is a number', args: [0, 0, {}], reason: 'Invalid message' },
  ] satisfies { what: string; args: PlistValue[]; reason: string }[]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => parseStatus({ name: NAME, args }), { name: 'HostBreach', reason });
    });
  }
});

describe('parseMultiStatus', () => {
  test('gives the status of each file', () => {
    const value = {
      'U/a': { DLFileErrorCode: -6, DLFileErrorString: 'No such file' },
      'U/b': { DLFileErrorCode: 18446744073709551601n, DLFileErrorString: 'No space' },
    };
    assert.deepEqual(
      [...parseMultiStatus(value, asked)],
      [
        ['U/a', -6],
        ['U/b', -15],
      ],
    );
  });

  for (const { what, value } of [
    { what: 'that names no file', value: {} },
    { what: 'that is no dictionary', value: EMPTY },
    { what: 'with another spelling of a path', value: { 'u/A': { DLFileErrorCode: -6, DLFileErrorString: '' } } },
    { what: 'without a code', value: { 'U/a': { DLFileErrorString: 'x' } } },
    { what: 'without a text', value: { 'U/a': { DLFileErrorCode: -6 } } },
    { what: 'that calls a success an error', value: { 'U/a': { DLFileErrorCode: 0, DLFileErrorString: '' } } },
  ] satisfies { what: string; value: PlistValue }[]) {
    test(`refuses one ${what}`, () => {
      assert.throws(() => parseMultiStatus(value, asked), HostBreach);
    });
  }
});

function asked(path: string): boolean {
  return path === 'U/a' || path === 'U/b';
}
