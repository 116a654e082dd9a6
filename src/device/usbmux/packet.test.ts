import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { StreamReader } from '../wire/stream-reader.ts';
import { decodeMuxPackets, encodeMuxPacket, MAX_MUX_PACKET_BYTES, MuxPacketDecoder, readMuxPacket } from './packet.ts';

const listDevices = { tag: 7, body: { MessageType: 'ListDevices' } };
const result = { tag: 8, body: { MessageType: 'Result', Number: 0 } };
const stream = Buffer.concat([encodeMuxPacket(listDevices), encodeMuxPacket(result)]);

describe('the usbmuxd packets', () => {
  test('are framed as usbmuxd frames them', () => {
    const packet = encodeMuxPacket(listDevices);
    assert.deepEqual(
      [0, 4, 8, 12].map((offset) => packet.readUInt32LE(offset)),
      [packet.length, 1, 8, 7],
    );
  });

  test('are read back wherever the chunks are cut', async () => {
    const cuts = fc.array(fc.nat(stream.length));
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        assert.deepEqual(await Array.fromAsync(decodeMuxPackets(cutAt(stream, at))), [listDevices, result]);
      }),
    );
  });

  test('leave in the decoder what follows them, for a connection that becomes a pipe', () => {
    const decoder = new MuxPacketDecoder();
    decoder.push(Buffer.concat([encodeMuxPacket(listDevices), Buffer.from('raw bytes of the device')]));
    assert.deepEqual(decoder.next(), listDevices);
    assert.equal(decoder.rest().toString(), 'raw bytes of the device');
    assert.equal(decoder.next(), undefined);
  });

  test('are read one by one and nothing beyond', async () => {
    const socket = new PassThrough();
    socket.end(Buffer.concat([encodeMuxPacket(result), Buffer.from('raw')]));
    const reader = new StreamReader(socket);
    assert.deepEqual(await readMuxPacket(reader), result);
    assert.equal((await reader.read(3)).toString(), 'raw');
    assert.equal(await readMuxPacket(reader), undefined);
  });

  for (const { what, offset, value } of [
    { what: 'a length without room for a body', offset: 0, value: 16 },
    { what: 'a length that would exhaust memory', offset: 0, value: MAX_MUX_PACKET_BYTES + 1 },
    { what: 'another protocol version', offset: 4, value: 0 },
    { what: 'a message that is no property list', offset: 8, value: 1 },
  ]) {
    test(`are refused with ${what}`, async () => {
      const packet = encodeMuxPacket(listDevices);
      packet.writeUInt32LE(value, offset);
      await assert.rejects(Array.fromAsync(decodeMuxPackets(cutAt(packet, []))), { code: 'PROTOCOL_VIOLATION' });
    });
  }

  test('are refused when they hold no dictionary', () => {
    const packet = encodeMuxPacket({ tag: 1, body: {} });
    const text = packet.toString('latin1');
    assert.match(text, /<dict\/>|<dict>\s*<\/dict>/);
    const array = Buffer.from(
      text.replace(/<dict\/>/, '<true/>').replace(/<dict>(\s*)<\/dict>/, '<array></array>'),
      'latin1',
    );
    array.writeUInt32LE(array.length, 0);
    const decoder = new MuxPacketDecoder();
    decoder.push(array);
    assert.throws(() => decoder.next(), { code: 'PROTOCOL_VIOLATION' });
  });

  test('must not end in the middle', async () => {
    const half = encodeMuxPacket(listDevices).subarray(0, 20);
    await assert.rejects(Array.fromAsync(decodeMuxPackets(cutAt(half, []))), {
      name: 'ProtocolError',
      details: { leftoverBytes: 20 },
    });
  });
});

async function* cutAt(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  yield* edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}
