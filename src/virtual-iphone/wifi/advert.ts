import { randomBytes } from 'node:crypto';
import makeMdns, { type MulticastDNS } from 'multicast-dns';
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
  /** IP address of the interface to speak on; all when left out. */
  readonly interface?: string;
}

/** Announces the phone by multicast DNS, as iOS does while Wi-Fi sync is on. */
export class WifiAdvert {
  readonly #mdns: MulticastDNS;
  readonly #options: AdvertOptions;
  readonly #identifier = randomBytes(IDENTIFIER_BYTES).toString('base64');

  constructor(options: AdvertOptions) {
    this.#options = options;
    this.#mdns = makeMdns(options.interface === undefined ? {} : { interface: options.interface });
    this.#mdns.on('query', (query) => {
      if (query.questions?.some((question) => question.name === SERVICE_TYPE)) this.announce();
    });
    // A computer without multicast still has the phone, only not by itself.
    this.#mdns.on('error', () => {});
    this.#mdns.on('ready', () => this.announce());
  }

  announce(): void {
    const { address, macAddress, linkLocalAddress, hostIds } = this.#options;
    const instance = `${macAddress}@${linkLocalAddress}-supportsRP-24.${SERVICE_TYPE}`;
    const host = `${macAddress.replaceAll(':', '-')}.local`;
    const tags = hostIds().map(
      (hostId, index) =>
        `${index === 0 ? 'authTag' : `authTag#${index - 1}`}=${authTag(hostId, Buffer.from(this.#identifier))}`,
    );
    const text = [`identifier=${this.#identifier}`, ...tags];
    this.#mdns.respond({
      answers: [{ name: SERVICE_TYPE, type: 'PTR', ttl: TTL_SECONDS, data: instance }],
      additionals: [
        // iOS announces the port with its bytes swapped; computers dial 62078 whatever stands here.
        {
          name: instance,
          type: 'SRV',
          ttl: TTL_SECONDS,
          data: { port: swapPort(LOCKDOWN_PORT), target: host, priority: 0, weight: 0 },
        },
        { name: instance, type: 'TXT', ttl: TTL_SECONDS, data: text },
        address.includes(':')
          ? { name: host, type: 'AAAA', ttl: TTL_SECONDS, data: address }
          : { name: host, type: 'A', ttl: TTL_SECONDS, data: address },
      ],
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#mdns.destroy(() => resolve()));
  }
}
