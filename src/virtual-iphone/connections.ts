import type { Socket } from 'node:net';
import { systemErrorCode } from '../shared/errors.ts';
import type { Transport } from './ports.ts';

/** Every open connection between hosts and the phone, so that pulling the cable cuts them all. */
export class Connections {
  readonly #open = new Map<Socket, Transport>();
  readonly #onChange: (transport: Transport, count: number) => void;

  constructor(onChange: (transport: Transport, count: number) => void = () => {}) {
    this.#onChange = onChange;
  }

  add(socket: Socket, transport: Transport): void {
    this.#open.set(socket, transport);
    // What went wrong shows where the bytes are read; a host that hangs up must not end the process.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#onChange(transport, this.count(transport));
    });
    this.#onChange(transport, this.count(transport));
  }

  count(transport: Transport): number {
    return [...this.#open.values()].filter((each) => each === transport).length;
  }

  /** Cuts the connections of one transport, or all. */
  drop(transport?: Transport): void {
    for (const [socket, each] of this.#open) {
      if (transport === undefined || each === transport) socket.destroy();
    }
  }
}

/**
 * Whether an error says no more than that a connection is over: EPIPE, ECONNRESET, ERR_STREAM_DESTROYED, an alert of
 * TLS, or the phone being turned off. Hosts hang up whenever they like.
 */
export function isConnectionTrouble(error: unknown): boolean {
  const code = systemErrorCode(error) ?? '';
  return /^(E(?!RR_)|ERR_(STREAM|SSL|TLS)_)/.test(code) || (error instanceof Error && error.name === 'AbortError');
}
