import type { Duplex } from 'node:stream';
import { connectionError } from '../wire/connection-errors.ts';

/**
 * Writes to a stream, with a promise only when its buffer is full.
 *
 * @throws {AppError} CONNECTION_LOST when the stream is closed, or closes while waiting.
 */
export function writeToStream(stream: Duplex, bytes: Uint8Array): void | Promise<void> {
  if (stream.destroyed || stream.writableEnded) throw connectionError(stream.errored ?? undefined);
  if (stream.write(bytes)) return undefined;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      stream.off('drain', settle);
      stream.off('close', settle);
      if (stream.destroyed) reject(connectionError(stream.errored ?? undefined));
      else resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
  });
}

/**
 * Writes to a stream and resolves when it has let go of the bytes.
 *
 * @throws {AppError} CONNECTION_LOST when the stream is closed, or closes while waiting.
 */
export function writeThrough(stream: Duplex, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(connectionError(stream.errored ?? undefined));
    stream.once('close', fail);
    stream.write(bytes, (error) => {
      stream.off('close', fail);
      if (error) fail();
      else resolve();
    });
  });
}
