/** A phone and a usbmuxd made of a few answers: just enough of the other side to test this one against. */
import { generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket, type SecureVersion } from 'node:tls';
import { bytesAt, dictionaryAt, numberAt, stringAt, type PlistDictionary, type PlistValue } from '../formats/index.ts';
import { locationFromRoutes, LOCKDOWN_PORT, type ConnectionKind, type DeviceLocation } from './location.ts';
import type { PairRecord } from './pairing/pair-record.ts';
import { createPairRecord } from './pairing/create-pair-record.ts';
import { connectionError } from './wire/connection-errors.ts';
import { openSocket } from './wire/dial.ts';
import { encodePlistFrame, PlistFrameReader } from './wire/plist-frame.ts';
import { encodeMuxPacket, MuxPacketDecoder } from './usbmux/packet.ts';
import type { MuxAddress } from './usbmux/address.ts';

export const UDID = '00008110-000A1B2C3D4E5F60';

/** One key for all phones of a test run: making one takes a while. */
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PUBLIC_PEM = Buffer.from(KEY.publicKey.export({ type: 'pkcs1', format: 'pem' }));
export const DEVICE_KEY_PEM = KEY.privateKey.export({ type: 'pkcs8', format: 'pem' });
export { PUBLIC_PEM as DEVICE_PUBLIC_KEY };

/** The keys of every record in a test run; only the HostIDs differ. */
let madeRecord: Promise<PairRecord> | undefined;

export interface FakeService {
  readonly tls?: boolean;
  readonly needsEscrow?: boolean;
  serve(stream: Duplex): void;
}

export class FakePhone {
  readonly udid: string = UDID;
  /** By domain; the empty string is the one without a name. */
  readonly values: Record<string, PlistDictionary> = {
    '': {
      DeviceName: 'Ada’s iPhone',
      ProductType: 'iPhone14,5',
      ProductVersion: '18.5',
      UniqueDeviceID: UDID,
      WiFiAddress: 'aa:bb:cc:dd:ee:01',
      DevicePublicKey: PUBLIC_PEM,
    },
  };
  readonly services = new Map<string, FakeService>();
  /** What Pair is answered with, one after another; when there is none left, it succeeds. */
  readonly pairAnswers: string[] = [];
  /** What every other request is answered with while set. */
  refuseAll: PlistValue | undefined;
  /** What a service that is started with the escrow bag is answered with while set. */
  escrowError: string | undefined;
  /** Keys of the domain without a name that are told within a session only. */
  readonly prohibited = new Set<string>();
  tlsVersion: SecureVersion | undefined;
  refused = false;
  encryptsSessions = true;
  /** Tells whether it encrypts by 1 and 0. */
  flagsAreNumbers = false;
  /** Closes the connection instead of answering that a session is over. */
  hangsUpOnStop = false;
  readonly requests: PlistDictionary[] = [];
  readonly trusted = new Map<string, Buffer>();
  readonly #ports = new Map<number, FakeService>();

  /** A record this phone honours. */
  async trust(): Promise<PairRecord> {
    const made = await (madeRecord ??= createPairRecord({
      devicePublicKey: PUBLIC_PEM,
      systemBuid: 'BUID',
      wifiMacAddress: 'aa:bb:cc:dd:ee:01',
    }));
    const record = { ...made, hostId: randomUUID().toUpperCase(), escrowBag: Buffer.from('escrow') };
    this.trusted.set(record.hostId, record.deviceCertificate);
    return record;
  }

  setValue(domain: string, key: string, value: PlistValue): void {
    (this.values[domain] ??= {})[key] = value;
  }

  /** Takes a connection to one of its ports; false when nothing listens there. */
  accept(port: number, socket: Socket): boolean {
    if (this.refused) return false;
    socket.on('error', () => {});
    if (port === LOCKDOWN_PORT) {
      void this.#serveLockdown(socket).catch(() => socket.destroy());
      return true;
    }
    const service = this.#ports.get(port);
    if (service === undefined) return false;
    const certificate = [...this.trusted.values()].at(-1);
    service.serve(service.tls === true && certificate !== undefined ? this.#secure(socket, certificate) : socket);
    return true;
  }

  requestsFor(request: string): PlistDictionary[] {
    return this.requests.filter((each) => each['Request'] === request);
  }

  async #serveLockdown(raw: Socket): Promise<void> {
    let stream: Duplex = raw;
    let reader = new PlistFrameReader(stream);
    let session = false;
    for (let message = await reader.read(); message !== undefined; message = await reader.read()) {
      const request = message as PlistDictionary;
      this.requests.push(request);
      if (this.hangsUpOnStop && request['Request'] === 'StopSession') return void raw.destroy();
      const answer = this.#answer(request, session);
      stream.write(encodePlistFrame({ Request: request['Request'] ?? '', ...answer }, 'binary'));
      if (answer['EnableSessionSSL'] === this.#flag(true)) {
        session = true;
        reader.release();
        stream = this.#secure(raw, this.trusted.get(stringAt(request, 'HostID') ?? '') ?? Buffer.alloc(0));
        reader = new PlistFrameReader(stream);
      }
    }
  }

