/** Multicast DNS: asking the network, one socket per interface, and hearing its answers. */
import { networkInterfaces } from 'node:os';
import multicastDns from 'multicast-dns';

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
  const sockets = externalAddresses().map((address) =>
    // Bound to all addresses: a socket bound to one does not hear multicasts.
    multicastDns({ interface: address, bind: '0.0.0.0', loopback: true }),
  );
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

/** Of the interfaces through which this computer reaches others. */
function externalAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => {
    const usable = addresses?.find((address) => address.family === 'IPv4' && !address.internal);
    return usable === undefined ? [] : [usable.address];
  });
}

/** Drops pseudo-records, which carry no data. */
function plainRecord(record: { name: string; type: string; data?: unknown }): DnsRecord[] {
  return record.data === undefined ? [] : [{ name: record.name, type: record.type, data: record.data }];
}
