import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeMuxPacket, readMuxPacket, StreamReader, type MuxPacket } from '../../device/index.ts';
import { dictionaryAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { VirtualMux, type MuxPhone } from './virtual-mux.ts';

const UDID = '00008110-00009FD77CC4415D';
/** 62078 with its bytes swapped. */
const LOCKDOWN = 32498;

describe('a mux', () => {
  test('answers each request under its tag, whatever else the request says or leaves out', async () => {
    await using lab = await Lab.start();
    const { reader, send } = await lab.client();
    send(7, { MessageType: 'ReadBUID' });
    send(8, { MessageType: 'ListDevices', ProgName: 'test' });
    send(9, { MessageType: 'Nonsense' });
    const [buid, list, nonsense] = [await next(reader), await next(reader), await next(reader)];
    assert.deepEqual([buid.tag, list.tag, nonsense.tag], [7, 8, 9]);
    assert.match(stringAt(buid.body, 'BUID') ?? '', /^[0-9A-F-]{36}$/);
    assert.deepEqual(list.body, { DeviceList: [] });
    assert.deepEqual(nonsense.body, { MessageType: 'Result', Number: 1 });
  });

  test('tells who listens what comes and goes', async () => {
    await using lab = await Lab.start();
    const first = lab.mux.attach(phone());
    const { reader, send } = await lab.client();
    send(1, { MessageType: 'Listen' });
    assert.deepEqual((await next(reader)).body, { MessageType: 'Result', Number: 0 });
    const attached = await next(reader);
    assert.equal(attached.tag, 0);
    assert.equal(attached.body['DeviceID'], first);
    assert.equal(dictionaryAt(attached.body, 'Properties')?.['SerialNumber'], UDID);
    lab.mux.detach(first);
    assert.deepEqual((await next(reader)).body, { MessageType: 'Detached', DeviceID: first });
    const second = lab.mux.attach(phone(), { address: '127.0.0.1', serviceName: 'x' });
    assert.notEqual(second, first);
    const network = dictionaryAt((await next(reader)).body, 'Properties');
    assert.equal(network?.['ConnectionType'], 'Network');
    const other = await lab.client();
    other.send(1, { MessageType: 'SavePairRecord', PairRecordID: UDID, PairRecordData: Buffer.from('x') });
    assert.deepEqual((await next(reader)).body, { MessageType: 'Paired', DeviceID: second });
  });

  test('hides what is on the network from clients that are too old to know of it', async () => {
    await using lab = await Lab.start();
    lab.mux.attach(phone(), { address: '127.0.0.1', serviceName: 'x' });
    const { reader, send } = await lab.client();
    send(1, { MessageType: 'ListDevices', kLibUSBMuxVersion: 2 });
    assert.deepEqual((await next(reader)).body, { DeviceList: [] });
  });

  test('turns a connection into a pipe to the port that was asked for', async () => {
    await using lab = await Lab.start();
    const deviceId = lab.mux.attach(phone((port) => (port === 62078 ? echo : undefined)));
    const { reader, send, socket } = await lab.client();
    send(1, { MessageType: 'Connect', DeviceID: deviceId + 1, PortNumber: LOCKDOWN });
    send(2, { MessageType: 'Connect', DeviceID: deviceId, PortNumber: 1 });
    send(3, { MessageType: 'Connect', DeviceID: deviceId });
    send(4, { MessageType: 'Connect', DeviceID: deviceId, PortNumber: LOCKDOWN });
    socket.write('right behind the request');
    const numbers = [await next(reader), await next(reader), await next(reader), await next(reader)];
    assert.deepEqual(
      numbers.map(({ body }) => body['Number']),
      [2, 3, 1, 0],
    );
    assert.equal((await reader.read(24)).toString(), 'right behind the request');
  });

  test('speaks to old programs as they do: in numbers, and of devices on a cable only', async () => {
    await using lab = await Lab.start();
    lab.mux.attach(phone(), { address: '127.0.0.1', serviceName: 'x' });
    const deviceId = lab.mux.attach(phone((port) => (port === 62078 ? echo : undefined)));
    const listener = await lab.client();
    listener.socket.write(Buffer.from(binaryHeader(0, 3, 7)));
    assert.deepEqual(await binary(listener.reader), { type: 1, tag: 7, content: numberBytes(0) });
    const attached = await binary(listener.reader);
    assert.deepEqual([attached.type, attached.tag, attached.content.length], [4, 0, 268]);
    assert.deepEqual([attached.content.readUInt32LE(0), attached.content.readUInt16LE(4)], [deviceId, 0x12a8]);
    assert.equal(attached.content.toString('latin1', 6, 6 + UDID.length + 1), `${UDID}\0`);

    const { reader, socket } = await lab.client();
    // Port 1, which nothing listens on, and then lockdownd's; both bytes in network order.
    for (const [tag, port] of [
      [1, [0, 1]],
      [2, [0xf2, 0x7e]],
    ] as const) {
      socket.write(Buffer.from([...binaryHeader(8, 2, tag), ...numberBytes(deviceId), ...port, 0, 0]));
    }
    socket.write('right behind the request');
    assert.deepEqual(await binary(reader), { type: 1, tag: 1, content: numberBytes(3) });
    assert.deepEqual(await binary(reader), { type: 1, tag: 2, content: numberBytes(0) });
    assert.equal((await reader.read(24)).toString(), 'right behind the request');

    lab.mux.detach(deviceId);
    assert.deepEqual(await binary(listener.reader), { type: 5, tag: 0, content: numberBytes(deviceId) });
    listener.socket.write(Buffer.from(binaryHeader(0, 99, 8)));
    assert.deepEqual(await binary(listener.reader), { type: 1, tag: 8, content: numberBytes(1) });
  });

  test('keeps pair records and its own id over a restart, for nobody else to read', async () => {
    await using lab = await Lab.start();
    const before = await lab.client();
    before.send(1, { MessageType: 'ReadBUID' });
    before.send(2, { MessageType: 'ReadPairRecord', PairRecordID: UDID });
    before.send(3, { MessageType: 'SavePairRecord', PairRecordID: UDID, PairRecordData: Buffer.from('record') });
    before.send(4, { MessageType: 'SavePairRecord', PairRecordID: '../outside', PairRecordData: Buffer.from('x') });
    const { body: own } = await next(before.reader);
    const numbers = [await next(before.reader), await next(before.reader), await next(before.reader)];
    assert.deepEqual(
      numbers.map(({ body }) => body['Number']),
      [2, 0, 1],
    );
    const { mode } = await stat(join(lab.directory, 'mux', `${UDID}.plist`));
    assert.equal(mode & 0o777, 0o600);
    await lab.restart();
    const after = await lab.client();
    after.send(1, { MessageType: 'ReadBUID' });
    after.send(2, { MessageType: 'ReadPairRecord', PairRecordID: UDID });
    after.send(3, { MessageType: 'DeletePairRecord', PairRecordID: UDID });
    after.send(4, { MessageType: 'DeletePairRecord', PairRecordID: UDID });
    assert.deepEqual((await next(after.reader)).body, own);
    assert.deepEqual((await next(after.reader)).body, { PairRecordData: Buffer.from('record') });
    assert.equal((await next(after.reader)).body['Number'], 0);
    assert.equal((await next(after.reader)).body['Number'], 2);
  });

  test('names who listens', async () => {
    await using lab = await Lab.start();
    const listener = await lab.client();
    listener.send(1, { MessageType: 'Listen', ClientVersionString: 'watcher 1', ProgName: 'watch' });
    await next(listener.reader);
    const { reader, send } = await lab.client();
    send(1, { MessageType: 'ListListeners' });
    const { body } = await next(reader);
    const [entry] = body['ListenerList'] as PlistDictionary[];
    assert.equal(entry?.['ID String'], 'watcher 1');
  });

  test('hangs up on what is no packet of a version there is', async () => {
    await using lab = await Lab.start();
    const { socket, reader } = await lab.client();
    socket.write(Buffer.from('10000000020000000300000001000000', 'hex'));
    assert.deepEqual((await next(reader)).body, { MessageType: 'Result', Number: 6 });
    if (!socket.closed) await once(socket, 'close');
  });

  test('says which place it cannot have', async () => {
    await using lab = await Lab.start();
    const taken = VirtualMux.start({ stateDir: lab.directory, socketPath: join(lab.directory, 'mux.sock') });
    await assert.rejects(taken, { code: 'USAGE', message: /listens on .*mux\.sock already/ });
    const wrong = VirtualMux.start({ stateDir: lab.directory, socketPath: join(lab.directory, 'none', 'mux.sock') });
    await assert.rejects(wrong, { code: 'USAGE', message: /cannot listen on .*none/ });
    const long = VirtualMux.start({ stateDir: lab.directory, socketPath: join(lab.directory, 'long'.repeat(30)) });
    await assert.rejects(long, { code: 'USAGE', message: /too long for a socket/ });
  });
});

/** A mux, and connections to it. */
class Lab implements AsyncDisposable {
  readonly directory: string;
  readonly #sockets: Socket[] = [];
  mux: VirtualMux;

  private constructor(directory: string, mux: VirtualMux) {
    this.directory = directory;
    this.mux = mux;
  }

  static async start(): Promise<Lab> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    return new Lab(directory, await startIn(directory));
  }

  async restart(): Promise<void> {
    await this.mux.close();
    this.mux = await startIn(this.directory);
  }

  async client(): Promise<{
    socket: Socket;
    reader: StreamReader;
    send: (tag: number, body: PlistDictionary) => void;
  }> {
    const socket = connect(join(this.directory, 'mux.sock'));
    socket.on('error', () => {});
    this.#sockets.push(socket);
    await once(socket, 'connect');
    const send = (tag: number, body: PlistDictionary): void => void socket.write(encodeMuxPacket({ tag, body }));
    return { socket, reader: new StreamReader(socket), send };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.mux.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

const echo = (socket: Socket): void => void socket.pipe(socket);

function startIn(directory: string): Promise<VirtualMux> {
  return VirtualMux.start({ stateDir: directory, socketPath: join(directory, 'mux.sock') });
}

function phone(openPort: MuxPhone['openPort'] = () => undefined): MuxPhone {
  return { udid: UDID, usbProductId: 0x12a8, openPort };
}

async function next(reader: StreamReader): Promise<MuxPacket> {
  const packet = await readMuxPacket(reader);
  assert.ok(packet);
  return packet;
}

/** The header of a packet of version 0 with so many bytes of content. */
function binaryHeader(contentBytes: number, type: number, tag: number): number[] {
  return [16 + contentBytes, 0, type, tag].flatMap((value) => [...numberBytes(value)]);
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

async function binary(reader: StreamReader): Promise<{ type: number; tag: number; content: Buffer }> {
  const header = await reader.read(16);
  assert.equal(header.readUInt32LE(4), 0);
  const content = await reader.read(header.readUInt32LE(0) - 16);
  return { type: header.readUInt32LE(8), tag: header.readUInt32LE(12), content: Buffer.from(content) };
}
