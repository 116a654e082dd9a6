import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { FaultyStream } from './faulty-stream.ts';
import type { StreamFault } from './faults.ts';

describe('a connection that is cut', () => {
  for (const direction of ['in', 'both'] as const) {
    test(`lets exactly so many bytes ${direction === 'in' ? 'in' : 'in either direction'}, then closes`, async () => {
      const { host, phone } = faulty({ direction, afterBytes: 5, action: 'cut' });
      const received = collect(phone);
      host.on('error', () => {});
      host.write('abc');
      host.write('defgh');
      await once(phone, 'close');
      assert.equal(received(), 'abcde');
    });
  }

  test('lets exactly so many bytes out', async () => {
    const { host, phone } = faulty({ direction: 'out', afterBytes: 4, action: 'cut' });
    const received = collect(host);
    phone.on('error', () => {});
    host.write('as much as it likes');
    phone.write('ab');
    phone.write('cdef');
    await once(phone, 'close');
    assert.equal(received(), 'abcd');
  });
});

test('a connection that stalls stays open and moves nothing more', async () => {
  const { host, phone } = faulty({ direction: 'in', afterBytes: 3, action: 'stall' });
  const received = collect(phone);
  host.write('abcdef');
  host.write('ghi');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(received(), 'abc');
  assert.equal(phone.destroyed, false);
  phone.destroy();
});

for (const direction of ['in', 'out'] as const) {
  test(`a connection that stalls (${direction}) still notices that the host hangs up`, async () => {
    const { port1, port2 } = await sockets();
    const phone = new FaultyStream(port2, { service: 'test', direction, afterBytes: 3, action: 'stall' });
    const received = collect(phone);
    port1.write('abcdef');
    phone.write('ABCDEF');
    assert.equal(String(await once(port1, 'data')), direction === 'out' ? 'ABC' : 'ABCDEF');
    port1.destroy();
    await once(phone, 'close');
    assert.match(received(), /^(abc)?$/);
  });
}

test('before its fault it is a connection like any other', async () => {
  const { host, phone } = faulty({ direction: 'both', afterBytes: 1000, action: 'cut' });
  const atPhone = collect(phone);
  const atHost = collect(host);
  phone.end('out');
  host.end('in');
  await Promise.all([once(phone, 'end'), once(host, 'end')]);
  assert.deepEqual([atPhone(), atHost()], ['in', 'out']);
});

function faulty(fault: Omit<StreamFault, 'service'>): { host: Duplex; phone: Duplex } {
  const [host, under] = duplexPair();
  return { host, phone: new FaultyStream(under, { service: 'test', ...fault }) };
}

/** Two ends of a connection of this computer. */
async function sockets(): Promise<{ port1: Socket; port2: Socket }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const port1 = connect(port, '127.0.0.1');
  const [port2] = (await once(server, 'connection')) as [Socket];
  server.close();
  return { port1, port2 };
}

function collect(stream: Duplex): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
