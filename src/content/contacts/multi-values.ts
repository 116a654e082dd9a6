import type { Row } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import type { Labelled, LabelledDate, LabelledValue, OnlineAccount, OtherValue, PostalAddress } from './contact.ts';
import { textOf } from '../source/row-values.ts';
import { readPartialDate } from './partial-date.ts';

/** Numbers by which ABMultiValue says what a value is. */
const PHONE = 3;
const EMAIL = 4;
const ADDRESS = 5;
const DATE = 12;
const INSTANT_MESSAGE = 13;
const URL = 22;
const RELATED = 23;
const SOCIAL_PROFILE = 46;

/** Everything that one card has any number of. */
export interface MultiValues {
  readonly phones: LabelledValue[];
  readonly emails: LabelledValue[];
  readonly addresses: PostalAddress[];
  readonly urls: LabelledValue[];
  readonly related: LabelledValue[];
  readonly dates: LabelledDate[];
  readonly instantMessages: OnlineAccount[];
  readonly socialProfiles: OnlineAccount[];
  readonly others: OtherValue[];
}

export const noMultiValues = (): MultiValues => ({
  phones: [],
  emails: [],
  addresses: [],
  urls: [],
  related: [],
  dates: [],
  instantMessages: [],
  socialProfiles: [],
  others: [],
});

/** The values of all cards, by the row of the card. */
export function readMultiValues(database: ContentDatabase): Map<number, MultiValues> {
  const byCard = new Map<number, MultiValues>();
  if (!database.has('ABMultiValue', 'record_id')) return byCard;
  database.require('ABMultiValue', 'property', 'label', 'value');
  const labels = namesByRow(database, 'ABMultiValueLabel');
  const parts = readParts(database);
  const key = database.has('ABMultiValue', 'UID') ? 'UID' : 'rowid';
  const order = database.has('ABMultiValue', 'identifier') ? 'record_id, property, identifier' : 'record_id, property';
  const sql = `SELECT ${key} AS id, record_id, property, label, value FROM ABMultiValue ORDER BY ${order}, ${key}`;
  for (const row of database.rows(sql)) {
    const card = Number(row['record_id']);
    let values = byCard.get(card);
    if (values === undefined) byCard.set(card, (values = noMultiValues()));
    addValue(values, row, labelOf(row['label'], labels), parts.get(Number(row['id'])));
  }
  return byCard;
}

type Parts = Readonly<Record<string, string>>;

function addValue(values: MultiValues, row: Row, label: Labelled, parts: Parts | undefined): void {
  const property = Number(row['property']);
  const value = textOf(row['value']) ?? null;
  const list = { [PHONE]: values.phones, [EMAIL]: values.emails, [URL]: values.urls, [RELATED]: values.related }[
    property
  ];
  if (list !== undefined) {
    if (value !== null) list.push({ ...label, value });
    return;
  }
  if (property === ADDRESS && parts !== undefined) {
    values.addresses.push(addressOf(label, parts));
    return;
  }
  if (property === INSTANT_MESSAGE || property === SOCIAL_PROFILE) {
    const accounts = property === INSTANT_MESSAGE ? values.instantMessages : values.socialProfiles;
    accounts.push(accountOf(label, parts ?? {}, value));
    return;
  }
  const date = property === DATE ? readPartialDate(row['value']) : undefined;
  if (date !== undefined) values.dates.push({ ...label, date });
  else values.others.push({ ...label, property, value, ...(parts && { parts }) });
}

/** Of keys, the capitals differ between those who write them. */
function addressOf(label: Labelled, parts: Parts): PostalAddress {
  const fields: Record<string, string> = {};
  for (const [key, value] of Object.entries(parts)) fields[ADDRESS_FIELDS[key.toLowerCase()] ?? key] = value;
  return { ...fields, ...label };
}

const ADDRESS_FIELDS: Readonly<Record<string, keyof PostalAddress>> = {
  street: 'street',
  sublocality: 'subLocality',
  city: 'city',
  subadministrativearea: 'subAdministrativeArea',
  state: 'state',
  zip: 'zip',
  country: 'country',
  countrycode: 'countryCode',
};

function accountOf(label: Labelled, parts: Parts, value: string | null): OnlineAccount {
  const fields: Record<string, string> = value === null ? {} : { username: value };
  for (const [key, part] of Object.entries(parts)) fields[ACCOUNT_FIELDS[key.toLowerCase()] ?? key] = part;
  return { ...fields, ...label };
}

const ACCOUNT_FIELDS: Readonly<Record<string, keyof OnlineAccount>> = {
  service: 'service',
  username: 'username',
  url: 'url',
  displayname: 'displayName',
  userid: 'userId',
  identifier: 'userId',
};

function labelOf(id: unknown, labels: ReadonlyMap<number, string>): Labelled {
  if (id === null || id === undefined) return { label: null, isBuiltIn: false };
  const text = labels.get(Number(id));
  if (text === undefined) return { label: null, isBuiltIn: false, problem: 'unknown-label' };
  const builtIn = /^_\$!<(.*)>!\$_$/s.exec(text)?.[1];
  return { label: builtIn ?? text, isBuiltIn: builtIn !== undefined };
}

/** Values made of several, by the value they belong to: an address has a street and a city. */
function readParts(database: ContentDatabase): Map<number, Record<string, string>> {
  const byValue = new Map<number, Record<string, string>>();
  if (!database.has('ABMultiValueEntry', 'parent_id')) return byValue;
  database.require('ABMultiValueEntry', 'key', 'value');
  const keys = namesByRow(database, 'ABMultiValueEntryKey');
  for (const row of database.rows('SELECT parent_id, "key", value FROM ABMultiValueEntry ORDER BY parent_id, "key"')) {
    const value = textOf(row['value']) ?? null;
    if (value === null) continue;
    const parent = Number(row['parent_id']);
    let parts = byValue.get(parent);
    if (parts === undefined) byValue.set(parent, (parts = Object.create(null) as Record<string, string>));
    parts[keys.get(Number(row['key'])) ?? `key ${Number(row['key'])}`] = value;
  }
  return byValue;
}

function namesByRow(database: ContentDatabase, table: string): Map<number, string> {
  if (!database.has(table, 'value')) return new Map();
  const names = new Map<number, string>();
  for (const { id, value } of database.rows(`SELECT rowid AS id, value FROM ${table}`)) {
    const name = textOf(value);
    if (typeof name === 'string') names.set(Number(id), name);
  }
  return names;
}
