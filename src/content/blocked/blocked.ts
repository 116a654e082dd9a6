import { arrayAt, asDictionary, dictionaryAt, integerAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { Contacts } from '../contacts/open-contacts.ts';
import type { ContentItem } from '../source/content-item.ts';
import { readPlistAt } from '../source/property-list.ts';

const PLACE = { domain: 'HomeDomain', relativePath: 'Library/Preferences/com.apple.cmfsyncagent.plist' };

/** A number or address whose calls and messages the owner does not want. */
export interface BlockedAddress {
  readonly kind: 'phone' | 'mail' | 'other';
  readonly address: string;
  /** ISO 3166, small letters; null where the phone did not write it down. */
  readonly country: string | null;
}

export interface BlockList {
  readonly addresses: readonly BlockedAddress[];
  /** Entries that name neither a number nor an address. */
  readonly unreadable: number;
}

/**
 * Reads the list of blocked callers (since iOS 7).
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when the file is no such list.
 */
export async function openBlocked(backup: Backup): Promise<BlockList | undefined> {
  const settings = await readPlistAt(backup, PLACE);
  if (settings === undefined) return undefined;
  const dictionary = asDictionary(settings);
  if (dictionary === undefined) throw new FormatError('the list of blocked callers is not what it should be');
  const list =
    arrayAt(dictionaryAt(dictionary, '__kCMFBlockListStoreTopLevelKey'), '__kCMFBlockListStoreArrayKey') ?? [];
  const addresses = list.map((entry) => addressOf(asDictionary(entry))).filter((entry) => entry !== undefined);
  return { addresses, unreadable: list.length - addresses.length };
}

function addressOf(entry: PlistDictionary | undefined): BlockedAddress | undefined {
  const phone = stringAt(entry, '__kCMFItemPhoneNumberUnformattedKey');
  const mail = stringAt(entry, '__kCMFItemEmailUnformattedKey');
  const address = phone ?? mail;
  if (address === undefined || address === '') return undefined;
  const country = stringAt(entry, '__kCMFItemPhoneNumberCountryCodeKey') ?? null;
  const type = integerAt(entry, '__kCMFItemTypeKey');
  const kind = type !== undefined && type > 1 ? 'other' : phone === undefined ? 'mail' : 'phone';
  return { kind, address, country };
}

/** For searching and for following the list from backup to backup. */
export function* blockedItems(list: BlockList, contacts?: Contacts): Generator<ContentItem, undefined> {
  for (const { address } of list.addresses) {
    const name = contacts?.nameFor(address);
    const text = name === undefined ? address : `${name}\n${address}`;
    yield { kind: 'blocked', key: address, at: undefined, title: name ?? address, text };
  }
}
