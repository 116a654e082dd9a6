import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { test } from 'node:test';
import { AFC_OPERATION, AFC_STATUS, AfcPacketDecoder, encodeAfcArgs, encodeAfcPacket } from '../device/index.ts';
import { asDictionary, decodePlist } from '../formats/index.ts';
import { leaveApplications } from './applications.ts';

const APPS = { 'com.example.kettle': { iTunesMetadata: Buffer.from('page in the store') } };

test('the list of apps is left also where the folder of an earlier restore is in the way', async () => {
  const phone = mediaFolder(AFC_STATUS.exists);
  assert.equal(await leaveApplications(phone, APPS, new AbortController().signal), true);
  assert.deepEqual(Object.keys(asDictionary(decodePlist(Buffer.concat(phone.written))) ?? {}), Object.keys(APPS));
});

test('a phone that keeps the folder to itself gets no list', async () => {
  const phone = mediaFolder(AFC_STATUS.denied);
  assert.equal(await leaveApplications(phone, APPS, new AbortController().signal), false);
  assert.deepEqual(phone.written, []);
});

/** A phone's media folder that answers every MakeDir with this status and notes what is written. */
function mediaFolder(makeDirectory: number): { written: Buffer[]; startService(): Promise<Duplex> } {
  const written: Buffer[] = [];
  const startService = (): Promise<Duplex> => {
    const [host, phone] = duplexPair();
    const packets = new AfcPacketDecoder();
    phone.on('data', (chunk: Buffer) => {
      for (const { operation, packetNumber, payload } of packets.push(chunk)) {
        if (operation === AFC_OPERATION.write) written.push(Buffer.from(payload));
        const opens = operation === AFC_OPERATION.open;
        const code = operation === AFC_OPERATION.makeDirectory ? makeDirectory : AFC_STATUS.ok;
        phone.write(
          encodeAfcPacket({
            packetNumber,
            operation: opens ? AFC_OPERATION.openResult : AFC_OPERATION.status,
            args: encodeAfcArgs(opens ? 1 : code),
          }),
        );
      }
    });
    return Promise.resolve(host);
  };
  return { written, startService };
}
