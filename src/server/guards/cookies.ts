import type { Transport } from './transport.ts';

/** As long as a session can last at most; when it is over is decided here and not by the browser. */
const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Browsers keep cookies by name and host, not by port or scheme: the port is part of the name, so that two services on one
 * computer do not sign each other out, and `__Host-` has the browser refuse one that did not come encrypted from exactly here.
 */
function cookieName(transport: Transport): string {
  const url = URL.parse(`${transport.secure ? 'https' : 'http'}://${transport.host}`);
  const port = url === null || url.port === '' ? (transport.secure ? '443' : '80') : url.port;
  return transport.secure ? `__Host-holdfast-${port}` : `holdfast-${port}`;
}

export function sessionCookie(transport: Transport, token: string): string {
  return cookieOf(transport, token, MAX_AGE_SECONDS);
}

export function endedCookie(transport: Transport): string {
  return cookieOf(transport, '', 0);
}

function cookieOf(transport: Transport, value: string, maxAgeSeconds: number): string {
  const parts = [
    `${cookieName(transport)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${maxAgeSeconds}`,
  ];
  return [...parts, ...(transport.secure ? ['Secure'] : [])].join('; ');
}

/** The token in the cookie of this scheme and port; one of another is not looked at. */
export function readSessionCookie(request: Request, transport: Transport): string | undefined {
  const prefix = `${cookieName(transport)}=`;
  const found = (request.headers.get('cookie') ?? '').split(/;\s*/).find((cookie) => cookie.startsWith(prefix));
  return found?.slice(prefix.length) || undefined;
}