  #answer(request: PlistDictionary, session: boolean): PlistDictionary {
    if (this.refuseAll !== undefined && request['Key'] !== 'ProductVersion') return { Error: this.refuseAll };
    switch (stringAt(request, 'Request') ?? '') {
      case 'QueryType':
        return { Type: 'com.apple.mobile.lockdown' };
      case 'GetValue':
        return this.#value(stringAt(request, 'Domain') ?? '', stringAt(request, 'Key'), session);
      case 'SetValue':
        this.setValue(stringAt(request, 'Domain') ?? '', stringAt(request, 'Key') ?? '', request['Value'] ?? '');
        return {};
      case 'StartSession':
        if (!this.trusted.has(stringAt(request, 'HostID') ?? '')) return { Error: 'InvalidHostID' };
        return { SessionID: 'S1', EnableSessionSSL: this.#flag(this.encryptsSessions) };
      case 'StartService':
        return this.#startService(request);
      case 'Pair':
        return this.#pair(dictionaryAt(request, 'PairRecord'));
      case 'Unpair': {
        const hostId = stringAt(dictionaryAt(request, 'PairRecord'), 'HostID') ?? '';
        return this.trusted.delete(hostId) ? {} : { Error: 'InvalidHostID' };
      }
      default:
        return {};
    }
  }

  #value(domain: string, key: string | undefined, session: boolean): PlistDictionary {
    const isProhibited = domain !== '' || this.prohibited.has(key ?? '');
    if (isProhibited && !session) return { Error: 'GetProhibited' };
    const values = this.values[domain];
    const value: PlistValue | undefined = key === undefined ? values : values?.[key];
    return value === undefined ? { Error: 'MissingValue' } : { Value: value };
  }

  #pair(record: PlistDictionary | undefined): PlistDictionary {
    const error = this.pairAnswers.shift();
    if (error !== undefined) return { Error: error };
    const certificate = bytesAt(record, 'DeviceCertificate') ?? Buffer.alloc(0);
    if (!new X509Certificate(certificate).publicKey.equals(KEY.publicKey)) return { Error: 'InvalidPairRecord' };
    this.trusted.set(stringAt(record, 'HostID') ?? '', certificate);
    return { EscrowBag: Buffer.from('escrow') };
  }

  #startService(request: PlistDictionary): PlistDictionary {
    const service = this.services.get(stringAt(request, 'Service') ?? '');
    if (service === undefined) return { Error: 'InvalidService' };
    const bag = bytesAt(request, 'EscrowBag');
    if (service.needsEscrow === true && bag === undefined) return { Error: 'EscrowLocked' };
    if (this.escrowError !== undefined && bag !== undefined) return { Error: this.escrowError };
    const port = 50_000 + this.#ports.size;
    this.#ports.set(port, service);
    return { Port: port, Service: request['Service'] ?? '', EnableServiceSSL: this.#flag(service.tls === true) };
  }

  #flag(isSet: boolean): PlistValue {
    return this.flagsAreNumbers ? Number(isSet) : isSet;
  }

  #secure(socket: Socket, certificate: Buffer): TLSSocket {
    const secured = new TLSSocket(socket, {
      isServer: true,
      key: DEVICE_KEY_PEM,
      cert: certificate,
      requestCert: true,
      rejectUnauthorized: false,
      ...(this.tlsVersion === undefined
        ? {}
        : { minVersion: this.tlsVersion, maxVersion: this.tlsVersion, ciphers: 'DEFAULT:@SECLEVEL=0' }),
    });
    return secured.on('error', () => {});
  }
}

export interface FakeAttachment {
  readonly deviceId: number;
  readonly phone: FakePhone;
  readonly connection?: 'USB' | 'Network';
  readonly serial?: string;
  readonly networkAddress?: Buffer;
}

export class FakeMux implements AsyncDisposable {
  readonly address: MuxAddress;
  readonly records = new Map<string, Buffer>();
  readonly requests: PlistDictionary[] = [];
  attachments: FakeAttachment[] = [];
  /** Tells a listener who is there before it answers that it will. */
  tellsEarly = false;
  readonly #directory: string;
  readonly #server: Server;
  readonly #listeners = new Set<Socket>();
  readonly #sockets = new Set<Socket>();

