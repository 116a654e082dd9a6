/** A look at the network itself, for when a phone that should be there is not found. */
import { networkInterfaces } from 'node:os';
import { pause } from '../wire/cancel.ts';
import { AdvertCollector, MOBDEV_SERVICE } from './advert.ts';
import { openMdnsTransport, type MdnsTransport } from './mdns.ts';

/** What every responder of multicast DNS answers, whatever it offers (RFC 6763, section 9). */
const ANY_SERVICE = '_services._dns-sd._udp.local';
const LISTEN_MS = 2_500;
const ASK_AGAIN_MS = 800;

export interface NetworkSurvey {
  /** This computer's own addresses in networks, as in "192.168.1.5/24". */
  readonly networks: readonly string[];
  /** How many others answered anything at all. */
  readonly responders: number;
  /** How many devices that sync over Wi-Fi announce themselves, anybody's. */
  readonly phones: number;
}

export interface SurveyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly listenMs?: number;
  readonly openTransport?: () => MdnsTransport;
}

/** Asks the network who is there, and counts. @throws {AppError} CANCELLED */
export async function surveyNetwork(options: SurveyOptions = {}): Promise<NetworkSurvey> {
  const { signal, listenMs = LISTEN_MS, openTransport = openMdnsTransport } = options;
  const own = ownAddresses();
  const others = new Set<string>();
  const collector = new AdvertCollector(() => undefined);
  const transport = openTransport();
  const ask = (): void =>
    transport.ask([
      { name: ANY_SERVICE, type: 'PTR' },
      { name: MOBDEV_SERVICE, type: 'PTR' },
    ]);
  const timer = setInterval(ask, ASK_AGAIN_MS);
  try {
    transport.listen((records, from) => {
      const address = from.split('%')[0] ?? from;
      if (!own.some((each) => each.address === address)) others.add(address);
      collector.add(records, from);
    });
    ask();
    await pause(listenMs, signal);
  } finally {
    clearInterval(timer);
    transport.close();
  }
  const networks = own.flatMap(({ cidr, family }) => (cidr !== null && family === 'IPv4' ? [cidr] : []));
  return { networks, responders: others.size, phones: collector.adverts().length };
}

function ownAddresses(): { address: string; cidr: string | null; family: string }[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ internal }) => !internal));
}
