import { lstat, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { AppError, systemErrorCode } from '../../shared/errors.ts';

/**
 * Clears the way for a socket: removes one that a killed process left behind, and nothing else.
 *
 * @throws {AppError} USAGE when a program answers there, or when it is no socket.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (stats === undefined) return;
  if (!stats.isSocket()) throw inTheWay(path, `${path} is there already, and is not a socket`);
  if (await isAnswered(path)) throw inTheWay(path, `a program listens on ${path} already`);
  await rm(path, { force: true });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function inTheWay(path: string, message: string): AppError {
  return new AppError('USAGE', message, { hint: 'Choose another path for the socket.', details: { path } });
}
