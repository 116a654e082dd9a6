/** Opening sockets: to usbmuxd, or straight to a device on the network. */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { cancelledError } from './connection-errors.ts';

/** Idle time after which the kernel asks whether the other side is still there. What pymobiledevice3 uses as well. */
const KEEP_ALIVE_IDLE_MS = 3_000;

export interface DialOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A connection was not made within the time given. Kept apart from system errors so that callers can word it. */
export class DialTimeout extends Error {
  override readonly name = 'DialTimeout';
}

/**
 * Connects a socket. TCP sockets get keep-alive probes, which is how a phone that left the network is noticed while
 * it may legally be silent for half an hour, and no delay for small messages.
 *
 * @throws the system error of the attempt, DialTimeout, or AppError CANCELLED.
 */
export async function openSocket(target: NetConnectOpts, { timeoutMs, signal }: DialOptions): Promise<Socket> {
  if (signal?.aborted === true) throw cancelledError(signal);
  return await new Promise((resolve, reject) => {
    const socket = connect(target);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect);
      socket.off('error', fail);
    };
    const fail = (error: unknown): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      if (signal !== undefined) fail(cancelledError(signal));
    };
    const onConnect = (): void => {
      settle();
      if ('port' in target) {
        socket.setNoDelay(true);
        socket.setKeepAlive(true, KEEP_ALIVE_IDLE_MS);
      }
      resolve(socket);
    };
    const timer = setTimeout(() => fail(new DialTimeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    socket.on('connect', onConnect);
    socket.on('error', fail);
    // Failures after this point surface in whatever reads or writes; an 'error' without a listener would end the process.
    socket.on('error', () => {});
  });
}
