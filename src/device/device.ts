/** A paired device that can be reached: the face behind which sessions, routes and the heartbeat are kept. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { PlistDictionary, PlistValue } from '../formats/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { AddressBook } from './discovery/address-book.ts';
import { factsFrom, readDomain, readFactValues, type DeviceFacts, type DeviceValues } from './facts/device-facts.ts';
import { HEARTBEAT_SERVICE, keepHeartbeat, type HeartbeatEnd } from './heartbeat/heartbeat.ts';
import type { ConnectionKind, DeviceLocation } from './location.ts';
import { LockdownClient } from './lockdown/lockdown-client.ts';
import { SessionKeeper } from './lockdown/session-keeper.ts';
import type { PairRecord } from './pairing/pair-record.ts';
import type { PairRecordStore } from './pairing/pair-record-store.ts';
import { normalizeUdid } from './usbmux/udid.ts';
import { destroyOnAbort } from './wire/cancel.ts';
import { connectionLost } from './wire/connection-errors.ts';

export interface OpenDeviceOptions {
  readonly location: DeviceLocation;
  readonly pairRecords: PairRecordStore;
  /** Ends everything that goes on with the device when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** How long an unused session with lockdownd is kept. */
  readonly sessionIdleMs?: number;
}

/**
 * Opens a paired device: proves both sides to each other, checks that it is the device it should be, and keeps its
 * heartbeat going while it is reached over the network.
 *
 * @throws {AppError} DEVICE_NOT_TRUSTED when no stored pairing is accepted; DEVICE_LOCKED; DEVICE_NOT_FOUND;
 * CONNECTION_LOST; USBMUXD_UNAVAILABLE; CANCELLED.
 *
 * @example
 * await using device = await openDevice({ location, pairRecords });
 * const files = await device.startService('com.apple.afc');
 */
export async function openDevice(options: OpenDeviceOptions): Promise<Device> {
  const { location, pairRecords, signal, sessionIdleMs } = options;
  const closing = new AbortController();
  const whole = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  const client = await startTrustedSession(location, pairRecords, whole);
  const record = client.pairRecord;
  if (record === undefined) throw new Error('a session without a pair record');
  const { connection: contactBy, route } = client;
  await new AddressBook(pairRecords.directory).noteContact(location.udid, { contactBy, host: route.host });
  return new Device({ location, record, client, closing, signal: whole, sessionIdleMs });
}

interface DeviceParts {
  readonly location: DeviceLocation;
  readonly record: PairRecord;
  readonly client: LockdownClient;
  readonly closing: AbortController;
  readonly signal: AbortSignal;
  readonly sessionIdleMs: number | undefined;
}

export class Device implements AsyncDisposable {
  readonly udid: string;
  /** Aborts, with an AppError as its reason, when the device on the network stops giving signs of life. */
  readonly lost: AbortSignal;
  readonly #sessions: SessionKeeper;
  readonly #closing: AbortController;
  readonly #loss = new AbortController();
  readonly #signal: AbortSignal;
  #connection: ConnectionKind;
  #heartbeat: Promise<void> | undefined;

  /** Use `openDevice`. */
  constructor({ location, record, client, closing, signal, sessionIdleMs }: DeviceParts) {
    this.udid = location.udid;
    this.lost = this.#loss.signal;
    this.#closing = closing;
    this.#signal = signal;
    this.#connection = client.connection;
    const open = async (): Promise<LockdownClient> => {
      const ready = await startSession(location, record, signal);
      this.#connection = ready.connection;
      if (ready.connection === 'network') this.#heartbeat ??= this.#keepAlive();
      return ready;
    };
    this.#sessions = new SessionKeeper(open, { idleMs: sessionIdleMs, first: client });
    if (client.connection === 'network') this.#heartbeat = this.#keepAlive();
  }

  /** How it was reached the last time. */
  get connection(): ConnectionKind {
    return this.#connection;
  }

