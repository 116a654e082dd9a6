/** The same API for the command line of the same user, over a socket in the state folder: no sign-in, no port. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import type { HoldfastApp } from '../app.ts';
import { requestHandler, startListening, stopListening } from './listen.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

export function localSocketPath(stateDir: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\holdfast-${Buffer.from(stateDir).toString('base64url')}`
    : join(stateDir, 'service.sock');
}

/**
 * Answers whoever may open the socket, which is only this user: its folder is 0700, the socket itself 0600.
 *
 * @throws {AppError} ALREADY_THERE when a service answers there; LISTENING_REFUSED
 */
export async function listenLocally(app: HoldfastApp, path: string): Promise<AsyncDisposable> {
  const isFile = process.platform !== 'win32';
  if (isFile) makeFolders(dirname(path), 0o700);
  if (await answers(path)) throw new AppError('ALREADY_THERE', 'the service runs already', { hint: 'One is enough.' });
  // Left by a service that was killed.
  if (isFile) rmSync(path, { force: true });
  const server = createServer(requestHandler(app, { via: 'local' }));
  await startListening(server, { path });
  if (isFile) chmodSync(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      await app.endStreams();
      await stopListening(server);
    },
  };
}

export interface LocalRequest {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Asks a running service over its socket.
 *
 * @param path below `/api/v1`, with a slash in front.
 * @returns undefined where no service runs.
 */
export async function askLocally(
  socketPath: string,
  path: string,
  asked: LocalRequest = {},
): Promise<Response | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
  const request = httpRequest({
    socketPath,
    path: `/api/v1${path}`,
    method: asked.method ?? 'GET',
    headers: { Host: 'localhost', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
  });
  request.once('error', reject);
  request.once('response', (answer) => {
    const status = answer.statusCode ?? 500;
    const headers = new Headers({ 'Content-Type': answer.headers['content-type'] ?? '' });
    const hasBody = status !== 204 && status !== 304;
    if (!hasBody) answer.resume();
    resolve(new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null, { status, headers }));
  });
  request.end(body);
  try {
    return await promise;
  } catch (error) {
    if (isNobodyThere(error)) return undefined;
    throw error;
  }
}

/** A socket nobody listens at, no socket, or a path that cannot be one. */
function isNobodyThere(error: unknown): boolean {
  return (
    ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'EINVAL', 'ENAMETOOLONG'].includes(systemErrorCode(error) ?? '') &&
    !isAppError(error)
  );
}

async function answers(path: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(true));
  socket.once('error', (error) => (isNobodyThere(error) ? resolve(false) : reject(error)));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
