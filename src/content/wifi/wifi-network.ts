import {
  arrayAt,
  asDictionary,
  booleanAt,
  bytesAt,
  dateAt,
  dictionaryAt,
  integerAt,
  numberAt,
  stringAt,
  valueAt,
  type PlistDictionary,
} from '../../formats/index.ts';
import type { Secret } from '../keychain/index.ts';

export interface AccessPoint {
  /** "02:00:5e:10:20:01", as the phone wrote it: leading zeros may be missing. */
  readonly bssid: string | undefined;
  readonly channel: number | undefined;
  readonly lastJoinedAt: Date | undefined;
}

/** A Wi-Fi network the phone knows. What is undefined is not recorded for it. */
export interface WifiNetwork {
  readonly name: string;
  /** The name as it is on the air, where it is not UTF-8. */
  readonly nameBytes: Buffer | undefined;
  /** As iOS says it: "WPA2/WPA3 Personal", "Open"; older lists say what they imply: "WPA2 Personal", "WEP". */
  readonly security: string | undefined;
  readonly isHidden: boolean | undefined;
  /** Behind a page to sign in on. */
  readonly isCaptive: boolean | undefined;
  readonly isAutoJoined: boolean | undefined;
  readonly addedAt: Date | undefined;
  readonly joinedByUserAt: Date | undefined;
  readonly joinedBySystemAt: Date | undefined;
  /** The later of the two. */
  readonly lastJoinedAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly passwordChangedAt: Date | undefined;
  readonly accessPoints: readonly AccessPoint[];
  /** Out of the keychain, where the backup has it and its password opens it. */
  readonly password: Secret | undefined;
  /** Known from a list of networks, or from its password in the keychain alone. */
  readonly source: 'known-networks' | 'wifi-list' | 'keychain';
}

type Named = Pick<WifiNetwork, 'name' | 'nameBytes'>;

/** An entry of com.apple.wifi.known-networks.plist (iOS 14 and later). @param key "wifi.network.ssid.Zuhause" */
export function knownNetwork(key: string, value: unknown): WifiNetwork | undefined {
  const entry = asDictionary(value);
  const named = nameOf(bytesAt(entry, 'SSID'), stringAt(entry, 'SSID') ?? nameInKey(key));
  if (entry === undefined || named === undefined) return undefined;
  const system = dictionaryAt(entry, '__OSSpecific__');
  const joinedByUserAt = dateAt(entry, 'JoinedByUserAt');
  const joinedBySystemAt = dateAt(entry, 'JoinedBySystemAt');
  const disabled = booleanAt(entry, 'AutoJoinDisabled');
  return {
    ...named,
    security: stringAt(entry, 'SupportedSecurityTypes') ?? stringAt(entry, 'Security'),
    isHidden: booleanAt(entry, 'Hidden'),
    isCaptive: booleanAt(dictionaryAt(entry, 'CaptiveProfile'), 'CaptiveNetwork'),
    isAutoJoined: disabled === undefined ? undefined : !disabled,
    addedAt: dateAt(entry, 'AddedAt'),
    joinedByUserAt,
    joinedBySystemAt,
    lastJoinedAt: later(joinedByUserAt, joinedBySystemAt) ?? dateAt(system, 'prevJoined'),
    updatedAt: dateAt(entry, 'UpdatedAt'),
    passwordChangedAt: dateAt(system, 'WiFiNetworkPasswordModificationDate'),
    accessPoints: accessPointsOf(entry, system),
    password: undefined,
    source: 'known-networks',
  };
}

