import type {
  WifiNetwork as ToldNetwork,
  WifiNetworks as ToldNetworks,
  WifiPassword,
  WifiQuery,
} from '../../../contract/index.ts';
import type { WifiNetwork, WifiNetworks } from '../../../content/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { wifiIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, orNone, pageFrom, shortId, textOrNone } from '../values.ts';

/** The latest joined first; without their passwords. */
export async function listWifiNetworks(unlocked: Unlocked, query: WifiQuery): Promise<ToldNetworks> {
  const wifi = await wifiNetworks(unlocked);
  const wanted = query.q?.trim().toLocaleLowerCase();
  const found = wanted ? wifi.networks.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)) : wifi.networks;
  return {
    ...pageFrom(found, query, (network) => tell(network, isEncrypted(unlocked))),
    known: wifi.networks.length,
    passwords: isEncrypted(unlocked) ? (wifi.hasKeychain ? 'readable' : 'unreadable') : 'not-encrypted',
  };
}

/** The password of one network. @throws {AppError} CONTENT_NOT_FOUND where this version does not have it */
export async function wifiPassword(unlocked: Unlocked, id: string): Promise<WifiPassword> {
  const { networks } = await wifiNetworks(unlocked);
  const { password } = demandItem(
    networks.find(({ name }) => idOf(name) === id),
    'network',
  );
  if (password === undefined || !isEncrypted(unlocked)) {
    throw new AppError('CONTENT_NOT_FOUND', 'this version does not have the password of this network', {
      hint: 'Only versions that were encrypted hold passwords.',
    });
  }
  const { text, bytes } = password;
  return { password: text ?? bytes.toString('hex'), isHex: text === undefined };
}

const wifiNetworks = async (unlocked: Unlocked): Promise<WifiNetworks> =>
  demandKind(await wifiIn(unlocked), 'Wi-Fi networks');

const isEncrypted = ({ backup }: Unlocked): boolean => backup.isEncrypted;

const idOf = (name: string): string => shortId(`wifi ${name}`);

function tell(network: WifiNetwork, isEncryptedVersion: boolean): ToldNetwork {
  const { name, security, password } = network;
  return {
    id: idOf(name),
    name,
    security: textOrNone(security),
    isOpen: /^(?:open|none)$/i.test(security ?? ''),
    isHidden: orNone(network.isHidden),
    isCaptive: orNone(network.isCaptive),
    lastJoinedAt: isoOf(network.lastJoinedAt),
    addedAt: isoOf(network.addedAt),
    hasPassword: isEncryptedVersion && password !== undefined,
  };
}
