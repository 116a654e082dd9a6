import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { cutAt } from '../devicelink/cut.test-helper.ts';
import { AFC_OPERATION } from './constants.ts';
import { AfcPacketDecoder, encodeAfcArgs, encodeAfcPacket, MAX_AFC_PACKET_BYTES, readAfcStrings } from './packet.ts';

describe('AFC packets', () => {
  test('have the header every client sends', () => {
    const bytes = encodeAfcPacket({
      operation: AFC_OPERATION.write,
      packetNumber: 3,
      args: encodeAfcArgs(9),
      payload: Buffer.from('hi'),
    });
    assert.equal(
      bytes.toString('hex'),
      [
        Buffer.from('CFA6LPAA').toString('hex'),
        '3200000000000000',
        '3000000000000000',
        '0300000000000000',
        '1000000000000000',
        '0900000000000000',
        '6869',
      ].join(''),
    );
  });

  test('are read back, wherever the stream is cut', () => {
    const packet = fc.record(
      {
        operation: fc.nat(0x30),
        packetNumber: fc.nat(2 ** 40),
        args: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
        payload: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(packet), fc.array(fc.nat()), (packets, cuts) => {
        const decoder = new AfcPacketDecoder();
        const read = cutAt(Buffer.concat(packets.map(encodeAfcPacket)), cuts).flatMap((chunk) => decoder.push(chunk));
        assert.deepEqual(read, packets);
        assert.equal(decoder.leftoverBytes, 0);
      }),
    );
  });

  for (const { what, offset, value } of [
    { what: 'another magic', offset: 0, value: 0 },
    { what: 'a length shorter than the header', offset: 8, value: 39 },
    { what: 'a length that would exhaust memory', offset: 8, value: MAX_AFC_PACKET_BYTES + 1 },
    { what: 'arguments longer than the packet', offset: 16, value: 49 },
    { what: 'arguments that begin inside the header', offset: 16, value: 8 },
  ]) {
    test(`${what} is a breach of protocol`, () => {
      const bytes = encodeAfcPacket({ operation: 1, packetNumber: 1, args: encodeAfcArgs(0) });
      bytes.writeUInt32LE(value, offset);
      assert.throws(() => new AfcPacketDecoder().push(bytes), { code: 'PROTOCOL_VIOLATION' });
    });
  }

  test('are taken up to the size that is told', () => {
    const bytes = encodeAfcPacket({ operation: AFC_OPERATION.write, packetNumber: 1, payload: Buffer.alloc(60) });
    assert.equal(new AfcPacketDecoder({ maxBytes: 100 }).push(bytes)[0]?.payload.length, 60);
    assert.throws(() => new AfcPacketDecoder({ maxBytes: 99 }).push(bytes), { code: 'PROTOCOL_VIOLATION' });
  });

  test('carry strings ended by NUL, and numbers of 64 bits', () => {
    assert.deepEqual(readAfcStrings(encodeAfcArgs('a', '', 'ü')), ['a', '', 'ü']);
    assert.deepEqual(readAfcStrings(Buffer.from('a\0b')), ['a', 'b']);
    assert.equal(encodeAfcArgs(-1).toString('hex'), 'ffffffffffffffff');
    assert.equal(encodeAfcArgs(2n ** 63n).readBigUInt64LE(0), 2n ** 63n);
    assert.throws(() => encodeAfcArgs('/a\0b'), RangeError);
  });
});
