import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../shared/errors.ts';
import type { Accounts } from './accounts/accounts.ts';
import { csrfTokenOf } from './accounts/sessions.ts';
import { readSessionCookie } from './guards/cookies.ts';
import type { Transport } from './guards/transport.ts';
import { LOCAL, NOBODY, type Principal } from './principal.ts';

const CSRF_HEADER = 'x-holdfast-csrf';
const SAFE_METHODS = ['GET', 'HEAD'];

/**
 * Who asks: the same user over the local socket, an API token, or a browser with its cookie. A browser also sends the
 * token that only pages of ours can read, with everything that changes something.
 *
 * @throws {AppError} SIGN_IN_NEEDED for a token that is not or no longer one; REQUEST_REFUSED for a cookie without the page's token.
 */
export function identify(request: Request, transport: Transport, accounts: Accounts): Principal {
  if (transport.via === 'local') return LOCAL;
  const authorization = request.headers.get('authorization');
  if (authorization !== null) return ofToken(authorization, accounts);
  const cookie = readSessionCookie(request, transport);
  const principal = cookie === undefined ? undefined : accounts.ofSession(cookie, transport.secure);
  if (cookie === undefined || principal === undefined) return NOBODY;
  if (!SAFE_METHODS.includes(request.method)) demandCsrfToken(request, csrfTokenOf(cookie));
  return principal;
}

function ofToken(authorization: string, accounts: Accounts): Principal {
  const token = /^Bearer ([\w-]{1,200})$/i.exec(authorization)?.[1];
  const principal = token === undefined ? undefined : accounts.ofToken(token);
  if (principal !== undefined) return principal;
  throw new AppError('SIGN_IN_NEEDED', 'this API token is not one, or no longer', {
    hint: 'Make another under Accounts.',
  });
}

function demandCsrfToken(request: Request, wanted: string): void {
  const given = Buffer.from(request.headers.get(CSRF_HEADER) ?? '');
  const expected = Buffer.from(wanted);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new AppError('REQUEST_REFUSED', 'the request does not carry the token of the page', {
    hint: 'Load the page again. Programs send an API token instead of a cookie.',
  });
}
