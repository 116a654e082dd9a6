import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { AppError } from '../../shared/errors.ts';
import type { Transport } from './transport.ts';

export interface HostSettings {
  /** Further names, beside those of loopback. */
  readonly hosts: readonly string[];
  readonly publicUrl?: string | undefined;
}

/**
 * The names under which browsers may come. A page of somebody else whose name was made to lead to this computer (DNS
 * rebinding) is of the same origin for its browser, but it comes by its own name, and that is not among these.
 */
export function knownHosts({ hosts, publicUrl }: HostSettings): ReadonlySet<string> {
  const own = hostname().toLowerCase();
  const ofPublicUrl = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return new Set(['localhost', own, `${own}.local`, ...hosts, ...ofPublicUrl].map(plainName));
}

/** @throws {AppError} REQUEST_REFUSED */
export function demandKnownHost(transport: Transport, known: ReadonlySet<string>): void {
  if (transport.via === 'local') return;
  const name = nameOf(transport.host);
  if (name !== undefined && (isAddress(name) || known.has(name) || name.endsWith('.localhost'))) return;
  throw new AppError('REQUEST_REFUSED', 'the service is not known by this name', {
    hint: 'Add the name to “hosts” in the settings of the server if it is yours.',
  });
}

/** Without the port; undefined for what is no name. */
function nameOf(host: string): string | undefined {
  const url = URL.parse(`http://${host}/`);
  if (url === null || url.username !== '' || url.pathname !== '/' || url.hash !== '' || url.search !== '')
    return undefined;
  return plainName(url.hostname);
}

/** Nobody can make an address lead elsewhere: a page that comes by one is a page of ours. */
const isAddress = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, '')) !== 0;

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
