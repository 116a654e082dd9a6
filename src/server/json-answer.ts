import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const pack = promisify(gzip);
/** Less gains nothing; what holds the token of a page is far below and never packed together with anything. */
const PACKED_FROM_BYTES = 8 * 1024;
const FAST = { level: constants.Z_BEST_SPEED };

/** A value as JSON, packed where it is large and the client takes it so: long lists pass over slow lines, too. */
export async function jsonAnswer(value: unknown, status: number, request: Request): Promise<Response> {
  const text = JSON.stringify(value);
  const headers = new Headers({ 'Content-Type': 'application/json; charset=utf-8', Vary: 'Accept-Encoding' });
  if (text.length < PACKED_FROM_BYTES || !takesGzip(request)) return new Response(text, { status, headers });
  headers.set('Content-Encoding', 'gzip');
  return new Response(await pack(text, FAST), { status, headers });
}

function takesGzip(request: Request): boolean {
  return /(^|,)\s*gzip\s*(,|;(?!\s*q=0(\.0*)?\s*(,|$))|$)/i.test(request.headers.get('accept-encoding') ?? '');
}
