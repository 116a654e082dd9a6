/** Multicast DNS: asking the network, one socket per interface and IP version, and hearing its answers. */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import multicastDns, { type MulticastDNS } from 'multicast-dns';
import { isLinkLocal } from '../usbmux/network-address.ts';

const GROUP_IPV6 = 'ff02::fb';

export interface DnsQuestion {
  readonly name: string;
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA';
}

/** One record of an answer. What `data` is depends on the type and is checked by whoever reads it. */
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly data: unknown;
}

/** The network as discovery sees it; tests bring their own. */
export interface MdnsTransport {
  ask(questions: readonly DnsQuestion[]): void;
  /** @param listener gets the records of an answer and the address it came from. One at a time. */
  listen(listener: (records: readonly DnsRecord[], from: string) => void): void;
  close(): void;
}

/**
 * Opens the real network. Interfaces that cannot be used are left out; discovery then just finds nothing there.
 */
export function openMdnsTransport(): MdnsTransport {
  const sockets = externalAddresses().map(openSocketAt);
  for (const socket of sockets) {
    socket.on('error', () => socket.destroy());
    socket.on('warning', () => {});
  }
  return {
    ask(questions) {
      for (const socket of sockets) socket.query(questions.map((question) => ({ ...question })));
    },
    listen(listener) {
      for (const socket of sockets) {
        socket.on('response', ({ answers, additionals }, { address }) => {
          listener([...(answers ?? []), ...(additionals ?? [])].flatMap(plainRecord), address);
        });
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Bound to all addresses: a socket bound to one does not hear multicasts. */
function openSocketAt({ family, address }: InterfaceAddress): MulticastDNS {
  if (family === 'IPv4') return multicastDns({ interface: address, bind: '0.0.0.0', loopback: true });
  return multicastDns({ type: 'udp6', ip: GROUP_IPV6, interface: address, bind: '::', loopback: true });
}

interface InterfaceAddress {
  readonly family: 'IPv4' | 'IPv6';
  /** For IPv6 none but the interface: "::%eth0". */
  readonly address: string;
}

/** Of the interfaces through which this computer reaches others: one per IP version. */
function externalAddresses(): InterfaceAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, all]): InterfaceAddress[] => {
    const external = (all ?? []).filter(({ internal }) => !internal);
    const ipv4 = external.find(({ family }) => family === 'IPv4');
    const ipv6 = external.find(({ family, address }) => family === 'IPv6' && isLinkLocal(address));
    return [
      ...(ipv4 === undefined ? [] : [{ family: 'IPv4' as const, address: ipv4.address }]),
      ...(ipv6 === undefined ? [] : [{ family: 'IPv6' as const, address: `::%${zoneOf(name, ipv6)}` }]),
    ];
  });
}

/** Windows knows interfaces by number. */
function zoneOf(name: string, address: NetworkInterfaceInfo): string {
  return process.platform === 'win32' && address.family === 'IPv6' ? String(address.scopeid) : name;
}

/** Drops pseudo-records, which carry no data. */
function plainRecord(record: { name: string; type: string; data?: unknown }): DnsRecord[] {
  return record.data === undefined ? [] : [{ name: record.name, type: record.type, data: record.data }];
}
