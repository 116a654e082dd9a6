/**
 * A conversation with lockdownd, the doorman of every iPhone: it tells values, accepts pairings and starts services.
 *
 * lockdownd drops connections that idle for some tens of seconds; open a client when one is needed and close it.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { booleanAt, numberAt, stringAt, valueAt, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { AppError, isAppError, ProtocolError } from '../../shared/errors.ts';
import {
  connectOverBestRoute,
  LOCKDOWN_PORT,
  type ConnectionKind,
  type DeviceLocation,
  type DeviceRoute,
} from '../location.ts';
import { pairRecordOffer } from '../pairing/offer.ts';
import type { PairRecord } from '../pairing/pair-record.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { PlistChannel } from '../wire/plist-channel.ts';
import { secureConnection } from '../wire/secure.ts';
import { isAbsence, lockdownError } from './errors.ts';

/** lockdownd answers everything at once, or when a busy phone gets to it; after this long it has gone to sleep. */
const ANSWER_TIMEOUT_MS = 30_000;

export interface LockdownOptions {
  readonly signal?: AbortSignal | undefined;
  /** By this name lockdownd logs who asks. */
  readonly label?: string;
}

interface Session {
  readonly id: string;
  readonly pairRecord: PairRecord;
}

export class LockdownClient implements Disposable {
  readonly #route: DeviceRoute;
  readonly #label: string;
  readonly #signal: AbortSignal | undefined;
  readonly #rawSocket: Socket;
  #cancellation: Disposable;
  #channel: PlistChannel;
  #session: Session | undefined;
  #productVersion: string | undefined;
  /** Requests wait for each other: lockdownd answers in order. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Connects over the best route that answers, and stays on it: services are dialled over the same one.
   *
   * @param options.signal closes the connection when it aborts; whatever waits then fails with CANCELLED.
   * @throws {AppError} DEVICE_NOT_FOUND, CONNECTION_LOST, USBMUXD_UNAVAILABLE, CANCELLED
   */
  static async connect(location: DeviceLocation, options: LockdownOptions = {}): Promise<LockdownClient> {
    const { route, socket } = await connectOverBestRoute(location.routes, LOCKDOWN_PORT, options);
    return new LockdownClient(route, socket, options);
  }

  private constructor(route: DeviceRoute, socket: Socket, { label = 'holdfast', signal }: LockdownOptions) {
    this.#route = route;
    this.#rawSocket = socket;
    this.#label = label;
    this.#signal = signal;
    this.#cancellation = destroyOnAbort(socket, signal);
    this.#channel = new PlistChannel(socket);
  }

  /** Over which kind of route this client speaks. */
  get connection(): ConnectionKind {
    return this.#route.kind;
  }

  get route(): DeviceRoute {
    return this.#route;
  }

  /** The record of the session that is open. */
  get pairRecord(): PairRecord | undefined {
    return this.#session?.pairRecord;
  }

