import { AppError } from '../../shared/errors.ts';
import { originOf, type Transport } from './transport.ts';

/**
 * Keeps pages of others from asking: a browser says with every request that is not a plain visit of its own which page
 * sends it. Programs send nothing of the sort and go by their token.
 *
 * @param publicUrl whose origin is ours as well.
 * @throws {AppError} REQUEST_REFUSED
 */
export function demandOwnOrigin(request: Request, transport: Transport, publicUrl: string | undefined): void {
  if (transport.via === 'local') return;
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') throw foreign();
  const origin = request.headers.get('origin');
  if (origin === null || origin === originOf(transport)) return;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin && transport.secure) return;
  if (origin === originOf({ ...transport, secure: !transport.secure })) throw wrongScheme();
  throw foreign();
}

function foreign(): AppError {
  return new AppError('REQUEST_REFUSED', 'another page sent this request', {
    hint: 'Open the address of the service itself.',
  });
}

function wrongScheme(): AppError {
  return new AppError('REQUEST_REFUSED', 'the page is encrypted on its way and the request here is not', {
    hint: 'Add the proxy before the service to “trustedProxies” in the settings of the server, and let it send X-Forwarded-Proto.',
  });
}
