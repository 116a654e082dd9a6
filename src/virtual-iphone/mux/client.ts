import type { Socket } from 'node:net';
import { encodeMuxPacket, readMuxPacketAfter, StreamReader, type MuxPacket } from '../../device/index.ts';
import { bytesAt, integerAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { encodeBinaryMessage, isBinaryHeader, MUX_HEADER_BYTES, readBinaryRequest } from './binary-dialect.ts';
import { attachedMessage, deviceMessage, MUX_RESULT, resultMessage, swapPort, type MuxEntry } from './messages.ts';
import { layoutFor } from './network-address.ts';
import type { MuxPairRecords } from './pair-records.ts';

/** What a client's requests are answered from. */
export interface MuxHost {
  readonly records: MuxPairRecords;
  entries(): readonly MuxEntry[];
  /** @returns what takes over the raw pipe, or the number of the Result that refuses it. */
  openPort(deviceId: number, port: number): ((socket: Socket) => void) | number;
  listeners(): readonly PlistDictionary[];
  startListening(client: MuxClient): void;
  paired(udid: string): void;
}

/** One program's connection to the mux: requests and answers until it closes or becomes a raw pipe to a phone. */
export class MuxClient {
  readonly #socket: Socket;
  readonly #host: MuxHost;
  #info: PlistDictionary = {};
  /** Whether its last request was in the dialect of before property lists; it is answered in the same. */
  #isBinary = false;

  constructor(socket: Socket, host: MuxHost) {
    this.#socket = socket;
    this.#host = host;
  }

  /** Serves the connection. Resolves when it is closed or handed over. */
  async run(): Promise<void> {
    const reader = new StreamReader(this.#socket);
    try {
      for (;;) {
        const header = await reader.readOrEnd(MUX_HEADER_BYTES);
        if (header === undefined) break;
        this.#isBinary = isBinaryHeader(header);
        const read = this.#isBinary ? readBinaryRequest(reader, header) : readMuxPacketAfter(header, reader);
        const takeOver = await this.#answer(await read);
        if (takeOver === undefined) continue;
        reader.release();
        takeOver(this.#socket);
        return;
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (isAppError(error, 'PROTOCOL_VIOLATION', 'FORMAT_INVALID'))
        this.#send(0, resultMessage(MUX_RESULT.badVersion));
    }
    this.#socket.destroySoon();
  }

  attached(entry: MuxEntry): void {
    if (this.#sees(entry)) this.#send(0, attachedMessage(entry, this.#layout));
  }

  detached(entry: MuxEntry): void {
    if (this.#sees(entry)) this.#send(0, deviceMessage('Detached', entry.deviceId));
  }

  paired(entry: MuxEntry): void {
    if (this.#sees(entry)) this.#send(0, deviceMessage('Paired', entry.deviceId));
  }

  /** What ListListeners tells about this client. */
  describe(): PlistDictionary {
    const version = integerAt(this.#info, 'kLibUSBMuxVersion');
    return {
      'ID String': stringAt(this.#info, 'ClientVersionString') ?? 'unknown',
      ProgName: stringAt(this.#info, 'ProgName') ?? 'unknown',
      BundleID: stringAt(this.#info, 'BundleID') ?? '',
      Blacklisted: false,
      ConnType: 0,
      kLibUSBMuxVersion: version ?? 0,
    };
  }

  async #answer({ tag, body }: MuxPacket): Promise<((socket: Socket) => void) | undefined> {
    this.#info = body;
    const { records } = this.#host;
    const id = stringAt(body, 'PairRecordID') ?? '';
    switch (stringAt(body, 'MessageType') ?? '') {
      case 'ListDevices':
        this.#send(tag, { DeviceList: this.#visible().map((entry) => attachedMessage(entry, this.#layout)) });
        return undefined;
      case 'Listen':
        this.#send(tag, resultMessage(MUX_RESULT.ok));
        for (const entry of this.#visible()) this.attached(entry);
        this.#host.startListening(this);
        return undefined;
      case 'Connect':
        return this.#connect(tag, body);
      case 'ReadBUID':
        this.#send(tag, { BUID: records.buid });
        return undefined;
      case 'ReadPairRecord': {
        const record = await records.read(id);
        this.#send(tag, record === undefined ? resultMessage(MUX_RESULT.badDevice) : { PairRecordData: record });
        return undefined;
      }
      case 'SavePairRecord': {
        const bytes = bytesAt(body, 'PairRecordData');
        const saved = bytes !== undefined && (await records.save(id, bytes));
        this.#send(tag, resultMessage(saved ? MUX_RESULT.ok : MUX_RESULT.badCommand));
        if (saved) this.#host.paired(id);
        return undefined;
      }
      case 'DeletePairRecord': {
        const deleted = await records.delete(id);
        this.#send(tag, resultMessage(deleted ? MUX_RESULT.ok : MUX_RESULT.badDevice));
        return undefined;
      }
      case 'ListListeners':
        this.#send(tag, { ListenerList: [...this.#host.listeners()] });
        return undefined;
      default:
        this.#send(tag, resultMessage(MUX_RESULT.badCommand));
        return undefined;
    }
  }

  #connect(tag: number, body: PlistDictionary): ((socket: Socket) => void) | undefined {
    const deviceId = integerAt(body, 'DeviceID');
    const port = integerAt(body, 'PortNumber');
    if (deviceId === undefined || port === undefined || port < 0 || port > 0xffff) {
      this.#send(tag, resultMessage(MUX_RESULT.badCommand));
      return undefined;
    }
    const opened = this.#host.openPort(deviceId, swapPort(port));
    this.#send(tag, resultMessage(typeof opened === 'number' ? opened : MUX_RESULT.ok));
    return typeof opened === 'number' ? undefined : opened;
  }

  #send(tag: number, body: PlistDictionary): void {
    const encode = this.#isBinary ? encodeBinaryMessage : encodeMuxPacket;
    if (this.#socket.writable) this.#socket.write(encode({ tag, body }));
  }

  get #layout(): 'bsd' | 'linux' {
    return layoutFor(stringAt(this.#info, 'ClientVersionString'));
  }

  #visible(): MuxEntry[] {
    return this.#host.entries().filter((entry) => this.#sees(entry));
  }

  /** Clients of before version 3 of Apple's library are not shown what is on the network. */
  #sees(entry: MuxEntry): boolean {
    return entry.network === undefined || (integerAt(this.#info, 'kLibUSBMuxVersion') ?? 3) >= 3;
  }
}
