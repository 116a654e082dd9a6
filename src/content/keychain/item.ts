import { X509Certificate } from 'node:crypto';
import { asDictionary, bytesAt, dateAt, numberAt, valueAt, type PlistDictionary } from '../../formats/index.ts';
import { Secret } from './secret.ts';
import type { KeychainProblem, OpenedItem } from './stored-item.ts';

/** The lists of keychain-backup.plist. Identities are there in old backups only. */
export const KEYCHAIN_LISTS = ['inet', 'genp', 'cert', 'keys', 'idnt'] as const;
export type KeychainList = (typeof KEYCHAIN_LISTS)[number];

/** What people would call it. */
export type KeychainPurpose =
  | 'web-login'
  | 'internet-password'
  | 'wifi'
  | 'app-password'
  | 'credit-card'
  | 'passkey'
  /** What the Passwords app keeps beside a login: notes, the key of its one-time codes, former passwords. */
  | 'login-details'
  | 'certificate'
  | 'key'
  | 'identity'
  /** It cannot be read, so nobody knows. */
  | 'unknown';

/** One entry of the keychain. What is undefined is not recorded for it, or cannot be read. */
export interface KeychainItem {
  readonly list: KeychainList;
  readonly purpose: KeychainPurpose;
  /** Why it cannot be read; undefined when it can. */
  readonly problem: KeychainProblem | undefined;
  /** 6 when unlocked, 7 after first unlock, 8 always; 9, 10 and 11 the same, bound to the device. */
  readonly protectionClass: number | undefined;
  /** One line that tells it from others. Never a secret. */
  readonly title: string;
  readonly account: string | undefined;
  readonly service: string | undefined;
  readonly server: string | undefined;
  readonly port: number | undefined;
  readonly path: string | undefined;
  /** Four letters: "htps", "imap". */
  readonly protocol: string | undefined;
  /** Four letters: "form", "dflt". */
  readonly authentication: string | undefined;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly comment: string | undefined;
  /** Which apps may read it: a bundle id or a group of them. */
  readonly accessGroup: string | undefined;
  readonly createdAt: Date | undefined;
  readonly modifiedAt: Date | undefined;
  /** Whether iCloud Keychain shares it between devices. */
  readonly isSynchronized: boolean | undefined;
  /** What iCloud Keychain keeps of a deleted item so that other devices delete it as well. */
  readonly isTombstone: boolean;
  readonly secret: Secret | undefined;
  /** "otpauth://…", found in the details that the Passwords app keeps. */
  readonly oneTimeCode: Secret | undefined;
  /** Everything else, by Apple's names of four letters; never the secret. */
  readonly attributes: Readonly<PlistDictionary>;
  /** The same item in every backup of a device: what makes it unique in the keychain, never a row number. */
  readonly key: string;
}

/** @param reference `v_PersistentRef`, by which an item that cannot be read is at least told from others. */
export function keychainItemOf(list: KeychainList, opened: OpenedItem, reference: Buffer | undefined): KeychainItem {
  const attributes = opened.attributes ?? {};
  const secretBytes = bytesAt(attributes, 'v_Data');
  const text = (name: string): string | undefined => textAt(attributes, name);
  const fields = {
    account: text('acct'),
    service: text('svce'),
    server: text('srvr'),
    port: numberAt(attributes, 'port'),
    path: text('path'),
    protocol: fourLetters(attributes, 'ptcl'),
    authentication: fourLetters(attributes, 'atyp'),
    label: text('labl'),
    description: text('desc'),
    comment: text('icmt'),
    accessGroup: text('agrp'),
  };
  const purpose = opened.attributes ? purposeOf(list, fields) : 'unknown';
  return {
    list,
    purpose,
    problem: opened.problem,
    protectionClass: opened.protectionClass,
    title: titleOf(list, purpose, fields, secretBytes),
    ...fields,
    createdAt: dateAt(attributes, 'cdat'),
    modifiedAt: dateAt(attributes, 'mdat'),
    isSynchronized: flagAt(attributes, 'sync'),
    isTombstone: flagAt(attributes, 'tomb') === true,
    secret: secretBytes && new Secret(secretBytes),
    oneTimeCode: undefined,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('v_'))),
    key: opened.attributes ? keyOf(list, fields, attributes) : `${list}:${reference?.toString('hex') ?? ''}`,
  };
}