  static async start(...attachments: FakeAttachment[]): Promise<FakeMux> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const mux = new FakeMux(directory, attachments);
    await mux.listen();
    return mux;
  }

  constructor(directory: string, attachments: FakeAttachment[]) {
    this.#directory = directory;
    this.address = { kind: 'unix', path: join(directory, 'mux.sock') };
    this.attachments = attachments;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(join(this.#directory, 'mux.sock')), 'listening');
  }

  /** As when usbmuxd is restarted: every connection breaks. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  attach(attachment: FakeAttachment): void {
    this.attachments.push(attachment);
    this.tell(attached(attachment));
  }

  detach(deviceId: number): void {
    this.attachments = this.attachments.filter((each) => each.deviceId !== deviceId);
    this.tell({ MessageType: 'Detached', DeviceID: deviceId });
  }

  tell(message: PlistDictionary): void {
    for (const listener of this.#listeners) listener.write(encodeMuxPacket({ tag: 0, body: message }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#listeners.delete(socket);
    });
    const decoder = new MuxPacketDecoder();
    const onData = (chunk: Buffer): void => {
      decoder.push(chunk);
      for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) {
        this.requests.push(packet.body);
        const { tag } = packet;
        this.#answer(packet.body, socket, onData, (body) => socket.write(encodeMuxPacket({ tag, body })));
      }
    };
    socket.on('data', onData);
  }

  #answer(
    request: PlistDictionary,
    socket: Socket,
    onData: (chunk: Buffer) => void,
    reply: (body: PlistDictionary) => void,
  ): void {
    const result = (number: number): void => reply({ MessageType: 'Result', Number: number });
    const id = stringAt(request, 'PairRecordID') ?? '';
    switch (stringAt(request, 'MessageType') ?? '') {
      case 'ListDevices':
        return reply({ DeviceList: this.attachments.map(attached) });
      case 'ReadBUID':
        return reply({ BUID: 'MUX-BUID' });
      case 'ReadPairRecord': {
        const bytes = this.records.get(id);
        return bytes === undefined ? result(2) : reply({ PairRecordData: bytes });
      }
      case 'SavePairRecord':
        this.records.set(id, Buffer.from(bytesAt(request, 'PairRecordData') ?? []));
        return result(0);
      case 'DeletePairRecord':
        return result(this.records.delete(id) ? 0 : 2);
      case 'Listen':
        this.#listeners.add(socket);
        if (this.tellsEarly) for (const each of this.attachments) this.tell(attached(each));
        result(0);
        if (!this.tellsEarly) for (const each of this.attachments) reply(attached(each));
        return undefined;
      case 'Connect': {
        const wanted = this.attachments.find((each) => each.deviceId === numberAt(request, 'DeviceID'));
        const swapped = numberAt(request, 'PortNumber') ?? 0;
        if (wanted === undefined) return result(2);
        socket.off('data', onData);
        socket.pause();
        const taken = wanted.phone.accept(((swapped & 0xff) << 8) | (swapped >> 8), socket);
        return result(taken ? 0 : 3);
      }
      default:
        return result(1);
    }
  }
}

function attached({ deviceId, phone, connection = 'USB', serial, networkAddress }: FakeAttachment): PlistDictionary {
  return {
    MessageType: 'Attached',
    DeviceID: deviceId,
    Properties: {
      ConnectionType: connection,
      DeviceID: deviceId,
      SerialNumber: serial ?? phone.udid,
      ...(networkAddress === undefined ? {} : { NetworkAddress: networkAddress }),
    },
  };
}

/** A location that leads to a phone without a usbmuxd, by whichever kind of connection it should seem. */
export async function reach(
  phone: FakePhone,
  kind: ConnectionKind = 'usb',
): Promise<{ location: DeviceLocation; hangUp(): void } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const path = join(directory, 'phone.sock');
  const ports: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const port = ports.shift() ?? 0;
    if (!phone.accept(port, socket)) socket.destroy();
  });
  await once(server.listen(path), 'listening');
  const connect = async (port: number): Promise<Socket> => {
    ports.push(port);
    return await openSocket({ path }, { timeoutMs: 1_000 }).catch((error: unknown) => {
      throw connectionError(error);
    });
  };
  return {
    location: locationFromRoutes(phone.udid, [{ kind, connect }]),
    /** Drops every connection there is; new ones are taken. */
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        for (const socket of sockets) socket.destroy();
        await closed;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}
