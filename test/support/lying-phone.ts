/** A phone, or something in its place, that answers lockdownd's questions with whatever it likes. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodePlistFrame,
  locationFromRoutes,
  PlistFrameReader,
  type ConnectionKind,
  type DeviceLocation,
} from '../../src/device/index.ts';
import { asDictionary, stringAt, type PlistValue } from '../../src/formats/index.ts';
import { isAppError } from '../../src/shared/errors.ts';

/** A property list to be framed, bytes to be sent as they are, or `hang-up`. */
export type Lie = { readonly plist: PlistValue } | { readonly bytes: Uint8Array } | 'hang-up';
/** What is answered to a request of lockdownd; undefined for an answer like any other phone's. */
export type Liar = (request: string) => Lie | undefined;

export class LyingPhone implements AsyncDisposable {
  readonly location: DeviceLocation;
  readonly #server: Server;
  readonly #directory: string;
  readonly #sockets = new Set<Socket>();
  readonly #liar: Liar;

  private constructor(udid: string, kind: ConnectionKind, directory: string, liar: Liar) {
    const path = join(directory, 'phone');
    this.#directory = directory;
    this.#liar = liar;
    this.#server = createServer((socket) => void this.#serve(socket)).listen(path);
    const dial = async (): Promise<Socket> => {
      const socket = connect(path);
      await once(socket, 'connect');
      return socket;
    };
    this.location = locationFromRoutes(udid, [{ kind, connect: dial }]);
  }

  static async start(udid: string, liar: Liar, kind: ConnectionKind = 'usb'): Promise<LyingPhone> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const phone = new LyingPhone(udid, kind, directory, liar);
    await once(phone.#server, 'listening');
    return phone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    try {
      for await (const message of new PlistFrameReader(socket)) {
        const request = stringAt(asDictionary(message), 'Request') ?? '';
        const lie = this.#liar(request) ?? { plist: honest(request, asDictionary(message)?.['Key']) };
        if (lie === 'hang-up') return void socket.destroy();
        socket.write('bytes' in lie ? lie.bytes : encodePlistFrame(lie.plist));
      }
    } catch (error) {
      // TLS where a frame belongs: the host believed the last answer.
      if (!isAppError(error)) throw error;
    }
    socket.destroy();
  }
}

function honest(request: string, key: PlistValue | undefined): PlistValue {
  if (request === 'StartSession') return { Request: request, SessionID: 'S', EnableSessionSSL: true };
  if (request !== 'GetValue') return { Request: request };
  if (key === 'ProductVersion') return { Request: request, Value: '18.5' };
  return { Request: request, Error: 'MissingValue' };
}
