import type { Socket } from 'node:net';

export type Transport = 'usb' | 'network';

/** What takes over a connection that was made to a port. */
export type PortHandler = (socket: Socket) => void;

/** First of the dynamic ports, where iOS puts its services. */
const FIRST_PORT = 49152;
const LAST_PORT = 65535;
/** Ports that nobody came to are closed when there are more of them than this. */
const MAX_WAITING = 64;

/**
 * The phone's ports as seen through the cable, and through the mux of a phone on the network. Not real ports: a port
 * is a number that a mux client names in Connect.
 */
export class PortTable {
  readonly #waiting = new Map<string, PortHandler>();
  #next = FIRST_PORT;

  /** Opens a port for one connection. @returns its number, which is not given again soon. */
  openOnce(transport: Transport, handler: PortHandler): number {
    const port = this.#next;
    this.#next = port === LAST_PORT ? FIRST_PORT : port + 1;
    this.openAt(port, transport, handler);
    return port;
  }

  /** Opens a port of a given number for one connection. @returns a function that closes it again. */
  openAt(port: number, transport: Transport, handler: PortHandler): () => void {
    const key = `${transport}:${port}`;
    this.#waiting.set(key, handler);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    return () => {
      if (this.#waiting.get(key) === handler) this.#waiting.delete(key);
    };
  }

  /** What takes over a connection to this port; the port is closed from then on. */
  take(port: number, transport: Transport): PortHandler | undefined {
    const key = `${transport}:${port}`;
    const handler = this.#waiting.get(key);
    this.#waiting.delete(key);
    return handler;
  }
}
