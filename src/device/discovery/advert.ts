/**
 * What a device tells on the network: a DNS-SD service `_apple-mobdev2._tcp` whose instance is named
 * `<mac>@<link-local address>`, with a TXT record that carries `identifier` and one `authTag` per trusted computer.
 */
import { isIP } from 'node:net';
import { isLinkLocal } from '../usbmux/network-address.ts';
import type { DnsQuestion, DnsRecord } from './mdns.ts';

export const MOBDEV_SERVICE = '_apple-mobdev2._tcp.local';

export interface MobdevAdvert {
  /** "aa:bb:cc:dd:ee:ff@fe80::…", as the service's instance is named. */
  readonly instance: string;
  /** Since iOS 26.4 a private one, different on every network. Lower case. */
  readonly macAddress: string;
  readonly identifier: Buffer | undefined;
  /** Base64. */
  readonly authTags: readonly string[];
  /** It has told all it tells, and no tag for anybody: whose device it is can only be asked. */
  readonly isUntagged: boolean;
  /** Addresses to dial, the likeliest to work first. */
  readonly hosts: readonly string[];
}

/** Gathers records, which arrive in any order and over several answers, into adverts. */
export class AdvertCollector {
  readonly #instances = new Map<string, string>();
  readonly #targets = new Map<string, string>();
  readonly #texts = new Map<string, readonly Buffer[]>();
  readonly #addresses = new Map<string, Set<string>>();
  readonly #zoneTowards: (address: string) => string | undefined;
  /** The interface on which a name was heard of last, for addresses that mean nothing without. */
  readonly #zones = new Map<string, string>();

  /** @param zoneTowards the network interface through which an address is reached. */
  constructor(zoneTowards: (address: string) => string | undefined) {
    this.#zoneTowards = zoneTowards;
  }

  add(records: readonly DnsRecord[], from: string): void {
    const zone = this.#zoneTowards(from);
    for (const { name, type, data } of records) {
      const key = name.toLowerCase();
      if (zone !== undefined) this.#zones.set(key, zone);
      if (type === 'PTR' && key === MOBDEV_SERVICE && isInstanceName(data)) {
        this.#instances.set(data.toLowerCase(), data);
        if (zone !== undefined) this.#zones.set(data.toLowerCase(), zone);
      } else if (type === 'SRV') this.#addTarget(key, data);
      else if (type === 'TXT') this.#texts.set(key, asBuffers(data));
      else if ((type === 'A' || type === 'AAAA') && typeof data === 'string' && isIP(data) !== 0) {
        this.#addresses.set(key, (this.#addresses.get(key) ?? new Set()).add(data));
      }
    }
  }

  adverts(): MobdevAdvert[] {
    return [...this.#instances].map(([key, fullName]) => {
      const instance = fullName.slice(0, -`.${MOBDEV_SERVICE}`.length);
      const [macAddress = ''] = instance.toLowerCase().split('@');
      const text = parseText(this.#texts.get(key) ?? []);
      const authTags = [...text].filter(([name]) => /^authtag(#\d+)?$/.test(name));
      return {
        instance,
        macAddress,
        identifier: text.get('identifier'),
        authTags: authTags.map(([, tag]) => tag.toString('latin1')),
        isUntagged: this.#texts.has(key) && authTags.length === 0,
        hosts: this.#hostsOf(key, instance),
      };
    });
  }

  /** What to ask next for the instances that are not complete yet. */
  questions(): DnsQuestion[] {
    return [...this.#instances].flatMap(([key, name]): DnsQuestion[] => {
      const target = this.#targets.get(key);
      if (target === undefined || !this.#texts.has(key)) {
        return [
          { name, type: 'SRV' },
          { name, type: 'TXT' },
        ];
      }
      if (this.#addresses.has(target)) return [];
      return [
        { name: target, type: 'A' },
        { name: target, type: 'AAAA' },
      ];
    });
  }

  /** The port that SRV tells is not used: devices publish lockdownd's with its bytes swapped. */
  #addTarget(key: string, data: unknown): void {
    if (typeof data !== 'object' || data === null || !('target' in data)) return;
    if (typeof data.target === 'string') this.#targets.set(key, data.target.toLowerCase());
  }

  #hostsOf(key: string, instance: string): string[] {
    const target = this.#targets.get(key);
    const told = target === undefined ? [] : [...(this.#addresses.get(target) ?? [])];
    const inName = /@(fe80::[0-9a-f:]+)/i.exec(instance)?.[1];
    const zone = this.#zones.get(target ?? key) ?? this.#zones.get(key);
    const all = [...told, ...(inName !== undefined && isIP(inName) === 6 ? [inName] : [])];
    const dialable = all.flatMap((address) =>
      isLinkLocal(address) ? (zone === undefined ? [] : [`${address}%${zone}`]) : [address],
    );
    return [...new Set(dialable)].toSorted((a, b) => reachability(a) - reachability(b));
  }
}

function isInstanceName(data: unknown): data is string {
  const suffix = `.${MOBDEV_SERVICE}`;
  return typeof data === 'string' && data.length > suffix.length && data.toLowerCase().endsWith(suffix);
}

function reachability(address: string): number {
  if (!address.includes(':')) return 0;
  return isLinkLocal(address) ? 2 : 1;
}

/** `key=value` strings; the value may be any bytes. */
function parseText(entries: readonly Buffer[]): Map<string, Buffer> {
  const text = new Map<string, Buffer>();
  for (const entry of entries) {
    const separator = entry.indexOf('=');
    if (separator > 0) text.set(entry.toString('latin1', 0, separator).toLowerCase(), entry.subarray(separator + 1));
  }
  return text;
}

function asBuffers(data: unknown): Buffer[] {
  const entries: unknown[] = Array.isArray(data) ? data : [data];
  return entries.flatMap((entry) => {
    if (Buffer.isBuffer(entry)) return [entry];
    return typeof entry === 'string' ? [Buffer.from(entry, 'latin1')] : [];
  });
}
