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

/**
 * Waits for `work`, but not beyond the moment `signal` aborts. The work itself goes on; what it brings then is handed
 * to `late`.
 *
 * @throws {AppError} CANCELLED, or the AppError that is the signal's reason
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return await work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    work.then(late, () => {});
    reject(cancelledError(signal));
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
