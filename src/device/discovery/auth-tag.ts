import { createHmac, hkdfSync } from 'node:crypto';

/** Of a tag, as it is advertised in base64. */
const TAG_BYTES = 8;
const KEY_BYTES = 32;

/**
 * How a device names a computer it trusts in its advert on the network, without telling anybody else who that is: a
 * MAC over the advert's changing identifier, keyed by the HostID of the pairing.
 *
 * A hint only: the device proves itself in the TLS handshake.
 *
 * @param identifier the bytes of the advert's `identifier`, as they stand in the TXT record.
 * @returns base64, as adverts carry it.
 */
export function authTag(hostId: string, identifier: Uint8Array): string {
  const key = hkdfSync('sha512', Buffer.from(hostId, 'utf8'), '', '', KEY_BYTES);
  return createHmac('sha256', Buffer.from(key)).update(identifier).digest().subarray(0, TAG_BYTES).toString('base64');
}
