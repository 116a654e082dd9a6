/**
 * The address of a device on the network as usbmuxd hands it out: a raw sockaddr, of which two layouts are in use.
 *
 *   BSD (macOS, and everybody up to libimobiledevice 1.3): u8 length (16 or 28), u8 family (2 or 30)
 *   Linux (libimobiledevice 1.4 on Linux):                 u16 LE family (2 or 10)
 *
 * Then, in both: IPv4 at offset 4; or IPv6 at offset 8 and its scope, a u32 LE, at offset 24.
 */
import { networkInterfaces } from 'node:os';

const FAMILY_IPV4 = 2;
const BSD_FAMILY_IPV6 = 0x1e;
const LINUX_FAMILY_IPV6 = 10;

/** @returns an address to dial ("192.168.1.20", "fe80::1%eth0"), or undefined when the bytes hold none. */
export function parseNetworkAddress(bytes: Uint8Array, nameOfScope = interfaceName): string | undefined {
  const sockaddr = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = familyOf(sockaddr);
  if (family === 4 && sockaddr.length >= 8) return [...sockaddr.subarray(4, 8)].join('.');
  if (family !== 6 || sockaddr.length < 24) return undefined;
  const address = formatIpv6(sockaddr.subarray(8, 24));
  const scopeId = sockaddr.length >= 28 ? sockaddr.readUInt32LE(24) : 0;
  const zone = isLinkLocal(address) && scopeId !== 0 ? nameOfScope(scopeId) : undefined;
  return zone === undefined ? address : `${address}%${zone}`;
}

/** Link-local addresses mean nothing without the interface they belong to. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

/**
 * No family is above 255, so that the second byte tells the layouts apart: it is 0 only where the family is a u16. What
 * the length says is not looked at; netmuxd has it wrong.
 */
function familyOf(sockaddr: Buffer): 4 | 6 | undefined {
  const [first = 0, second = 0] = sockaddr;
  const family = second === 0 ? first : second;
  if (family === FAMILY_IPV4) return 4;
  return family === BSD_FAMILY_IPV6 || (second === 0 && family === LINUX_FAMILY_IPV6) ? 6 : undefined;
}

/** The URL standard's serialiser shortens IPv6 addresses as RFC 5952 asks. */
function formatIpv6(bytes: Buffer): string {
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Windows dials by number, everybody else by the interface's name. */
function interfaceName(scopeId: number): string | undefined {
  if (process.platform === 'win32') return String(scopeId);
  const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some((address) => address.family === 'IPv6' && address.scopeid === scopeId),
  );
  return found?.[0];
}
