import { arrayAt, asDictionary, type PlistDictionary } from '../../formats/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openKeychain, type Keychain, type KeychainItem } from '../keychain/index.ts';
import { readIfPossible } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { readPlistAt } from '../source/property-list.ts';
import { knownNetwork, listedNetwork, networkOfPassword, type WifiNetwork } from './wifi-network.ts';

const DOMAIN = 'SystemPreferencesDomain';
/** Since iOS 14. */
const KNOWN_NETWORKS = { domain: DOMAIN, relativePath: 'com.apple.wifi.known-networks.plist' };
/** Until iOS 13; since then it has settings only. */
const WIFI_LIST = { domain: DOMAIN, relativePath: 'SystemConfiguration/com.apple.wifi.plist' };

export interface WifiNetworks {
  readonly networks: readonly WifiNetwork[];
  /** Whether the keychain, where their passwords are, can be read: without a backup password only the device can. */
  readonly hasKeychain: boolean;
  /** Entries of the lists that are no networks with a name: passpoint domains, hotspots of accounts. */
  readonly otherEntries: number;
}

/**
 * The Wi-Fi networks the phone knows, the latest joined first, with their passwords where the keychain gives them.
 *
 * @returns undefined when the backup has neither list, nor a password of a network.
 * @throws {FormatError} when a list is no property list.
 */
export async function openWifi(backup: Backup): Promise<WifiNetworks | undefined> {
  const known = asDictionary(await readPlistAt(backup, KNOWN_NETWORKS));
  // Beside the newer list it has settings only: whether it can be read must not decide about the networks.
  const readOlder = async (): Promise<PlistDictionary | undefined> =>
    asDictionary(await readPlistAt(backup, WIFI_LIST));
  const list =
    known === undefined ? await readOlder() : await readIfPossible(backup, 'com.apple.wifi.plist', readOlder);
  const listed = arrayAt(list, 'List of known networks') ?? [];
  const read = [
    ...Object.entries(known ?? {}).map(([key, value]) => knownNetwork(key, value)),
    ...listed.map((value) => listedNetwork(value)),
  ];
  const named = read.filter((network) => network !== undefined);
  const keychain = await readIfPossible(backup, 'the keychain', () => openKeychain(backup));
  const passwords = passwordsIn(keychain);
  if (known === undefined && list === undefined && passwords.length === 0) return undefined;
  const byName = new Map<string, WifiNetwork>();
  // A phone that was updated may have both lists: the newer one comes first and counts.
  for (const network of named) if (!byName.has(network.name)) byName.set(network.name, network);
  for (const { account: name = '', createdAt, modifiedAt, secret } of passwords) {
    const network = byName.get(name) ?? networkOfPassword(name, createdAt, modifiedAt);
    byName.set(name, { ...network, password: secret, passwordChangedAt: network.passwordChangedAt ?? modifiedAt });
  }
  return {
    networks: [...byName.values()].toSorted(latestFirst),
    hasKeychain: keychain?.hasKeys === true,
    otherEntries: read.length - named.length,
  };
}

const latestFirst = (a: WifiNetwork, b: WifiNetwork): number => timeOf(b) - timeOf(a) || (a.name < b.name ? -1 : 1);

const timeOf = ({ lastJoinedAt, addedAt }: WifiNetwork): number => (lastJoinedAt ?? addedAt)?.getTime() ?? 0;

/** Items that are passwords of networks. */
const passwordsIn = (keychain: Keychain | undefined): KeychainItem[] =>
  (keychain?.items ?? []).filter(({ purpose, account }) => purpose === 'wifi' && account !== undefined);

/** What is searched and compared; never a password. */
export function* wifiItems({ networks }: WifiNetworks): Generator<ContentItem, undefined> {
  for (const { name, security, addedAt, lastJoinedAt } of networks) {
    yield {
      kind: 'wifi',
      key: name,
      at: lastJoinedAt ?? addedAt,
      title: name,
      text: security === undefined ? name : `${name}\n${security}`,
    };
  }
}