  /** What the product shows of the device, read anew. */
  async facts(): Promise<DeviceFacts> {
    return factsFrom(this.udid, await this.#sessions.use(readFactValues));
  }

  /**
   * Whole domains as the device tells them, read anew; a domain it declines to tell is missing from the map.
   *
   * @param domains the empty string stands for the domain without a name.
   */
  async values(domains: readonly string[] = ['']): Promise<DeviceValues> {
    return await this.#sessions.use(async (client) => {
      const values = new Map<string, PlistDictionary>();
      for (const domain of domains) {
        const dictionary = await readDomain(client, domain);
        if (dictionary !== undefined) values.set(domain, dictionary);
      }
      return values;
    });
  }

  /** One value; undefined when there is none. */
  async value(domain: string | undefined, key: string): Promise<PlistValue | undefined> {
    return await this.#sessions.use((client) => client.getValue(domain, key));
  }

  async setValue(domain: string | undefined, key: string, value: PlistValue): Promise<void> {
    await this.#sessions.use((client) => client.setValue(domain, key, value));
  }

  /**
   * Starts a service and connects to it. Over the network the connection fails as soon as the device gives no sign of
   * life, instead of waiting for bytes that will not come.
   *
   * @param options.escrow hands over the escrow bag: what backups need to work behind a locked screen.
   * @throws {AppError} DEVICE_REFUSED, DEVICE_LOCKED, CONNECTION_LOST, CANCELLED
   */
  async startService(name: string, options: { escrow?: boolean } = {}): Promise<Socket | TLSSocket> {
    const { stream, connection } = await this.#sessions.use(async (client) => ({
      stream: await client.startService(name, options),
      connection: client.connection,
    }));
    if (connection === 'network' && name !== HEARTBEAT_SERVICE) endWithDevice(stream, this.lost);
    return stream;
  }

  /** Lends the session itself, for what has no method here. `work` may be done twice. */
  async withLockdown<T>(work: (client: LockdownClient) => Promise<T>): Promise<T> {
    return await this.#sessions.use(work);
  }

  /** Ends the session and the heartbeat. Services that were started belong to who started them. */
  async close(): Promise<void> {
    // Nobody is there to say goodbye to.
    if (this.lost.aborted) this.#closing.abort();
    await this.#sessions.close();
    this.#closing.abort();
    await this.#heartbeat;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Until the device is closed, or gives no sign of life over two heartbeat connections in a row. */
  async #keepAlive(): Promise<void> {
    let beating = true;
    let end: HeartbeatEnd = 'lost';
    try {
      while (beating) {
        beating = false;
        const stream = await this.startService(HEARTBEAT_SERVICE);
        const onBeat = (): void => void (beating = true);
        end = await keepHeartbeat(stream, { signal: this.#signal, onBeat });
        if (end === 'cancelled') return;
      }
      this.#loss.abort(end === 'sleeping' ? asleep() : silent());
    } catch (error) {
      // Without the service there is nothing to tell a loss by; connections then fail by themselves.
      if (this.#signal.aborted || isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED', 'CANCELLED')) return;
      if (end === 'sleeping') return this.#loss.abort(asleep());
      this.#loss.abort(
        isAppError(error) ? error : connectionLost('the heartbeat of the device failed', { cause: error }),
      );
    }
  }
}

function endWithDevice(stream: Socket | TLSSocket, lost: AbortSignal): void {
  const ending = destroyOnAbort(stream, lost);
  stream.once('close', () => ending[Symbol.dispose]());
}

function silent(): AppError {
  return connectionLost('the device on the Wi-Fi network gives no sign of life');
}

/** It said so itself before it hung up. */
function asleep(): AppError {
  return new AppError('CONNECTION_LOST', 'the device on the Wi-Fi network went to sleep', {
    hint: 'Put it on its charger: it stays awake there. Then start again.',
    details: { asleep: true },
  });
}

/** A session with the first stored record the device accepts. */
async function startTrustedSession(
  location: DeviceLocation,
  pairRecords: PairRecordStore,
  signal: AbortSignal,
): Promise<LockdownClient> {
  for await (const { record } of pairRecords.candidates(location.udid)) {
    try {
      return await startSession(location, record, signal);
    } catch (error) {
      if (!isAppError(error, 'DEVICE_NOT_TRUSTED')) throw error;
    }
  }
  throw new AppError('DEVICE_NOT_TRUSTED', 'this computer is not paired with the device', {
    hint: 'Connect it with a cable, unlock it, run “holdfast pair” and answer “Trust” on its screen.',
    details: { udid: location.udid },
  });
}

async function startSession(
  location: DeviceLocation,
  record: PairRecord,
  signal: AbortSignal,
): Promise<LockdownClient> {
  const client = await LockdownClient.connect(location, { signal });
  try {
    await client.startSession(record);
    await checkIdentity(client, location.udid);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Another device may have been given the address that this one had. */
async function checkIdentity(client: LockdownClient, udid: string): Promise<void> {
  const told = await client.getValue(undefined, 'UniqueDeviceID');
  if (typeof told !== 'string' || normalizeUdid(told) === udid) return;
  throw new AppError('DEVICE_NOT_FOUND', 'another device answers in place of the one looked for', {
    hint: 'Connect the device with a cable, or wait until it is found on the network again.',
    details: { udid, answeringUdid: told },
  });
}
