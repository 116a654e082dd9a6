import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import makeMdns, { type MulticastDNS, type ResponseOutgoingPacket } from 'multicast-dns';
import { authTag, LOCKDOWN_PORT } from '../../device/index.ts';
import { swapPort } from '../mux/messages.ts';

const SERVICE_TYPE = '_apple-mobdev2._tcp.local';
const TTL_SECONDS = 120;
const IDENTIFIER_BYTES = 8;

export interface AdvertOptions {
  readonly address: string;
  /** The private address that current iOS shows instead of the phone's own. */
  readonly macAddress: string;
  readonly linkLocalAddress: string;
  /** HostIDs of the computers the phone trusts at this moment. */
  readonly hostIds: () => readonly string[];
}

/** The records by which the phone is found, and by which the computers it trusts know it for theirs. */
export function advertOf(options: AdvertOptions, identifier: string): ResponseOutgoingPacket {
  const { address, macAddress, linkLocalAddress, hostIds } = options;
  const instance = `${macAddress}@${linkLocalAddress}-supportsRP-24.${SERVICE_TYPE}`;
  const host = `${macAddress.replaceAll(':', '-')}.local`;
  const tags = hostIds().map((hostId, index) => {
    const key = index === 0 ? 'authTag' : `authTag#${index - 1}`;
    return `${key}=${authTag(hostId, Buffer.from(identifier))}`;
  });
  // iOS announces the port with its bytes swapped; computers dial 62078 whatever stands here.
  const place = { port: swapPort(LOCKDOWN_PORT), target: host, priority: 0, weight: 0 };
  return {
    answers: [{ name: SERVICE_TYPE, type: 'PTR', ttl: TTL_SECONDS, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl: TTL_SECONDS, data: place },
      { name: instance, type: 'TXT', ttl: TTL_SECONDS, data: [`identifier=${identifier}`, ...tags] },
      { name: host, type: isIPv6(address) ? 'AAAA' : 'A', ttl: TTL_SECONDS, data: withoutZone(address) },
    ],
  };
}

/** What a link-local address is called on this computer's side says nothing to others. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}

/** Announces the phone by multicast DNS, as iOS does while Wi-Fi sync is on. */
export class WifiAdvert {
  readonly #mdns: MulticastDNS;
  readonly #options: AdvertOptions;
  readonly #identifier = randomBytes(IDENTIFIER_BYTES).toString('base64');

  constructor(options: AdvertOptions) {
    this.#options = options;
    this.#mdns = makeMdns();
    this.#mdns.on('query', (query) => {
      if (query.questions?.some((question) => question.name === SERVICE_TYPE)) this.#announce();
    });
    // On a computer without multicast the phone is there all the same, for who knows its address.
    this.#mdns.on('error', () => {});
    this.#mdns.on('ready', () => this.#announce());
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#mdns.destroy(() => resolve()));
  }

  #announce(): void {
    this.#mdns.respond(advertOf(this.#options, this.#identifier));
  }
}
