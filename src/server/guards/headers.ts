import { createHash } from 'node:crypto';
import type { RawAnswer } from '../route.ts';
import type { Transport } from './transport.ts';

/** What the interface may load: its own files and nothing else, no script in a page, no frame around it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** For bytes that came out of a backup or were made of it: whatever they are, they run nothing and are of no origin. */
const SANDBOX_POLICY = `sandbox; ${DATA_POLICY}`;

/** For pages of ours to print or keep: their style is in them, pictures are data. They run nothing. */
export const PRINTED_POLICY = `sandbox; ${DATA_POLICY}; style-src 'unsafe-inline'; img-src data:`;

/** 180 days: long enough to protect, short enough to get rid of. Never said over http, where it means nothing. */
const HSTS = 'max-age=15552000';

export function secureAll(headers: Headers, transport: Transport): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'no-referrer');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('X-Frame-Options', 'DENY');
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  if (transport.secure) headers.set('Strict-Transport-Security', HSTS);
}

export function securePage(headers: Headers): void {
  headers.set('Content-Security-Policy', PAGE_POLICY);
}

/** Answers of the API are for nobody's cache unless a handler says otherwise. */
export function secureAnswer(headers: Headers, raw: RawAnswer | undefined): void {
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  const policy = raw === undefined ? DATA_POLICY : (raw.contentSecurityPolicy ?? SANDBOX_POLICY);
  headers.set('Content-Security-Policy', policy);
}

/** What `If-None-Match` is compared with. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}
