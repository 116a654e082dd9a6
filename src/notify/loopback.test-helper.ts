/** Real servers on loopback that take mails and requests, and fail as real ones do. */
import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** Of "localhost" until 2120, signed by itself: made for these tests, protects nothing. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAlMSMwIQYDVQQDDBpIb2xkZmFz
dCB0ZXN0cyBvbiBsb29wYmFjazAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
MDAwMFowJTEjMCEGA1UEAwwaSG9sZGZhc3QgdGVzdHMgb24gbG9vcGJhY2swWTAT
BgcqhkjOPQIBBggqhkjOPQMBBwNCAAS+BQxTskkiDfOGq4zeJGt7HcL/sCNHhCoe
TWnx7WEGsYvwWuhP3Dl3ieW1UvpTMQkpYjhFrfrteOOh1Rgr9xa/oykwJzAUBgNV
HREEDTALgglsb2NhbGhvc3QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJ
ADBGAiEA4xK9bZFLTabcU03NZ10d33MJUV6b1xvsoUv81KKB2J0CIQD/CSzf6N7j
zaROuNvC8kW9DrYvnpEzrIs0NzVlHrgNwQ==
-----END CERTIFICATE-----
`;
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgx3mPnV7V45dcVJaK
UT5WpRtxvDC9jKs+GtKPAYuUa1ChRANCAAS+BQxTskkiDfOGq4zeJGt7HcL/sCNH
hCoeTWnx7WEGsYvwWuhP3Dl3ieW1UvpTMQkpYjhFrfrteOOh1Rgr9xa/
-----END PRIVATE KEY-----
`;

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole mail as it came. */
  readonly raw: string;
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
}

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** How often somebody connected. */
  readonly connections: number;
}

export const USER = 'anna';
export const PASSWORD = 'correct horse 🔋 battery';

/** An SMTP server that lets `USER` in, as smtp-server is set up by `options`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: TakenMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    key: TEST_KEY,
    cert: TEST_CERTIFICATE,
    authOptional: true,
    logger: false,
    closeTimeout: 10,
    onConnect: (_session, done) => {
      connections++;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      if (username === USER && password === PASSWORD) done(null, { user: username });
      else done(new Error(`no entry for ${password ?? ''}`));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          user: session.user === undefined ? undefined : String(session.user),
          isEncrypted: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  const port = await new Promise<number>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.server)));
  });
  return {
    port,
    mails,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  readonly requests: readonly TakenRequest[];
}

/** A web server that answers everything by `answer`, 200 where that does nothing. */
export async function startWebServer(
  answer: (response: ServerResponse, request: TakenRequest) => void = (response) => response.end('OK'),
  { https = false } = {},
): Promise<WebServer> {
  const requests: TakenRequest[] = [];
  const server = https ? createHttpsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }) : createHttpServer();
  server.on('request', (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(request);
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${https ? 'https' : 'http'}://localhost:${portOf(server)}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createHttpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // It listens on TCP.
}
