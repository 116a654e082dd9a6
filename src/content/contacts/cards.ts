import type { Row, SqlValue } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, textOf, type Recorded } from '../source/row-values.ts';
import { nameOf } from './contact-name.ts';
import type { ContactCard, PartialDate } from './contact.ts';
import { noMultiValues, readMultiValues } from './multi-values.ts';
import { readPartialDate } from './partial-date.ts';

/** Columns of ABPerson that are text, by the field they become. */
const TEXTS = {
  prefix: 'Prefix',
  first: 'First',
  middle: 'Middle',
  last: 'Last',
  suffix: 'Suffix',
  nickname: 'Nickname',
  previousLast: 'PreviousFamilyName',
  firstPhonetic: 'FirstPhonetic',
  middlePhonetic: 'MiddlePhonetic',
  lastPhonetic: 'LastPhonetic',
  organization: 'Organization',
  organizationPhonetic: 'OrganizationPhonetic',
  department: 'Department',
  jobTitle: 'JobTitle',
  note: 'Note',
  alternateBirthday: 'AlternateBirthday',
  displayName: 'DisplayName',
} as const;

const OTHERS = [
  'Kind',
  'Birthday',
  'CreationDate',
  'ModificationDate',
  'StoreID',
  'PersonLink',
  'guid',
  'ExternalUUID',
];

const ORGANISATION = 1;

/** What the address book says of stores, groups and links, by row. */
export interface AddressBook {
  readonly cards: readonly ContactCard[];
  /** By link: whose name and whose picture is shown. */
  readonly links: ReadonlyMap<number, PreferredRows>;
  /** Values that belong to no card: left behind by a deletion. */
  readonly strayValues: number;
  readonly notAvailable: readonly string[];
}

export interface PreferredRows {
  readonly name: number | undefined;
  readonly image: number | undefined;
}

/**
 * Reads a whole address book; those of people fit into memory, and nearly everything needs all of it.
 *
 * @throws {FormatError} when it has no table of people.
 */
export function readAddressBook(database: ContentDatabase): AddressBook {
  database.require('ABPerson', 'First', 'Last');
  const values = readMultiValues(database);
  const context = { database, groups: readGroups(database), ...readStores(database) };
  const columns = database.select('ABPerson', 'p', [...Object.values(TEXTS), ...OTHERS]);
  const cards: ContactCard[] = [];
  for (const row of database.rows(`SELECT p.rowid AS row, ${columns} FROM ABPerson p ORDER BY p.rowid`)) {
    const id = Number(row['row']);
    cards.push(cardOf(row, values.get(id) ?? noMultiValues(), context));
    values.delete(id);
  }
  return {
    cards,
    links: readLinks(database),
    strayValues: values.size,
    notAvailable: Object.entries(TEXTS)
      .filter(([, column]) => !database.has('ABPerson', column))
      .map(([field]) => field)
      .concat(database.has('ABPerson', 'PersonLink') ? [] : ['link'])
      .concat(database.has('ABStore') ? [] : ['store', 'account']),
  };
}

interface Stores {
  /** Name and account of each store. */
  readonly stores: ReadonlyMap<number, { name: Recorded<string>; account: Recorded<string> }>;
  /** Rows of the owner's own cards. */
  readonly owners: ReadonlySet<number>;
}

interface CardContext extends Stores {
  readonly database: ContentDatabase;
  readonly groups: ReadonlyMap<number, readonly string[]>;
}

function cardOf(row: Row, values: ReturnType<typeof noMultiValues>, context: CardContext): ContactCard {
  const id = Number(row['row']);
  const store = context.stores.get(Number(row['StoreID']));
  const texts = Object.fromEntries(Object.entries(TEXTS).map(([field, column]) => [field, recordedText(row[column])]));
  const link = row['PersonLink'];
  const card = {
    row: id,
    key: textOf(row['guid']) || textOf(row['ExternalUUID']) || `row ${id}`,
    kind: Number(row['Kind']) === ORGANISATION ? ('organisation' as const) : ('person' as const),
    ...(texts as Record<keyof typeof TEXTS, Recorded<string>>), // made from the keys of TEXTS just above
    birthday: recordedDay(row['Birthday']),
    ...values,
    groups: context.groups.get(id) ?? [],
    store: context.database.has('ABStore') ? (store?.name ?? null) : undefined,
    account: context.database.has('ABStore') ? (store?.account ?? null) : undefined,
    createdAt: cocoaDateOf(row['CreationDate']),
    modifiedAt: cocoaDateOf(row['ModificationDate']),
    link: link === undefined ? undefined : Number(link) > 0 ? Number(link) : null,
    isMe: context.owners.has(id),
  };
  return { ...card, name: nameOf(card) };
}

/** Empty text is none. */
function recordedText(value: SqlValue | undefined): Recorded<string> {
  const text = textOf(value);
  return text === '' ? null : text;
}

function recordedDay(value: unknown): Recorded<PartialDate> {
  return value === undefined ? undefined : (readPartialDate(value) ?? null);
}

function readStores(database: ContentDatabase): Stores {
  const stores = new Map<number, { name: Recorded<string>; account: Recorded<string> }>();
  const owners = new Set<number>();
  if (!database.has('ABStore')) return { stores, owners };
  const accounts = new Map<number, string | null>();
  if (database.has('ABAccount', 'AccountIdentifier')) {
    for (const { row, id } of database.rows('SELECT rowid AS row, AccountIdentifier AS id FROM ABAccount')) {
      accounts.set(Number(row), textOf(id) ?? null);
    }
  }
  const columns = database.select('ABStore', 's', ['Name', 'AccountID', 'MeIdentifier']);
  for (const row of database.rows(`SELECT s.rowid AS row, ${columns} FROM ABStore s`)) {
    const account = accounts.get(Number(row['AccountID'])) ?? null;
    stores.set(Number(row['row']), { name: recordedText(row['Name']), account });
    if (Number(row['MeIdentifier']) > 0) owners.add(Number(row['MeIdentifier']));
  }
  return { stores, owners };
}

/** Names of the groups each card is in. */
function readGroups(database: ContentDatabase): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  if (!database.has('ABGroup', 'Name') || !database.has('ABGroupMembers', 'member_id')) return groups;
  // Members of the other type are groups in groups.
  const people = database.has('ABGroupMembers', 'member_type') ? 'WHERE m.member_type = 0' : '';
  const sql = `SELECT m.member_id AS member, g.Name AS name FROM ABGroupMembers m JOIN ABGroup g ON g.rowid = m.group_id
    ${people} ORDER BY m.rowid`;
  for (const row of database.rows(sql)) {
    const name = textOf(row['name']);
    if (typeof name !== 'string') continue;
    const member = Number(row['member']);
    groups.set(member, [...(groups.get(member) ?? []), name]);
  }
  return groups;
}

function readLinks(database: ContentDatabase): Map<number, PreferredRows> {
  const links = new Map<number, PreferredRows>();
  if (!database.has('ABPersonLink')) return links;
  const columns = database.select('ABPersonLink', 'l', ['PreferredNamePersonID', 'PreferredImagePersonID']);
  for (const row of database.rows(`SELECT l.rowid AS row, ${columns} FROM ABPersonLink l`)) {
    const [name, image] = [Number(row['PreferredNamePersonID']), Number(row['PreferredImagePersonID'])];
    links.set(Number(row['row']), { name: name > 0 ? name : undefined, image: image > 0 ? image : undefined });
  }
  return links;
}
