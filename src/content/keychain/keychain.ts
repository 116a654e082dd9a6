import {
  arrayAt,
  asDictionary,
  bytesAt,
  decodePlist,
  type PlistDictionary,
  type PlistValue,
} from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ContentItem } from '../source/content-item.ts';
import { readPlace } from '../source/property-list.ts';
import { findText, KEYCHAIN_LISTS, keychainItemOf, type KeychainItem } from './item.ts';
import { Secret } from './secret.ts';
import { openStoredItem, type KeychainProblem } from './stored-item.ts';

const PLACE = { domain: 'KeychainDomain', relativePath: 'keychain-backup.plist' };

/** The keychain of a backup. Passwords in it are `Secret`s: nothing shows them by accident. */
export interface Keychain {
  readonly items: readonly KeychainItem[];
  /** Whether the backup has keys at all: without a backup password only the device can read its keychain. */
  readonly hasKeys: boolean;
  /** How many items cannot be read, and why. */
  readonly problems: ReadonlyMap<KeychainProblem, number>;
}

/**
 * Reads the keychain of a backup, opening every item that the backup password opens.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when its list is no property list.
 */
export async function openKeychain(backup: Backup): Promise<Keychain | undefined> {
  const bytes = await readPlace(backup, PLACE);
  if (bytes === undefined) return undefined;
  const lists = asDictionary(decodePlist(bytes));
  if (lists === undefined) throw new FormatError('keychain-backup.plist is no dictionary: its layout is not known');
  const items = withOneTimeCodes(
    KEYCHAIN_LISTS.flatMap((list) =>
      (arrayAt(lists, list) ?? []).map((entry) => {
        const { beside, stored, reference } = partsOf(entry);
        return keychainItemOf(list, openStoredItem(stored, beside, backup.classKeys), reference);
      }),
    ),
  );
  const problems = new Map<KeychainProblem, number>();
  for (const { problem } of items) if (problem) problems.set(problem, (problems.get(problem) ?? 0) + 1);
  return { items, hasKeys: backup.classKeys !== undefined, problems };
}

interface EntryParts {
  readonly beside: PlistDictionary;
  readonly stored: Buffer;
  readonly reference: Buffer | undefined;
}

function partsOf(entry: PlistValue): EntryParts {
  const dictionary = asDictionary(entry) ?? {};
  const beside = Object.fromEntries(Object.entries(dictionary).filter(([name]) => !name.startsWith('v_')));
  return {
    beside,
    stored: bytesAt(dictionary, 'v_Data') ?? Buffer.alloc(0),
    reference: bytesAt(dictionary, 'v_PersistentRef'),
  };
}

/** The Passwords app keeps the key of one-time codes in an item beside the login, for the same place and account. */
function withOneTimeCodes(items: readonly KeychainItem[]): KeychainItem[] {
  const codes = new Map<string, Secret>();
  for (const item of items) {
    const address = item.purpose === 'login-details' && item.secret ? oneTimeCodeIn(item.secret) : undefined;
    if (address) codes.set(placeOf(item), address);
  }
  return items.map((item) => {
    const oneTimeCode = item.purpose === 'web-login' ? codes.get(placeOf(item)) : undefined;
    return oneTimeCode ? { ...item, oneTimeCode } : item;
  });
}

const placeOf = ({ server, account }: KeychainItem): string => JSON.stringify([server, account]);

function oneTimeCodeIn(secret: Secret): Secret | undefined {
  try {
    const found = findText(decodePlist(secret.bytes), (text) => text.startsWith('otpauth://'));
    return found === undefined ? undefined : new Secret(Buffer.from(found));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What is searched and compared: names and places, never a secret. */
export function* keychainItems({ items }: Keychain): Generator<ContentItem, undefined> {
  for (const item of items) {
    const { key, title, account, service, server, label, comment, accessGroup } = item;
    const known = [account, service, server, label, comment, accessGroup].filter((each) => each !== undefined);
    yield { kind: 'keychain', key, at: item.modifiedAt ?? item.createdAt, title, text: known.join('\n') };
  }
}
