import type { Socket } from 'node:net';
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
