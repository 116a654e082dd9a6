/** One conversation with usbmuxd: its socket, its failures, its way of saying no. */
import type { Socket } from 'node:net';
import { numberAt, stringAt, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { AppError, ProtocolError, systemErrorCode } from '../../shared/errors.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { DialTimeout, openSocket } from '../wire/dial.ts';
import { StreamReader } from '../wire/stream-reader.ts';
import { formatMuxAddress, type MuxAddress } from './address.ts';
import { encodeMuxPacket, readMuxPacket, type MuxPacket } from './packet.ts';

/** usbmuxd is on this computer: it answers at once or not at all. libusbmuxd waits as long. */
const ANSWER_TIMEOUT_MS = 5_000;

/** By this and by `ProgName` a usbmuxd may decide what to show; 3 makes Apple's list network devices. */
const LIB_USBMUX_VERSION = 3;

export interface MuxRequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

interface PatientRequestOptions extends MuxRequestOptions {
  /** What it means when no answer comes in time; that usbmuxd is not working unless told. */
  readonly onTimeout?: () => AppError;
}

/** The numbers a `Result` carries. */
export const MUX_RESULT = { ok: 0, badCommand: 1, badDevice: 2, connectionRefused: 3, badVersion: 6 } as const;

export class MuxConnection implements Disposable {
  readonly socket: Socket;
  readonly #address: MuxAddress;
  readonly #reader: StreamReader;
  /** What came while an answer was waited for and was none: whoever listens still wants to know. */
  readonly #unasked: MuxPacket[] = [];
  #lastTag = 0;

  /** @throws {AppError} USBMUXD_UNAVAILABLE when nothing listens at `address`; CANCELLED. */
  static async open(address: MuxAddress, { signal }: MuxRequestOptions = {}): Promise<MuxConnection> {
    const target = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
    try {
      return new MuxConnection(address, await openSocket(target, { timeoutMs: ANSWER_TIMEOUT_MS, signal }));
    } catch (error) {
      throw error instanceof AppError ? error : muxUnavailable(address, error);
    }
  }

  private constructor(address: MuxAddress, socket: Socket) {
    this.#address = address;
    this.socket = socket;
    this.#reader = new StreamReader(socket);
  }

  /**
   * Asks and waits for the answer to just that.
   *
   * @throws {AppError} USBMUXD_UNAVAILABLE when usbmuxd closes the connection or does not answer in time; CANCELLED.
   */
  async request(
    messageType: string,
    parameters: Readonly<Record<string, PlistValue>> = {},
    { signal, timeoutMs = ANSWER_TIMEOUT_MS, onTimeout }: PatientRequestOptions = {},
  ): Promise<PlistDictionary> {
    using _cancellation = destroyOnAbort(this.socket, signal);
    const timer = setTimeout(() => {
      this.socket.destroy(
        onTimeout?.() ?? muxUnavailable(this.#address, new DialTimeout(`no answer to ${messageType}`)),
      );
    }, timeoutMs);
    const tag = ++this.#lastTag;
    this.socket.write(
      encodeMuxPacket({
        tag,
        body: {
          MessageType: messageType,
          ClientVersionString: 'holdfast',
          ProgName: 'holdfast',
          kLibUSBMuxVersion: LIB_USBMUX_VERSION,
          ...parameters,
        },
      }),
    );
    try {
      for (let packet = await this.#read(); packet !== undefined; packet = await this.#read()) {
        if (packet.tag === tag) return packet.body;
        this.#unasked.push(packet);
      }
    } finally {
      clearTimeout(timer);
    }
    throw muxUnavailable(this.#address, new Error(`usbmuxd closed the connection instead of answering ${messageType}`));
  }

  /** The next packet, asked for or not; undefined when usbmuxd closed the connection. */
  async next(): Promise<MuxPacket | undefined> {
    return this.#unasked.shift() ?? (await this.#read());
  }

  /** Hands the socket over: after a Connect that succeeded it is the device's. */
  detach(): Socket {
    this.#reader.release();
    return this.socket;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #read(): Promise<MuxPacket | undefined> {
    return readMuxPacket(this.#reader);
  }
}

/** The number of a `Result` message. @throws {ProtocolError} when the message is no Result. */
export function resultNumber(message: PlistDictionary): number {
  const number = numberAt(message, 'Number');
  if (stringAt(message, 'MessageType') === 'Result' && number !== undefined) return number;
  throw new ProtocolError('usbmuxd gave another answer than the one asked for', {
    details: { messageType: stringAt(message, 'MessageType') ?? 'none' },
  });
}

export function muxUnavailable(address: MuxAddress, cause: unknown): AppError {
  const code = systemErrorCode(cause);
  const place = formatMuxAddress(address);
  return new AppError(
    'USBMUXD_UNAVAILABLE',
    `usbmuxd, which talks to devices on a cable, does not answer at ${place}`,
    {
      hint: adviceFor(address, code),
      details: { address: place, ...(code === undefined ? {} : { systemCode: code }) },
      cause,
    },
  );
}

function adviceFor(address: MuxAddress, code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM')
    return 'Give this user access to the socket of usbmuxd, or run as one that has it.';
  if (address.kind === 'unix' && (code === 'EINVAL' || code === 'ENAMETOOLONG'))
    return 'That path is too long for a socket: have usbmuxd listen at a shorter one, and correct USBMUXD_SOCKET_ADDRESS.';
  if (process.platform === 'win32')
    return 'Install “Apple Devices” or iTunes and start the Apple Mobile Device Service.';
  if (process.platform === 'darwin') return 'Restart the Mac: usbmuxd is part of macOS and always runs.';
  if (address.kind === 'tcp') return 'Start the usbmuxd that should listen there, or correct USBMUXD_SOCKET_ADDRESS.';
  return 'Install usbmuxd (“sudo apt install usbmuxd”), start it (“sudo systemctl start usbmuxd”), and connect the device.';
}