type Fields = Pick<
  KeychainItem,
  'account' | 'service' | 'server' | 'label' | 'accessGroup' | 'authentication' | 'protocol' | 'path' | 'port'
>;

function purposeOf(
  list: KeychainList,
  { accessGroup = '', service, authentication, protocol }: Fields,
): KeychainPurpose {
  if (list === 'cert') return 'certificate';
  if (list === 'idnt') return 'identity';
  if (list === 'keys') return accessGroup.startsWith('com.apple.webkit.webauthn') ? 'passkey' : 'key';
  if (accessGroup.startsWith('com.apple.password-manager')) return 'login-details';
  if (accessGroup === 'com.apple.safari.credit-cards') return 'credit-card';
  if (list === 'genp') return service === 'AirPort' ? 'wifi' : 'app-password';
  const isWeb = authentication === 'form' || protocol === 'http' || protocol === 'htps';
  return isWeb && (authentication === 'form' || accessGroup === 'com.apple.cfnetwork')
    ? 'web-login'
    : 'internet-password';
}

function titleOf(list: KeychainList, purpose: KeychainPurpose, fields: Fields, secret: Buffer | undefined): string {
  const { account, service, server, label, accessGroup } = fields;
  const named = {
    'web-login': server ?? label,
    'internet-password': server ?? label,
    'login-details': server ?? label,
    wifi: account ?? label,
    passkey: label ?? server,
    'app-password': label ?? service,
    'credit-card': label ?? service,
    certificate: label ?? (secret && subjectOf(secret)),
    key: label,
    identity: label,
    unknown: undefined,
  }[purpose];
  return named || service || account || accessGroup || NAMES[list];
}

const NAMES: Readonly<Record<KeychainList, string>> = {
  inet: 'Internet password',
  genp: 'Password',
  cert: 'Certificate',
  keys: 'Key',
  idnt: 'Identity',
};

/** What Apple's keychain itself goes by when it says that an item exists already. */
function keyOf(list: KeychainList, fields: Fields, attributes: PlistDictionary): string {
  const uuid = textAt(attributes, 'UUID');
  if (uuid !== undefined) return `${list}:${uuid}`;
  const { accessGroup, service, server, account, protocol, authentication, path, port, label } = fields;
  const hashes = ['klbl', 'slnr', 'issr', 'sdmn'].map((name) => bytesAt(attributes, name)?.toString('hex') ?? '');
  return [list, accessGroup, service, server, account, protocol, authentication, path, port, label, ...hashes]
    .map((part) => encodeURIComponent(String(part ?? '')))
    .join(':');
}

/** Attributes that are text come as text or as its bytes, depending on the app that stored them. */
function textAt(attributes: PlistDictionary, name: string): string | undefined {
  const value = valueAt(attributes, name);
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (value instanceof Uint8Array && value.length > 0)
    return new Secret(value).text ?? Buffer.from(value).toString('hex');
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return undefined;
}

/** Codes of four letters come as text, or as the integer their bytes make. */
function fourLetters(attributes: PlistDictionary, name: string): string | undefined {
  const value = valueAt(attributes, name);
  if (typeof value !== 'number' || value < 0x2020_2020 || value > 0x7e7e_7e7e)
    return value === 0 ? undefined : textAt(attributes, name);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
}

function flagAt(attributes: PlistDictionary, name: string): boolean | undefined {
  const value = valueAt(attributes, name);
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' ? value !== 0 : undefined;
}

/** "CN=…, O=…" of a certificate. */
function subjectOf(der: Buffer): string | undefined {
  try {
    return new X509Certificate(der).subject.split('\n').toReversed().join(', ');
  } catch {
    // What is not a certificate has no subject; the item is there all the same.
    return undefined;
  }
}

/** Strings somewhere inside the details of a login, by a test. */
export function findText(value: unknown, accepts: (text: string) => boolean, depth = 0): string | undefined {
  if (typeof value === 'string') return accepts(value) ? value : undefined;
  if (depth > 8) return undefined;
  const children = Array.isArray(value) ? value : Object.values(asDictionary(value) ?? {});
  for (const child of children) {
    const found = findText(child, accepts, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
