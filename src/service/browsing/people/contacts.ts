import type {
  Contact as ToldContact,
  Contacts as ToldContacts,
  ContactSummary,
  PageQuery,
} from '../../../contract/index.ts';
import {
  formatPartialDate,
  type Contact,
  type Contacts,
  type Labelled,
  type Messages,
} from '../../../content/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { contentOfBytes, notThere, type Content } from '../files/stored-content.ts';
import { contactsIn, messagesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, pageFrom, shortId, textOrNone } from '../values.ts';

/**
 * People as the phone lists them: by their last names.
 *
 * @param query.q only those whose name, number or address holds this.
 */
export async function listContacts(
  unlocked: Unlocked,
  query: PageQuery & { q?: string | undefined },
): Promise<ToldContacts> {
  const contacts = demandKind(await contactsIn(unlocked), 'contacts');
  const sorted = await unlocked.once('contacts by name', () => Promise.resolve(byName(contacts)));
  const wanted = query.q?.trim().toLocaleLowerCase();
  const found = wanted ? sorted.filter(({ haystack }) => haystack.includes(wanted)) : sorted;
  return pageFrom(found, query, ({ contact }) => tellSummary(contacts, contact));
}

/** @throws {AppError} CONTENT_NOT_FOUND */
export async function readContact(unlocked: Unlocked, id: string): Promise<ToldContact> {
  const contacts = demandKind(await contactsIn(unlocked), 'contacts');
  const contact = findContact(contacts, id);
  const { accounts, addresses } = onlineAndAtHome(contact);
  return {
    ...tellSummary(contacts, contact),
    kind: contact.kind,
    nickname: textOrNone(contact.nickname),
    jobTitle: textOrNone(contact.jobTitle),
    department: textOrNone(contact.department),
    note: textOrNone(contact.note),
    birthday: contact.birthday ? formatPartialDate(contact.birthday) : undefined,
    phones: contact.phones.map(tellValue),
    emails: contact.emails.map(tellValue),
    urls: contact.urls.map(tellValue),
    related: contact.related.map(tellValue),
    dates: contact.dates.map((each) => ({ ...tellLabel(each), value: formatPartialDate(each.date) })),
    addresses,
    accounts,
    groups: [...contact.groups],
    conversation: await conversationWith(unlocked, contact),
  };
}

/** @throws {AppError} CONTENT_NOT_FOUND when there is no picture. */
export async function contactPhoto(unlocked: Unlocked, id: string, isSmall: boolean): Promise<Content> {
  const contacts = demandKind(await contactsIn(unlocked), 'contacts');
  const contact = findContact(contacts, id);
  const photo = isSmall ? contacts.thumbnail(contact) : contacts.photo(contact);
  if (photo === undefined) throw notThere('there is no picture of this contact');
  const isInline = ['image/jpeg', 'image/png', 'image/gif'].includes(photo.mediaType);
  const type = isInline ? photo.mediaType : 'application/octet-stream';
  return contentOfBytes(photo.bytes, { name: `${contact.name}.${photo.extension}`, type, isInline });
}

function findContact(contacts: Contacts, id: string): Contact {
  return demandItem(
    contacts.people.find(({ key }) => key === id),
    'contact',
  );
}

interface Sorted {
  readonly contact: Contact;
  readonly haystack: string;
}

function byName(contacts: Contacts): Sorted[] {
  const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return contacts.people
    .map((contact) => ({ contact, name: sortName(contact), haystack: haystackOf(contact) }))
    .toSorted((a, b) => rank(a.name) - rank(b.name) || collator.compare(a.name, b.name));
}

/** As address books sort: by the last name, then the first. */
const sortName = ({ last, first, organization, name, kind }: Contact): string =>
  kind === 'organisation' ? (organization ?? name) : [last, first].filter(Boolean).join(' ') || name;

/** What begins with no letter comes last, under “#”. */
const rank = (name: string): number => (/^\p{L}/u.test(name.normalize('NFD')) ? 0 : 1);

function haystackOf({ name, nickname, organization, phones, emails }: Contact): string {
  const numbers = phones.flatMap(({ value }) => [value, value.replaceAll(/[^\d+]/g, '')]);
  const words = [name, nickname, organization, ...numbers, ...emails.map(({ value }) => value)];
  return words.filter(Boolean).join('\n').toLocaleLowerCase();
}

function tellSummary(contacts: Contacts, contact: Contact): ContactSummary {
  const sorted = sortName(contact).normalize('NFD');
  return {
    id: contact.key,
    name: contact.name,
    letter: rank(sorted) === 0 ? sorted.charAt(0).toLocaleUpperCase() : '#',
    organization: textOrNone(contact.organization),
    phone: contact.phones[0]?.value,
    hasPhoto: contacts.thumbnail(contact) !== undefined,
    isMe: contact.isMe || undefined,
  };
}

const tellLabel = ({ label, isBuiltIn }: Labelled): { label: string | undefined; isBuiltIn: boolean } => ({
  label: textOrNone(label),
  isBuiltIn,
});

const tellValue = (each: Labelled & { readonly value: string }) => ({ ...tellLabel(each), value: each.value });

function onlineAndAtHome(contact: Contact): Pick<ToldContact, 'accounts' | 'addresses'> {
  const addresses = contact.addresses.map((each) => {
    const { street, subLocality, zip, city, state, country } = each;
    const town = [zip, city].filter(Boolean).join(' ');
    const lines = [...(street?.split('\n') ?? []), subLocality, town, state, country];
    return { ...tellLabel(each), lines: lines.filter((line): line is string => Boolean(line)) };
  });
  const accounts = [...contact.instantMessages, ...contact.socialProfiles].map((each) => ({
    ...tellLabel(each),
    service: each.service,
    value: each.username ?? each.displayName ?? each.url ?? each.userId ?? '',
  }));
  return { addresses, accounts };
}

/** The conversation with this one person alone. Messages that cannot be read are no reason to hide a contact. */
async function conversationWith(unlocked: Unlocked, contact: Contact): Promise<string | undefined> {
  const messages = await readable(messagesIn(unlocked));
  const person = `contact:${contact.key}`;
  const found = messages?.conversations.find(
    ({ isGroup, participants }) =>
      !isGroup && participants.some((each) => each.person === person || isOf(contact, each)),
  );
  return found && shortId(found.key);
}

function isOf({ phones, emails }: Contact, { address }: { readonly address: string }): boolean {
  const own = [...phones, ...emails].map(({ value }) => plain(value));
  return own.includes(plain(address));
}

const plain = (address: string): string => address.toLowerCase().replaceAll(/[\s()./-]/g, '');

async function readable(messages: Promise<Messages | undefined>): Promise<Messages | undefined> {
  try {
    return await messages;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
    throw error;
  }
}
