import { createServer, type Server, type Socket } from 'node:net';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { LOCKDOWN_PORT } from '../../device/index.ts';
import type { PortHandler } from '../ports.ts';

/** How long a service's port waits for its one connection. */
const SERVICE_PORT_WAIT_MS = 60_000;

/** The phone's own address on the network: lockdownd on its port, each started service on a port of its own. */
export class WifiInterface {
  readonly address: string;
  readonly #servers = new Set<Server>();

  private constructor(address: string) {
    this.address = address;
  }

  /** @throws {AppError} USAGE when the address or the port cannot be had. */
  static async start(address: string, onLockdown: PortHandler): Promise<WifiInterface> {
    const wifi = new WifiInterface(address);
    await wifi.#listen(LOCKDOWN_PORT, onLockdown);
    return wifi;
  }

  /** Opens a port for one connection. @returns its number and a function that closes it. */
  async openOnce(handler: PortHandler): Promise<{ port: number; close: () => void }> {
    const server = await this.#listen(0, (socket) => {
      close();
      handler(socket);
    });
    const unused = setTimeout(() => close(), SERVICE_PORT_WAIT_MS);
    unused.unref();
    const close = (): void => {
      clearTimeout(unused);
      this.#servers.delete(server);
      server.close();
    };
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('a TCP server has no port');
    return { port: address.port, close };
  }

  /** Stops listening. Connections that are open stay. */
  close(): void {
    for (const server of this.#servers) server.close();
    this.#servers.clear();
  }

  #listen(port: number, handler: PortHandler): Promise<Server> {
    const server = createServer({ noDelay: true }, (socket: Socket) => handler(socket));
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => {
        const place = `${this.address}:${port}`;
        reject(
          new AppError('USAGE', `the virtual iPhone cannot listen on ${place}: ${systemErrorCode(cause)}`, {
            hint: 'Give each virtual iPhone an address of its own, such as 127.0.0.2.',
            cause,
          }),
        );
      });
      server.listen(port, this.address, () => {
        this.#servers.add(server);
        resolve(server);
      });
    });
  }
}
