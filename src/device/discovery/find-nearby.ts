/** Paired devices on the network, without a cable: first where they were last, then by what they advertise. */
import { networkInterfaces } from 'node:os';
import { BlockList } from 'node:net';
import { isAppError } from '../../shared/errors.ts';
import { locationFromAddress, type DeviceLocation } from '../location.ts';
import type { PairRecord } from '../pairing/pair-record.ts';
import type { PairRecordStore } from '../pairing/pair-record-store.ts';
import { AsyncQueue } from '../wire/async-queue.ts';
import { AddressBook } from './address-book.ts';
import { answersAs } from './answers-as.ts';
import { AdvertCollector, MOBDEV_SERVICE, type MobdevAdvert } from './advert.ts';
import { matchAdvert, type KnownDevice } from './match.ts';
import { openMdnsTransport, type DnsQuestion, type MdnsTransport } from './mdns.ts';

/** Long enough for a phone that answers the second question only. */
const SEARCH_MS = 4_000;
/** When to ask again: answers get lost, and a phone may just be waking up. */
const ASK_AGAIN_MS = [1_000, 2_000, 6_000, 20_000, 60_000] as const;

export interface FindNearbyOptions {
  readonly store: PairRecordStore;
  /** Look for these only. */
  readonly udids?: readonly string[] | undefined;
  /** How long to listen; Infinity to go on until cancelled. */
  readonly durationMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly openTransport?: () => MdnsTransport;
  /** Whether the device is really there; tests bring their own. */
  readonly probe?: (location: DeviceLocation, record: PairRecord, signal: AbortSignal) => Promise<boolean>;
}

/**
 * Tells of each paired device once, as soon as it answers at an address. Ends when all are found, when the time is
 * over, or when `signal` aborts.
 *
 * @example
 * for await (const location of findNearby({ store, udids: [udid] })) return location;
 */
export async function* findNearby(options: FindNearbyOptions): AsyncGenerator<DeviceLocation, void> {
  const { store, udids, durationMs = SEARCH_MS, signal, probe = answersAs } = options;
  const book = new AddressBook(store.directory);
  const known = await readKnown(store, book, udids);
  if (known.length === 0) return;

  const over = new AbortController();
  const until = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const found = new AsyncQueue<DeviceLocation>();
  until.addEventListener('abort', () => found.end());
  if (until.aborted) found.end();
  const timer = Number.isFinite(durationMs) ? setTimeout(() => over.abort(), durationMs) : undefined;

  const missing = new Map(known.map((device) => [device.udid, device]));
  const tried = new Set<string>();
  const tryHost = async (udid: string, host: string): Promise<void> => {
    const device = missing.get(udid);
    if (device === undefined || tried.has(`${udid} ${host}`)) return;
    tried.add(`${udid} ${host}`);
    const location = locationFromAddress(udid, host);
    if (!(await probe(location, device.record, until)) || until.aborted || !missing.delete(udid)) {
      tried.delete(`${udid} ${host}`);
      return;
    }
    found.push(location);
    await book.remember(udid, { host }).catch(ignoreStorage);
    if (missing.size === 0) over.abort();
  };

  // Waited for in the end: nothing goes on after the search.
  const attempts = new Set<Promise<void>>();
  const attempt = (udid: string, host: string): void => {
    const running = tryHost(udid, host)
      .catch((error: unknown) => found.end(error))
      .finally(() => attempts.delete(running));
    attempts.add(running);
  };
  // Which may be somebody else's device: once is enough.
  const asked = new Set<string>();
  const askWhoeverItIs = (host: string): void => {
    if (asked.has(host)) return;
    asked.add(host);
    for (const udid of missing.keys()) attempt(udid, host);
  };
  const transport = (options.openTransport ?? openMdnsTransport)();
  try {
    for (const { udid, host } of known) if (host !== undefined) attempt(udid, host);
    hearAdverts(transport, until, (advert) => {
      const device = matchAdvert(advert, [...missing.values()]);
      for (const host of advert.hosts) {
        if (device !== undefined) attempt(device.udid, host);
        else if (advert.isUntagged) askWhoeverItIs(host);
      }
    });
    yield* found;
  } finally {
    clearTimeout(timer);
    over.abort();
    transport.close();
    await Promise.all(attempts);
  }
}

/** Asks now and again until `until` aborts, and hands over every advert after each answer. */
function hearAdverts(transport: MdnsTransport, until: AbortSignal, onAdvert: (advert: MobdevAdvert) => void): void {
  const collector = new AdvertCollector(interfaceTowards);
  // Each question once per round: an answer that does not help must not raise the same question again at once.
  const asked = new Set<string>();
  const askNew = (questions: readonly DnsQuestion[]): void => {
    const fresh = questions.filter(({ name, type }) => !asked.has(`${type} ${name}`));
    for (const { name, type } of fresh) asked.add(`${type} ${name}`);
    if (fresh.length > 0) transport.ask(fresh);
  };
  transport.listen((records, from) => {
    if (until.aborted) return;
    collector.add(records, from);
    askNew(collector.questions());
    for (const advert of collector.adverts()) onAdvert(advert);
  });
  let timer: NodeJS.Timeout | undefined;
  const ask = (round: number): void => {
    asked.clear();
    askNew([{ name: MOBDEV_SERVICE, type: 'PTR' }, ...collector.questions()]);
    timer = setTimeout(() => ask(round + 1), ASK_AGAIN_MS[Math.min(round, ASK_AGAIN_MS.length - 1)]);
  };
  until.addEventListener('abort', () => clearTimeout(timer));
  if (!until.aborted) ask(0);
}

async function readKnown(
  store: PairRecordStore,
  book: AddressBook,
  udids: readonly string[] | undefined,
): Promise<(KnownDevice & { host?: string | undefined })[]> {
  const paired = await store.list();
  const wanted = paired.filter(({ udid }) => udids === undefined || udids.includes(udid));
  return await Promise.all(wanted.map(async (device) => ({ ...device, ...(await book.get(device.udid)) })));
}

/** The book only saves time: not being able to write it is no reason not to use the device. */
function ignoreStorage(error: unknown): void {
  if (!isAppError(error, 'STORAGE_FAILED', 'OUT_OF_SPACE')) throw error;
}

/** The interface of this computer on whose network an address is. IPv6 answers come with it ("fe80::1%eth0"). */
function interfaceTowards(address: string): string | undefined {
  if (address.includes(':')) return address.split('%')[1];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { family, cidr } of addresses ?? []) {
      if (family !== 'IPv4' || cidr === null) continue;
      const [network = '', prefix = ''] = cidr.split('/');
      const block = new BlockList();
      block.addSubnet(network, Number(prefix), 'ipv4');
      if (block.check(address, 'ipv4')) return name;
    }
  }
  return undefined;
}
