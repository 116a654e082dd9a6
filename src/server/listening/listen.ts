import { readFileSync, statSync } from 'node:fs';
import {
  createServer as createHttpServer,
  IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { HoldfastApp } from '../app.ts';
import type { Bindings } from '../guards/transport.ts';

export interface ListenOptions {
  /** An address of this computer. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** PEM files; with them it speaks https. Read again when they change. */
  readonly tls?: TlsFiles | undefined;
  readonly log: Logger;
  /** In milliseconds; tests take less. */
  readonly limits?: Partial<ListenLimits>;
  readonly certificateCheckMs?: number;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Listening extends AsyncDisposable {
  /** As a browser on this computer opens it. */
  readonly url: string;
  readonly port: number;
}

type AnyServer = HttpServer | HttpsServer;

/** What a client may take its time for. */
export interface ListenLimits {
  /** For what a request begins with: who is slower holds connections and wants nothing. */
  readonly headersTimeout: number;
  /** For all of a request; bodies are small. */
  readonly requestTimeout: number;
  /** Between two requests. */
  readonly keepAliveTimeout: number;
  /** How often these are looked at. */
  readonly connectionsCheckingInterval: number;
  /** In bytes. */
  readonly maxHeaderSize: number;
}

const LIMITS: ListenLimits = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 16 * 1024,
};

/** Without a byte in either direction, also of a client that stopped reading. Events keep themselves alive. */
const SILENCE_MS = 2 * 60_000;
const MAX_CONNECTIONS = 500;
/** For answers under way when the service stops. */
const GRACE_MS = 2000;
const CERTIFICATE_CHECK_MS = 60_000;

/**
 * Answers browsers at an address of this computer.
 *
 * @throws {AppError} LISTENING_REFUSED when the address is taken, is not of this computer, or the certificate is not one.
 */
export async function listen(app: HoldfastApp, options: ListenOptions): Promise<Listening> {
  const { host, port, tls, log, certificateCheckMs = CERTIFICATE_CHECK_MS } = options;
  const limits = { ...LIMITS, ...options.limits };
  const handler = requestHandler(app, {});
  const secure = tls && createHttpsServer({ ...limits, ...readTls(tls) }, handler);
  const server = secure ?? createHttpServer(limits, handler);
  await startListening(server, { host, port });
  const renewing = secure && tls && renewCertificate(secure, tls, { log, everyMs: certificateCheckMs });
  const bound = portOf(server);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${nameFor(host)}:${bound}/`,
    port: bound,
    async [Symbol.asyncDispose]() {
      clearInterval(renewing);
      await app.endStreams();
      await stopListening(server);
    },
  };
}

/** What a Node server calls for each request. */
export function requestHandler(app: HoldfastApp, bindings: Bindings): RequestListener {
  const listener = getRequestListener(
    (request, env) =>
      app.fetch(request, env.incoming instanceof IncomingMessage ? { ...bindings, incoming: env.incoming } : bindings),
    { overrideGlobalObjects: false },
  );
  return (incoming, outgoing) => void listener(incoming, outgoing);
}

/** @throws {AppError} LISTENING_REFUSED */
export async function startListening(
  server: AnyServer,
  where: { host: string; port: number } | { path: string },
): Promise<void> {
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SILENCE_MS);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(where, resolve);
  try {
    await promise;
  } catch (error) {
    throw listeningFailed(error, where);
  } finally {
    server.off('error', reject);
  }
}

export async function stopListening(server: AnyServer): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(force);
}

function portOf(server: AnyServer): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

/** What a browser on this computer writes for an address that means all of them. */
function nameFor(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1' || host === '::1') return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}

function readTls({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' } {
  try {
    return { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' };
  } catch (error) {
    throw new AppError(
      'LISTENING_REFUSED',
      `the certificate cannot be read (${systemErrorCode(error) ?? 'unknown reason'})`,
      {
        hint: 'See “tls” in the settings of the server: certFile and keyFile are PEM files this user may read.',
        cause: error,
      },
    );
  }
}

/** Certificates are renewed beside a running service. */
function renewCertificate(
  server: HttpsServer,
  tls: TlsFiles,
  { log, everyMs }: { log: Logger; everyMs: number },
): NodeJS.Timeout {
  let since = changedAt(tls);
  return setInterval(() => {
    const now = changedAt(tls);
    if (now === since) return;
    since = now;
    try {
      server.setSecureContext(readTls(tls));
      log.info('took in the renewed certificate');
    } catch (error) {
      log.warn('the renewed certificate cannot be used; the one before it stays', { error: String(error) });
    }
  }, everyMs).unref();
}

function changedAt({ certFile, keyFile }: TlsFiles): string {
  return [certFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs).join(' ');
}

function listeningFailed(error: unknown, where: { host: string; port: number } | { path: string }): unknown {
  const code = systemErrorCode(error);
  const place = 'path' in where ? where.path : `${where.host}:${where.port}`;
  const reason = code === undefined ? undefined : REASONS[code];
  if (reason === undefined) return error;
  return new AppError('LISTENING_REFUSED', `the service cannot listen at ${place}: ${reason.what}`, {
    hint: reason.hint,
    details: { code: code ?? '' },
    cause: error,
  });
}

const TOO_LONG = { what: 'the path is too long for a socket', hint: 'Choose a shorter state folder.' };

const REASONS: Readonly<Record<string, { what: string; hint: string }>> = {
  EADDRINUSE: { what: 'something else does', hint: 'Stop that, or give another port with --port.' },
  EACCES: { what: 'this user may not', hint: 'Ports below 1024 are for the system: give another with --port.' },
  EADDRNOTAVAIL: { what: 'it is no address of this computer', hint: 'Give one that it has with --host.' },
  ENOTFOUND: { what: 'no address has this name', hint: 'Give an address of this computer with --host.' },
  // Node's own check of a path.
  EINVAL: TOO_LONG,
  ENAMETOOLONG: TOO_LONG,
};