/** An entry of `List of known networks` in com.apple.wifi.plist (until iOS 13). */
export function listedNetwork(value: unknown): WifiNetwork | undefined {
  const entry = asDictionary(value);
  const named = nameOf(bytesAt(entry, 'SSID'), stringAt(entry, 'SSID_STR'));
  if (entry === undefined || named === undefined) return undefined;
  const joinedByUserAt = dateAt(entry, 'lastJoined');
  const joinedBySystemAt = dateAt(entry, 'lastAutoJoined');
  const bssid = stringAt(entry, 'BSSID');
  return {
    ...named,
    security: securityOf(entry),
    isHidden: booleanAt(entry, 'HIDDEN_NETWORK') ?? flagAt(entry, 'UserDirected'),
    isCaptive: booleanAt(entry, 'CaptiveNetwork'),
    isAutoJoined: booleanAt(entry, 'enabled'),
    addedAt: dateAt(entry, 'addedAt'),
    joinedByUserAt,
    joinedBySystemAt,
    lastJoinedAt: later(joinedByUserAt, joinedBySystemAt),
    updatedAt: dateAt(entry, 'knownBSSUpdatedDate'),
    passwordChangedAt: dateAt(entry, 'WiFiNetworkPasswordModificationDate'),
    accessPoints: bssid === undefined ? [] : [{ bssid, channel: integerAt(entry, 'CHANNEL'), lastJoinedAt: undefined }],
    password: undefined,
    source: 'wifi-list',
  };
}

/** A network of which the phone keeps the password only. */
export function networkOfPassword(name: string, addedAt: Date | undefined, changedAt: Date | undefined): WifiNetwork {
  return {
    name,
    nameBytes: undefined,
    security: undefined,
    isHidden: undefined,
    isCaptive: undefined,
    isAutoJoined: undefined,
    addedAt,
    joinedByUserAt: undefined,
    joinedBySystemAt: undefined,
    lastJoinedAt: undefined,
    updatedAt: undefined,
    passwordChangedAt: changedAt,
    accessPoints: [],
    password: undefined,
    source: 'keychain',
  };
}

/** Networks are named by up to 32 bytes that mostly are UTF-8. */
function nameOf(bytes: Buffer | undefined, text: string | undefined): Named | undefined {
  if (bytes === undefined || bytes.length === 0) return text ? { name: text, nameBytes: undefined } : undefined;
  const name = bytes.toString('utf8');
  return { name, nameBytes: Buffer.from(name).equals(bytes) ? undefined : bytes };
}

const nameInKey = (key: string): string | undefined => /^wifi\.network\.ssid\.(.+)$/s.exec(key)?.[1];

/** Where there is no list of them, the one joined last may be written down. */
function accessPointsOf(entry: PlistDictionary, system: PlistDictionary | undefined): AccessPoint[] {
  const points = (arrayAt(entry, 'BSSList') ?? []).flatMap((each) => {
    const point = asDictionary(each);
    if (point === undefined) return [];
    const [bssid, channel] = [stringAt(point, 'BSSID'), integerAt(point, 'Channel')];
    return [{ bssid, channel, lastJoinedAt: dateAt(point, 'LastAssociatedAt') }];
  });
  const last = stringAt(system, 'BSSID');
  if (points.length > 0 || last === undefined) return points;
  return [{ bssid: last, channel: integerAt(system, 'CHANNEL'), lastJoinedAt: dateAt(system, 'prevJoined') }];
}

/** Older lists do not say it in a word: they keep what the network announced. */
function securityOf(entry: PlistDictionary): string | undefined {
  const said = stringAt(entry, 'SecurityMode') ?? stringAt(entry, 'SecurityType');
  if (said !== undefined) return said;
  const isEnterprise =
    dictionaryAt(entry, 'EnterpriseProfile') !== undefined ||
    dictionaryAt(entry, 'EAPClientConfiguration') !== undefined;
  const kind = isEnterprise ? 'Enterprise' : 'Personal';
  if (valueAt(entry, 'RSN_IE') !== undefined) return `WPA2 ${kind}`;
  if (valueAt(entry, 'WPA_IE') !== undefined) return `WPA ${kind}`;
  return flagAt(entry, 'WEP') === true ? 'WEP' : undefined;
}

function flagAt(entry: PlistDictionary, key: string): boolean | undefined {
  const number = numberAt(entry, key);
  return booleanAt(entry, key) ?? (number === undefined ? undefined : number !== 0);
}

function later(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
