/** Which of the paired devices an advert is of. */
import type { PairedDevice } from '../pairing/pair-record-store.ts';
import type { MobdevAdvert } from './advert.ts';
import { authTag } from './auth-tag.ts';

export interface KnownDevice extends PairedDevice {
  /** The name it advertised itself under when last asked over a cable. */
  readonly serviceName?: string | undefined;
}

/**
 * By the tag it made for this computer; else by the name it told; else by its MAC address, which newer systems hide.
 * The first that fits, in this order over all devices: a tag outweighs an address.
 */
export function matchAdvert(advert: MobdevAdvert, known: readonly KnownDevice[]): KnownDevice | undefined {
  const { identifier, macAddress } = advert;
  const tags = new Set(advert.authTags.map(plainTag));
  return (
    (identifier === undefined
      ? undefined
      : known.find(({ record }) => tags.has(plainTag(authTag(record.hostId, identifier))))) ??
    // What stands behind the address differs between the advert and what the device told.
    known.find(({ serviceName }) => serviceName?.toLowerCase().split('@')[0] === macAddress) ??
    known.find(({ record }) => record.wifiMacAddress?.toLowerCase() === macAddress)
  );
}

/** One spelling of base64: with or without padding, in either of its alphabets. */
function plainTag(tag: string): string {
  return Buffer.from(tag, 'base64').toString('base64');
}
