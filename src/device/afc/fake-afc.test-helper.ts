import { type Duplex, duplexPair } from 'node:stream';
import { AFC_OPERATION, AFC_STATUS } from './constants.ts';
import { type AfcPacket, AfcPacketDecoder, encodeAfcArgs, encodeAfcPacket } from './packet.ts';

/** What a fake device answers: a status, an open file's number, bytes, or nothing at all. */
export type FakeReply =
  | { status: keyof typeof AFC_STATUS }
  | { handle: number | bigint }
  | { data: string | Buffer }
  | 'silence';

/** A file service that answers as `reply` says. Returns the host's end of the connection and what was asked. */
export function fakeAfc(reply: (request: AfcPacket) => FakeReply): {
  stream: Duplex;
  requests: AfcPacket[];
  device: Duplex;
} {
  const [stream, device] = duplexPair();
  const decoder = new AfcPacketDecoder();
  const requests: AfcPacket[] = [];
  device.on('data', (chunk: Buffer) => {
    for (const request of decoder.push(chunk)) {
      requests.push(request);
      const answer = reply(request);
      if (answer !== 'silence') device.write(encode(answer, request.packetNumber));
    }
  });
  device.on('end', () => device.end());
  return { stream, requests, device };
}

function encode(reply: Exclude<FakeReply, 'silence'>, packetNumber: number): Buffer {
  if ('status' in reply) {
    return encodeAfcPacket({
      operation: AFC_OPERATION.status,
      packetNumber,
      args: encodeAfcArgs(AFC_STATUS[reply.status]),
    });
  }
  if ('handle' in reply) {
    return encodeAfcPacket({ operation: AFC_OPERATION.openResult, packetNumber, args: encodeAfcArgs(reply.handle) });
  }
  return encodeAfcPacket({ operation: AFC_OPERATION.data, packetNumber, payload: Buffer.from(reply.data) });
}
