import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, bigInt, double, integer, property, string, uint8Array } from 'fast-check';
import { FormatError } from '../../shared/errors.ts';
import { bytesField, doubleField, floatField, varintField } from './encode.ts';
import { decodeProtobuf } from './message.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('a protobuf message', () => {
  it('reads the example of the documentation', () => {
    assert.equal(decodeProtobuf(hex('08 96 01')).unsigned(1), 150);
    assert.equal(decodeProtobuf(hex('12 07 74 65 73 74 69 6e 67')).text(2), 'testing');
  });

  it('reads back numbers of all sizes', () => {
    const field = integer({ min: 1, max: 2 ** 29 - 1 });
    check(
      property(field, bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), double(), (at, whole, real) => {
        const message = decodeProtobuf(Buffer.concat([varintField(at, whole), doubleField(at, real)]));
        assert.equal(message.bigint(at), BigInt.asUintN(64, whole));
        assert.ok(Object.is(message.double(at), real));
        if (whole >= -(2n ** 53n) && whole < 2n ** 53n) {
          assert.equal(message.signed(at), Number.isSafeInteger(Number(whole)) ? Number(whole) : undefined);
        }
      }),
      { seed: 1 },
    );
  });

  it('reads back text, bytes and messages in messages', () => {
    check(
      property(string({ unit: 'grapheme' }), uint8Array(), (text, bytes) => {
        const message = decodeProtobuf(bytesField(3, bytesField(1, text), bytesField(2, bytes))).message(3);
        assert.equal(message?.text(1), text);
        assert.deepEqual(message?.bytes(2), Buffer.from(bytes));
      }),
      { seed: 1 },
    );
  });

  it('hands out repeated fields in order, and the last where one is asked for', () => {
    const message = decodeProtobuf(Buffer.concat([bytesField(1, 'a'), varintField(2, 7), bytesField(1, 'b')]));
    assert.deepEqual([...message.allBytes(1)].map(String), ['a', 'b']);
    assert.equal(message.text(1), 'b');
    assert.equal(message.has(2), true);
    assert.equal(message.has(3), false);
  });

  it('answers undefined for a field of another type', () => {
    const message = decodeProtobuf(Buffer.concat([varintField(1, 1), bytesField(2, 'x'), floatField(3, 0.5)]));
    assert.equal(message.text(1), undefined);
    assert.equal(message.unsigned(2), undefined);
    assert.equal(message.double(3), undefined);
    assert.equal(message.float(3), 0.5);
    assert.equal(message.message(4), undefined);
  });

  it('passes over groups, which nobody has used since 2008', () => {
    assert.equal(decodeProtobuf(hex('0b 10 01 13 14 0c 18 05')).unsigned(3), 5);
  });

  for (const [what, bytes] of [
    ['a varint without an end', '08 ff'],
    ['a varint of eleven bytes', '08 ff ff ff ff ff ff ff ff ff ff 01'],
    ['a field number of zero', '00 01'],
    ['a length beyond the end', '0a 05 61'],
    ['a length of 2^63', '0a ff ff ff ff ff ff ff ff 7f'],
    ['a wire type that does not exist', '0e 00'],
    ['half a number of eight bytes', '09 00 00'],
    ['a group that never ends', '0b 10 01'],
    ['a group that another one ends', '0b 14'],
    ['the end of a group that never began', '0c'],
    ['groups without end', '0b'.repeat(1000)],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => decodeProtobuf(hex(bytes)), FormatError));
  }

  it('refuses messages nested without end', () => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 100; i++) bytes = bytesField(1, bytes);
    assert.throws(() => {
      for (let message = decodeProtobuf(bytes).message(1); message; message = message.message(1));
    }, FormatError);
  });

  it('is read or refused, whatever it is', () => {
    check(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const message = decodeProtobuf(bytes);
          for (let field = 1; field < 20; field++) {
            message.signed(field);
            message.text(field);
            message.double(field);
          }
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
