import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { MuxClient, type MuxHost } from './client.ts';
import { MUX_RESULT, type MuxEntry } from './messages.ts';
import { MuxPairRecords } from './pair-records.ts';
import { removeStaleSocket } from './stale-socket.ts';

export interface VirtualMuxOptions {
  /** Where the pair records and the id of the computer are kept. */
  readonly stateDir: string;
  /** Unix socket to listen on. A stale one is replaced. */
  readonly socketPath?: string;
  /** TCP port on the loopback address; 0 takes a free one. */
  readonly tcpPort?: number;
}

/** A phone, as far as the mux is concerned. */
export interface MuxPhone {
  readonly udid: string;
  readonly usbProductId: number;
  /** What takes over a connection to this port; undefined when nothing listens there. */
  openPort(port: number, transport: 'usb' | 'network'): ((socket: Socket) => void) | undefined;
}

interface Attachment {
  readonly entry: MuxEntry;
  readonly phone: MuxPhone;
}

/**
 * The computer's side of the cable: speaks usbmuxd's protocol to any number of programs and connects them to any
 * number of phones.
 */
export class VirtualMux implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #listening = new Set<MuxClient>();
  readonly #attachments = new Map<number, Attachment>();
  readonly #records: MuxPairRecords;
  #lastDeviceId = 0;

  private constructor(records: MuxPairRecords) {
    this.#records = records;
  }

  /** @throws {AppError} USAGE when the socket or the port cannot be had. */
  static async start(options: VirtualMuxOptions): Promise<VirtualMux> {
    const mux = new VirtualMux(await MuxPairRecords.open(join(options.stateDir, 'mux')));
    try {
      if (options.socketPath !== undefined) {
        await removeStaleSocket(options.socketPath);
        await mux.#listen({ path: options.socketPath });
      }
      if (options.tcpPort !== undefined) await mux.#listen({ host: '127.0.0.1', port: options.tcpPort });
    } catch (error) {
      await mux.close();
      throw error;
    }
    return mux;
  }

  /** The port it listens on, when it does on one. */
  get tcpPort(): number | undefined {
    const addresses = this.#servers.map((server) => server.address());
    return addresses.find((address): address is AddressInfo => typeof address === 'object' && address !== null)?.port;
  }

  /** Lists a phone, and tells those who listen. @returns the number by which it is listed. */
  attach(phone: MuxPhone, network?: { address: string; serviceName: string }): number {
    const deviceId = ++this.#lastDeviceId;
    const { udid, usbProductId } = phone;
    const entry = { deviceId, udid, usbProductId, ...(network === undefined ? {} : { network }) };
    this.#attachments.set(deviceId, { entry, phone });
    for (const client of this.#listening) client.attached(entry);
    return deviceId;
  }

  detach(deviceId: number): void {
    const attachment = this.#attachments.get(deviceId);
    if (attachment === undefined) return;
    this.#attachments.delete(deviceId);
    for (const client of this.#listening) client.detached(attachment.entry);
  }

  /** Cuts off everybody who is connected, as a usbmuxd that is restarted does. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await Promise.all(closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listen(where: { path: string } | { host: string; port: number }): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(cannotListen(where, error)));
      server.listen(where, () => {
        this.#servers.push(server);
        resolve();
      });
    });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    // Clients hang up whenever they like; what it means is decided where the bytes are read.
    socket.on('error', () => {});
    const client = new MuxClient(socket, this.#host());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#listening.delete(client);
    });
    void client.run();
  }

  #host(): MuxHost {
    return {
      records: this.#records,
      entries: () => [...this.#attachments.values()].map(({ entry }) => entry),
      openPort: (deviceId, port) => {
        const attachment = this.#attachments.get(deviceId);
        if (attachment === undefined) return MUX_RESULT.badDevice;
        const transport = attachment.entry.network === undefined ? 'usb' : 'network';
        return attachment.phone.openPort(port, transport) ?? MUX_RESULT.connectionRefused;
      },
      listeners: () => [...this.#listening].map((client) => client.describe()),
      startListening: (client) => this.#listening.add(client),
      paired: (udid) => {
        const entry = [...this.#attachments.values()].find((each) => each.entry.udid === udid)?.entry;
        if (entry !== undefined) for (const client of this.#listening) client.paired(entry);
      },
    };
  }
}

function cannotListen(where: { path: string } | { host: string; port: number }, cause: Error): AppError {
  const place = 'path' in where ? where.path : `${where.host}:${where.port}`;
  const code = systemErrorCode(cause) ?? cause.message;
  const isTooLong = 'path' in where && (code === 'EINVAL' || code === 'ENAMETOOLONG');
  const reason = isTooLong ? 'the path is too long for a socket' : code;
  return new AppError('USAGE', `cannot listen on ${place}: ${reason}`, {
    hint: 'Choose another socket path or port, or stop the program that uses this one.',
    cause,
  });
}
