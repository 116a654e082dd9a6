import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { AppError } from '../../shared/errors.ts';

/** How a request came here, as far as can be believed. */
export interface Transport {
  /** `local`: through the socket that only this user of this computer can open. */
  readonly via: 'network' | 'local';
  /** Whether it is encrypted between the browser and us, or the proxy before us that we trust. */
  readonly secure: boolean;
  /** Name and port as the client addressed us: "nas.lan:7373". */
  readonly host: string;
  /** Of the client. */
  readonly address: string;
}

/** What whoever listens tells with each request; never made of anything that the client sent. */
export interface Bindings {
  readonly via?: 'local';
  readonly incoming?: IncomingMessage;
}

/** Whether an address is one of the proxies that are trusted. */
export type IsProxy = (address: string) => boolean;

/** @throws {AppError} USAGE for what is neither an address nor a network. */
export function proxiesOf(trusted: readonly string[]): IsProxy {
  const list = new BlockList();
  for (const entry of trusted) addTo(list, entry);
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (isIP(address) === 0 || rest.length > 0 || !(bits >= 0 && bits <= longest)) {
    throw new AppError('USAGE', `“${entry}” among the trusted proxies is no address`, {
      hint: 'Write an address like 127.0.0.1, or a network like 10.0.0.0/8.',
    });
  }
  list.addSubnet(address, bits, family);
}

export function transportOf(request: Request, bindings: Bindings, isProxy: IsProxy): Transport {
  const url = new URL(request.url);
  const socket = bindings.incoming?.socket;
  const direct = {
    via: bindings.via ?? 'network',
    secure: socket === undefined ? url.protocol === 'https:' : socket instanceof TLSSocket,
    host: (request.headers.get('host') ?? url.host).toLowerCase(),
    address: plainAddress(socket?.remoteAddress ?? ''),
  } as const;
  return direct.via === 'network' && isProxy(direct.address) ? throughProxy(direct, request.headers, isProxy) : direct;
}

/** Of several values each proxy appended its own: the last is what ours says, what stands before it anyone may have sent. */
function throughProxy(direct: Transport, headers: Headers, isProxy: IsProxy): Transport {
  const proto = valuesOf(headers, 'x-forwarded-proto').at(-1);
  const host = valuesOf(headers, 'x-forwarded-host').at(-1);
  const client = valuesOf(headers, 'x-forwarded-for')
    .map(plainAddress)
    .findLast((address) => !isProxy(address));
  return {
    via: direct.via,
    secure: proto === undefined ? direct.secure : proto.toLowerCase() === 'https',
    host: host?.toLowerCase() ?? direct.host,
    address: client !== undefined && isIP(client) !== 0 ? client : direct.address,
  };
}

function valuesOf(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** IPv4 as it arrives at a socket for both families: "::ffff:192.0.2.1". */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

/** The scheme, name and port that a page of ours has as its origin. */
export function originOf({ secure, host }: Transport): string {
  return `${secure ? 'https' : 'http'}://${host}`;
}
