import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import {
  encodePlistFrame,
  listMuxDevices,
  locationsFromMux,
  LockdownClient,
  openDevice,
  pairDevice,
  PairRecordStore,
  parseMuxAddress,
  PlistFrameReader,
  type Device,
  type DeviceLocation,
  type MuxAddress,
  type PairRecord,
} from '../device/index.ts';
import { asDictionary, stringAt, type PlistDictionary } from '../formats/index.ts';
import { PeelableStream } from './lockdown/peelable-tls.ts';
import type { VirtualIphoneOptions } from './options.ts';
import { startVirtualIphone, type VirtualIphone } from './virtual-iphone.ts';

/** An empty phone in a folder of its own, and our own client to talk to it with. */
export class TestPhone implements AsyncDisposable {
  readonly phone: VirtualIphone;
  readonly directory: string;
  readonly address: MuxAddress;
  readonly store: PairRecordStore;

  private constructor(phone: VirtualIphone, directory: string) {
    this.phone = phone;
    this.directory = directory;
    this.address = parseMuxAddress(join(directory, 'mux.sock'));
    this.store = new PairRecordStore({ directory: join(directory, 'records'), mux: this.address });
  }

  static async start(options: Partial<VirtualIphoneOptions> = {}): Promise<TestPhone> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    return new TestPhone(await TestPhone.#phone(directory, options), directory);
  }

  /** Turns the phone off and on again. */
  async restarted(options: Partial<VirtualIphoneOptions> = {}): Promise<TestPhone> {
    await this.phone.close();
    return new TestPhone(await TestPhone.#phone(this.directory, options), this.directory);
  }

  static #phone(directory: string, options: Partial<VirtualIphoneOptions>): Promise<VirtualIphone> {
    const stateDir = join(directory, 'phone');
    return startVirtualIphone({ stateDir, socketPath: join(directory, 'mux.sock'), library: 'empty', ...options });
  }

  async location(): Promise<DeviceLocation> {
    const [location] = locationsFromMux(this.address, await listMuxDevices(this.address));
    if (location === undefined) throw new Error('the phone is not listed');
    return location;
  }

  async lockdown(): Promise<LockdownClient> {
    return LockdownClient.connect(await this.location());
  }

  async pair(): Promise<PairRecord> {
    const pairing = await pairDevice({ location: await this.location(), store: this.store, pollMs: 1 });
    return pairing.record;
  }

  /** Pairs and opens the phone. */
  async open(): Promise<Device> {
    await this.pair();
    return openDevice({ location: await this.location(), pairRecords: this.store });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.phone.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** One request and its answer, as lockdownd has them and with nothing that a client would add. */
export async function ask(stream: Duplex, request: PlistDictionary): Promise<PlistDictionary> {
  stream.write(encodePlistFrame({ Label: 'test', ...request }));
  return answerOf(stream);
}

export async function answerOf(stream: Duplex): Promise<PlistDictionary> {
  const frames = new PlistFrameReader(stream);
  const answer = asDictionary(await frames.read());
  frames.release();
  if (answer === undefined) throw new Error('the phone hung up');
  return answer;
}

/** Starts a session by hand on a connection to lockdownd, which can go on in plaintext after it. */
export async function startSession(
  stream: Duplex,
  record: PairRecord,
): Promise<{ tls: TLSSocket; under: PeelableStream; sessionId: string }> {
  const { hostId, systemBuid, hostCertificate, hostPrivateKey } = record;
  const started = await ask(stream, { Request: 'StartSession', HostID: hostId, SystemBUID: systemBuid });
  const under = new PeelableStream(stream);
  const tls = connectTls({ socket: under, cert: hostCertificate, key: hostPrivateKey, rejectUnauthorized: false });
  return { tls, under, sessionId: stringAt(started, 'SessionID') ?? '' };
}