  /** "com.apple.mobile.lockdown", or "com.apple.mobile.restored" while the device is in restore mode. */
  async queryType(): Promise<string> {
    return stringAt(await this.#ask('QueryType'), 'Type') ?? '';
  }

  /**
   * One value, or all of a domain when no key is given. Without a session only a small public part is told.
   *
   * @returns undefined when there is no such value.
   * @throws {AppError} DEVICE_REFUSED when a session is needed, and what `lockdownError` says.
   */
  async getValue(domain?: string, key?: string): Promise<PlistValue | undefined> {
    const request = { ...(domain === undefined ? {} : { Domain: domain }), ...(key === undefined ? {} : { Key: key }) };
    const answer = await this.#exchange('GetValue', request);
    const error = stringAt(answer, 'Error');
    if (error !== undefined && isAbsence(error)) return undefined;
    if (error !== undefined) throw lockdownError(error, `GetValue ${domain ?? ''} ${key ?? ''}`.trim());
    return valueAt(answer, 'Value');
  }

  async setValue(domain: string | undefined, key: string, value: PlistValue): Promise<void> {
    await this.#ask('SetValue', { ...(domain === undefined ? {} : { Domain: domain }), Key: key, Value: value });
  }

  async removeValue(domain: string | undefined, key: string): Promise<void> {
    await this.#ask('RemoveValue', { ...(domain === undefined ? {} : { Domain: domain }), Key: key });
  }

  /**
   * Proves both sides to each other; from here on the connection is encrypted.
   *
   * @throws {AppError} DEVICE_NOT_TRUSTED when the device does not know this computer, shows another key than when it
   * was paired, or wants no encryption, without which it proves nothing; DEVICE_LOCKED; CONNECTION_LOST.
   */
  async startSession(pairRecord: PairRecord): Promise<void> {
    const productVersion = await this.productVersion();
    if (isBeforeIos7(productVersion)) await this.#validatePair(pairRecord);
    const identity = { HostID: pairRecord.hostId, SystemBUID: pairRecord.systemBuid };
    const answer = await this.#ask('StartSession', identity);
    const id = stringAt(answer, 'SessionID');
    if (id === undefined) throw new ProtocolError('the device opened a session without naming it');
    if (!isSet(answer, 'EnableSessionSSL')) throw unproven('the device opened a session without encryption');
    this.#channel.release();
    const options = { productVersion, signal: this.#signal };
    const secured = await secureConnection(this.#rawSocket, pairRecord, options);
    this.#cancellation[Symbol.dispose]();
    this.#cancellation = destroyOnAbort(secured, this.#signal);
    this.#channel = new PlistChannel(secured);
    this.#session = { id, pairRecord };
  }

  /** Ends the session in good order and closes the connection. */
  async stopSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    try {
      if (session !== undefined) await this.#ask('StopSession', { SessionID: session.id });
    } finally {
      this.close();
    }
  }

  /**
   * Starts a service and connects to it over the same route, encrypted where the device wants that.
   *
   * @param options.escrow hands over the escrow bag, with which a backup works while the screen is locked.
   * @throws {AppError} DEVICE_REFUSED when there is no such service; DEVICE_LOCKED; CONNECTION_LOST;
   * DEVICE_NOT_TRUSTED when it is to go unencrypted over the network.
   */
  async startService(name: string, { escrow = false }: { escrow?: boolean } = {}): Promise<Socket | TLSSocket> {
    const session = this.#session;
    if (session === undefined) throw new Error(`service ${name} needs a session`);
    const escrowBag = escrow ? session.pairRecord.escrowBag : undefined;
    const request = { Service: name, ...(escrowBag === undefined ? {} : { EscrowBag: escrowBag }) };
    const answer = await this.#ask('StartService', request, `StartService ${name}`);
    const port = numberAt(answer, 'Port');
    if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65535) {
      throw new ProtocolError('the device started a service on an impossible port', { details: { service: name } });
    }
    const productVersion = await this.productVersion();
    const socket = await this.#route.connect(port, { signal: this.#signal });
    if (!isSet(answer, 'EnableServiceSSL')) {
      // On a cable there is nobody in between; over the network anybody could be at the other end.
      if (this.#route.kind === 'usb') return socket;
      socket.destroy();
      throw unproven(`the device wants no encryption for ${name}`);
    }
    return await secureConnection(socket, session.pairRecord, { productVersion, signal: this.#signal });
  }

  /**
   * Offers a pairing.
   *
   * @returns the device's answer: with `EscrowBag` when it agreed, with `Error` when not (yet).
   */
  async pair(pairRecord: PlistDictionary, hostName?: string): Promise<PlistDictionary> {
    return await this.#exchange('Pair', {
      PairRecord: pairRecord,
      ProtocolVersion: '2',
      PairingOptions: { ExtendedPairingErrors: true },
      ...(hostName === undefined ? {} : { HostName: hostName }),
    });
  }

  /** Makes the device forget a pairing. @throws {AppError} DEVICE_NOT_TRUSTED when it knows none of that HostID */
  async unpair(pairRecord: PlistDictionary): Promise<void> {
    await this.#ask('Unpair', { PairRecord: pairRecord, ProtocolVersion: '2' });
  }

  /** Told without a session by every iOS; undefined where it is not. Asked until it is told. */
  async productVersion(): Promise<string | undefined> {
    if (this.#productVersion === undefined) {
      const value = await this.getValue(undefined, 'ProductVersion').catch(ignoreRefusal);
      if (typeof value === 'string') this.#productVersion = value;
    }
    return this.#productVersion;
  }

  /** What makes this computer a trusted one for the connection; later systems do without. */
  async #validatePair(pairRecord: PairRecord): Promise<void> {
    await this.#ask('ValidatePair', { PairRecord: pairRecordOffer(pairRecord), ProtocolVersion: '2' });
  }

  close(): void {
    this.#cancellation[Symbol.dispose]();
    this.#channel.close();
    this.#rawSocket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @throws {AppError} for every answer that carries an error */
  async #ask(request: string, parameters: PlistDictionary = {}, described = request): Promise<PlistDictionary> {
    const answer = await this.#exchange(request, parameters);
    const error = stringAt(answer, 'Error');
    if (error !== undefined) throw lockdownError(error, described);
    // Before iOS 5 success was said in words, and so was a failure without a reason.
    if (stringAt(answer, 'Result') === 'Failure') throw lockdownError('Failure', described);
    return answer;
  }

  #exchange(request: string, parameters: PlistDictionary): Promise<PlistDictionary> {
    const message = { Label: this.#label, Request: request, ...parameters };
    const answer = this.#turn.then(async () => checked(await this.#channel.requestWithin(ANSWER_TIMEOUT_MS, message)));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }
}

/** An error of another type than text says no less that it did not work. @throws {ProtocolError} */
function checked(answer: PlistDictionary): PlistDictionary {
  const error = valueAt(answer, 'Error');
  if (error === undefined || typeof error === 'string') return answer;
  throw new ProtocolError('the device answered with an error that is no text');
}

function isBeforeIos7(productVersion: string | undefined): boolean {
  return /^[1-6](\.|$)/.test(productVersion ?? '');
}

function ignoreRefusal(error: unknown): undefined {
  if (!isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED')) throw error;
}

/** A flag; 1 counts as true, as it does to the program that wrote it. */
function isSet(answer: PlistDictionary, key: string): boolean {
  return booleanAt(answer, key) ?? numberAt(answer, key) === 1;
}

/** Every iPhone encrypts: whoever wants to do without cannot prove which device it is. */
function unproven(message: string): AppError {
  return new AppError('DEVICE_NOT_TRUSTED', message, {
    hint: 'Something may be answering in the device’s place: connect the device with a cable.',
  });
}
