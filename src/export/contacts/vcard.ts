/** Contacts as vCards: version 4.0 (RFC 6350) for what is new, 3.0 (RFC 2426) for everything else there is. */
import { formatPartialDate, type Contact, type ContactPhoto, type PartialDate } from '../../content/index.ts';
import { labelAsStored, relationType, vcardLabel } from './labels.ts';
import { onlineAccounts } from './vcard-online.ts';
import { escapeText, structured, uriValue, vcardLine, type Property, type VcardVersion } from './vcard-line.ts';

/**
 * One card. Labels that the standard has no word for stand beside their values as Apple's `X-ABLabel`, which most
 * address books read; what a program does not know, it skips.
 */
export function vcard(contact: Contact, version: VcardVersion, photo?: ContactPhoto): string {
  const writer = new CardWriter(version);
  writer.add('VERSION', version);
  writer.add('PRODID', '-//Holdfast//Contacts//EN');
  writeNames(writer, contact);
  for (const phone of contact.phones) writer.addLabelled('TEL', escapeText(phone.value), phone);
  for (const email of contact.emails) {
    writer.addLabelled('EMAIL', escapeText(email.value), email, version === '3.0' ? [['TYPE', 'INTERNET']] : []);
  }
  writeAddresses(writer, contact);
  for (const url of contact.urls) writer.addLabelled('URL', uriValue(url.value), url);
  for (const account of onlineAccounts(contact))
    writer.addLabelled(account.name, account.value, account, account.parameters);
  writeRelated(writer, contact);
  writeDates(writer, contact);
  if (contact.note) writer.add('NOTE', escapeText(contact.note));
  if (contact.groups.length > 0) writer.add('CATEGORIES', contact.groups.map(escapeText).join(','));
  if (photo !== undefined) writePhoto(writer, photo);
  writeIdentity(writer, contact);
  return writer.finish();
}

class CardWriter {
  readonly version: VcardVersion;
  #text = 'BEGIN:VCARD\r\n';
  #groups = 0;

  constructor(version: VcardVersion) {
    this.version = version;
  }

  add(name: string, value: string, parameters: Property['parameters'] = [], group?: string): void {
    this.#text += vcardLine({ name, value, parameters, ...(group !== undefined && { group }) }, this.version);
  }

  /** @returns the group, where the property needed one. */
  addLabelled(
    name: string,
    value: string,
    labelled: Parameters<typeof vcardLabel>[0],
    parameters: Property['parameters'] = [],
    beside: readonly Property[] = [],
  ): void {
    const { types, label } = vcardLabel(labelled);
    const group = label === undefined && beside.length === 0 ? undefined : `item${++this.#groups}`;
    const written = types.map((type) => ['TYPE', this.version === '3.0' ? type.toUpperCase() : type] as const);
    this.add(name, value, [...parameters, ...written], group);
    for (const property of beside) this.add(property.name, property.value, property.parameters, group);
    if (label !== undefined) this.add('X-ABLabel', escapeText(label), [], group);
  }

  finish(): string {
    return `${this.#text}END:VCARD\r\n`;
  }
}

function writeNames(writer: CardWriter, contact: Contact): void {
  writer.add('FN', escapeText(contact.name));
  writer.add('N', structured([contact.last, contact.first, contact.middle, contact.prefix, contact.suffix]));
  if (contact.kind === 'organisation') {
    if (writer.version === '4.0') writer.add('KIND', 'org');
    writer.add('X-ABShowAs', 'COMPANY');
  }
  if (contact.nickname) writer.add('NICKNAME', escapeText(contact.nickname));
  if (contact.organization || contact.department) {
    writer.add('ORG', structured([contact.organization, ...(contact.department ? [contact.department] : [])]));
  }
  if (contact.jobTitle) writer.add('TITLE', escapeText(contact.jobTitle));
  const others = [
    ['X-PHONETIC-FIRST-NAME', contact.firstPhonetic],
    ['X-PHONETIC-MIDDLE-NAME', contact.middlePhonetic],
    ['X-PHONETIC-LAST-NAME', contact.lastPhonetic],
    ['X-PHONETIC-ORG', contact.organizationPhonetic],
    ['X-MAIDENNAME', contact.previousLast],
  ] as const;
  for (const [name, value] of others) if (value) writer.add(name, escapeText(value));
}

function writeAddresses(writer: CardWriter, { addresses }: Contact): void {
  for (const address of addresses) {
    const { street, city, state, zip, country } = address;
    const beside = [
      ['X-ABADR', address.countryCode],
      ['X-APPLE-SUBLOCALITY', address.subLocality],
      ['X-APPLE-SUBADMINISTRATIVEAREA', address.subAdministrativeArea],
    ].flatMap(([name, value]) => (name && value ? [{ name, value: escapeText(value) }] : []));
    const value = structured(['', '', street, city, state, zip, country]);
    writer.addLabelled('ADR', value, address, [], beside);
  }
}

function writeRelated(writer: CardWriter, { related }: Contact): void {
  for (const person of related) {
    const type = relationType(person);
    if (writer.version === '3.0') {
      const name = { ...person, label: labelAsStored(person) || null, isBuiltIn: false };
      writer.addLabelled('X-ABRELATEDNAMES', escapeText(person.value), name);
    } else {
      const parameters = [['VALUE', 'text'] as const, ...(type === undefined ? [] : [['TYPE', type] as const])];
      writer.addLabelled('RELATED', escapeText(person.value), person, parameters);
    }
  }
}

function writeDates(writer: CardWriter, { birthday, dates }: Contact): void {
  if (birthday) writer.add('BDAY', ...dateValue(birthday, writer.version));
  for (const entry of dates) {
    const isAnniversary = entry.isBuiltIn && entry.label === 'Anniversary' && writer.version === '4.0';
    const [value, parameters] = dateValue(entry.date, writer.version);
    if (isAnniversary) writer.add('ANNIVERSARY', value, parameters);
    else writer.addLabelled('X-ABDATE', value, entry, parameters);
  }
}

/** Version 3.0 knows no day without a year: Apple writes 1604 and says that it is to be left out. */
function dateValue(date: PartialDate, version: VcardVersion): [string, (readonly [string, string])[]] {
  if (version === '4.0') return [formatPartialDate(date).replaceAll(/(?<=\d)-/g, ''), []];
  if (date.year !== undefined) return [formatPartialDate(date), [['VALUE', 'date']]];
  return [
    formatPartialDate({ ...date, year: 1604 }),
    [
      ['X-APPLE-OMIT-YEAR', '1604'],
      ['VALUE', 'date'],
    ],
  ];
}

function writePhoto(writer: CardWriter, { bytes, mediaType }: ContactPhoto): void {
  const base64 = bytes.toString('base64');
  if (writer.version === '4.0') writer.add('PHOTO', `data:${mediaType};base64,${base64}`);
  else
    writer.add('PHOTO', base64, [
      ['ENCODING', 'b'],
      ['TYPE', mediaType.replace(/^.*\//, '').toUpperCase()],
    ]);
}

const UUID = /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/i;

function writeIdentity(writer: CardWriter, { key, modifiedAt }: Contact): void {
  if (writer.version === '4.0') {
    if (UUID.test(key)) writer.add('UID', `urn:uuid:${key.toLowerCase()}`);
    else writer.add('UID', escapeText(key), [['VALUE', 'text']]);
  } else writer.add('UID', escapeText(key));
  const revised = modifiedAt?.toISOString().replace(/\.\d+Z$/, 'Z');
  if (revised !== undefined) writer.add('REV', writer.version === '4.0' ? revised.replaceAll(/[-:]/g, '') : revised);
}
