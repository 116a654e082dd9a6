import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../shared/errors.ts';

/**
 * How `NetworkAddress` is laid out. It is a raw sockaddr, so it differs between systems; libusbmuxd up to 2.0 expects
 * the BSD form everywhere, later versions on Linux the native one.
 */
export type SockaddrLayout = 'bsd' | 'linux';

const IPV4_BYTES = 16;
const IPV6_BYTES = 28;
const IPV6_SCOPE_OFFSET = 24;

/** Which layout a client understands, by the `ClientVersionString` it sends. idevice wants the family first, too. */
export function layoutFor(clientVersion: string | undefined): SockaddrLayout {
  if (clientVersion?.startsWith('idevice-rs') === true) return 'linux';
  const [, major = '0', minor = '0'] = /^libusbmuxd (\d+)\.(\d+)/.exec(clientVersion ?? '') ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 1) ? 'linux' : 'bsd';
}

/**
 * The sockaddr of an address without a port.
 *
 *   offset 0  BSD: u8 length, u8 family (2, or 30 for IPv6) · Linux: u16 LE family (2, or 10 for IPv6)
 *   offset 2  u16  port, 0
 *   offset 4  4 B  IPv4 address; for IPv6 the flow info, then 16 bytes of address and the u32 LE scope
 *
 * @param address may be a link-local one with its interface ("fe80::1%eth0"), which becomes the scope: without it
 * nobody can dial it.
 */
export function encodeNetworkAddress(address: string, layout: SockaddrLayout, scopeOf = scopeIdOf): Buffer {
  const v6 = isIPv6(address);
  const [plain = '', zone] = address.split('%');
  const bytes = Buffer.alloc(v6 ? IPV6_BYTES : IPV4_BYTES);
  if (layout === 'bsd') {
    bytes[0] = bytes.length;
    bytes[1] = v6 ? 30 : 2;
  } else {
    bytes.writeUInt16LE(v6 ? 10 : 2, 0);
  }
  if (v6) ipv6Bytes(plain).copy(bytes, 8);
  else Buffer.from(address.split('.').map(Number)).copy(bytes, 4);
  if (zone !== undefined) bytes.writeUInt32LE(scopeOf(zone), IPV6_SCOPE_OFFSET);
  return bytes;
}

/** The number of an interface that is given by its name or, as on Windows, by that number; 0 where there is none. */
function scopeIdOf(zone: string): number {
  const addresses = networkInterfaces()[zone] ?? [];
  const linkLocal = addresses.find((each) => each.family === 'IPv6' && each.scopeid !== 0);
  return linkLocal?.family === 'IPv6' ? linkLocal.scopeid : Number(/^\d{1,9}$/.exec(zone)?.[0] ?? 0);
}

function ipv6Bytes(address: string): Buffer {
  if (address.includes('.')) {
    throw new AppError('USAGE', `the address ${address} mixes IPv6 and IPv4 spelling`, {
      hint: 'Give the address as IPv4, or as IPv6 in groups of hexadecimal digits.',
    });
  }
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, i) => bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2));
  return bytes;
}
