import type { Duplex } from 'node:stream';
import { cancelledError } from './connection-errors.ts';

/**
 * Destroys `stream` with a CANCELLED error as soon as `signal` aborts, so that whoever waits for its bytes fails with
 * that. Dispose to stop listening.
 */
export function destroyOnAbort(stream: Duplex, signal: AbortSignal | undefined): Disposable {
  const onAbort = (): void => {
    if (signal !== undefined) stream.destroy(cancelledError(signal));
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort);
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', onAbort) };
}

/** Waits, unless cancelled. @throws {AppError} CANCELLED */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) throw cancelledError(signal);
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) reject(cancelledError(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
