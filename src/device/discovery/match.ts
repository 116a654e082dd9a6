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
  const { identifier } = advert;
  return (
    (identifier === undefined
      ? undefined
      : known.find(({ record }) => advert.authTags.includes(authTag(record.hostId, identifier)))) ??
    known.find(({ serviceName }) => serviceName?.toLowerCase().startsWith(advert.instance.toLowerCase())) ??
    known.find(({ record }) => record.wifiMacAddress?.toLowerCase() === advert.macAddress)
  );
}
