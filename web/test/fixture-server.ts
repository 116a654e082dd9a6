/**
 * Serves the built interface with the policy of the service and made-up answers: for looking at pages, never part of the
 * product. `node web/test/fixture-server.ts [scene] [port]` keeps one running.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { answers } from './fixtures/all.ts';
import { Bytes, findAnswer, Refusal, type SceneName } from './fixtures/answers.ts';
import { jobsIn } from './fixtures/jobs.ts';

const BUILT = process.env['HOLDFAST_WEB_DIR'] ?? join(import.meta.dirname, '../../dist/web');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
  "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export interface FixtureServer extends AsyncDisposable {
  readonly address: string;
  /** What was asked for with another method than GET, the oldest first. */
  readonly changes: readonly Change[];
}

export interface Change {
  /** "PATCH settings" */
  readonly what: string;
  readonly body: unknown;
}

export async function serveFixtures(scene: SceneName, port = 0): Promise<FixtureServer> {
  const changes: Change[] = [];
  const server = createServer((request, response) => {
    handle(scene, changes, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    changes,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  scene: SceneName,
  changes: Change[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture');
  if (!url.pathname.startsWith('/api/v1/')) return sendFile(url.pathname, response);
  const path = url.pathname.slice('/api/v1/'.length);
  if (path === 'events') return sendEvents(scene, response);
  // Never answered: what a page shows while it waits.
  if (scene === 'waiting' && path !== 'session') return;
  const found = findAnswer(answers, request.method ?? 'GET', path);
  const body = await readBody(request);
  if (request.method !== 'GET') changes.push({ what: `${request.method} ${path}`, body });
  const answer = found?.answer({ params: found.params, query: url.searchParams, body, scene });
  if (!found) send(response, 404, { code: 'NOT_FOUND', message: `nothing is made up for ${path}` });
  else if (answer instanceof Refusal) send(response, answer.status, answer);
  else if (answer instanceof Bytes) response.writeHead(200, { 'content-type': answer.type }).end(answer.bytes);
  else if (answer === undefined) response.writeHead(204).end();
  else send(response, 200, answer);
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function sendEvents(scene: SceneName, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(':\n\n');
  for (const job of jobsIn(scene)) response.write(`data: ${JSON.stringify({ event: 'job', job })}\n\n`);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // No encoding is set: chunks are bytes.
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

/** Addresses of pages are answered with the shell, as the service does. */
async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const file = extname(path) === '' ? '/index.html' : normalize(path);
  try {
    const bytes = await readFile(join(BUILT, file));
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

if (process.argv[1] === import.meta.filename) {
  const [scene = 'family', port = '7400'] = process.argv.slice(2);
  const { address } = await serveFixtures(scene as SceneName, Number(port)); // Whoever starts it by hand types a scene.
  process.stdout.write(`${address}\n`);
}
