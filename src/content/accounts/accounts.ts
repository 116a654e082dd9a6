import { decodeKeyedArchive } from '../../formats/index.ts';
import type { Row, SqlValue } from '../../database/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { findJoinTable, readJoinTable } from '../source/join-table.ts';
import { cocoaDateOf, flagOf, textOf, type Recorded } from '../source/row-values.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/Accounts/Accounts3.sqlite' }];

/** Longer values are certificates, cookies and the like. */
const MAX_PROPERTY_BYTES = 64 * 1024;

/** An account the phone is signed in to: iCloud, mail, calendars, stores. Its password is in the keychain. */
export interface Account {
  /** Apple's identifier; address books and calendars name it. */
  readonly key: string;
  readonly type: Recorded<string>;
  /** "com.apple.account.Google" */
  readonly typeIdentifier: Recorded<string>;
  readonly username: Recorded<string>;
  readonly description: Recorded<string>;
  readonly addedAt: Recorded<Date>;
  readonly isActive: Recorded<boolean>;
  readonly isAuthenticated: Recorded<boolean>;
  readonly isVisible: Recorded<boolean>;
  readonly owningBundle: Recorded<string>;
  readonly authenticationType: Recorded<string>;
  /** The account this one is part of: the mail of an iCloud account. */
  readonly parent: Recorded<string>;
  /** What it is used for: "com.apple.Dataclass.Mail". */
  readonly enabledFor: readonly string[];
  /** What else is kept of it, as far as it is text, a number or a date. */
  readonly properties: Readonly<Record<string, string | number | boolean | Date>>;
}

const COLUMNS = [
  'ZIDENTIFIER',
  'ZUSERNAME',
  'ZACCOUNTDESCRIPTION',
  'ZDATE',
  'ZACTIVE',
  'ZAUTHENTICATED',
  'ZVISIBLE',
  'ZOWNINGBUNDLEID',
  'ZAUTHENTICATIONTYPE',
  'ZACCOUNTTYPE',
  'ZPARENTACCOUNT',
];

/**
 * Reads the accounts of a phone: a few dozen.
 *
 * @returns undefined when the backup has no list of them.
 * @throws {FormatError} when it is damaged, or laid out in a way that is not known.
 */
export async function openAccounts(backup: Backup): Promise<readonly Account[] | undefined> {
  using database = await openContentDatabase(backup, PLACES);
  if (database === undefined) return undefined;
  database.require('ZACCOUNT', 'ZIDENTIFIER', 'ZUSERNAME');
  const types = readTypes(database);
  const classes = readDataClasses(database);
  const properties = readProperties(database);
  const columns = database.select('ZACCOUNT', 'a', COLUMNS);
  const rows = [...database.rows(`SELECT a.rowid AS pk, ${columns} FROM ZACCOUNT a ORDER BY a.rowid`)];
  const keys = new Map(rows.map((row) => [Number(row['pk']), keyOf(row)]));
  return rows.map((row) => {
    const type = types.get(Number(row['ZACCOUNTTYPE']));
    const pk = Number(row['pk']);
    return {
      key: keyOf(row),
      type: row['ZACCOUNTTYPE'] === undefined ? undefined : (type?.name ?? null),
      typeIdentifier: row['ZACCOUNTTYPE'] === undefined ? undefined : (type?.identifier ?? null),
      username: textOf(row['ZUSERNAME']),
      description: textOf(row['ZACCOUNTDESCRIPTION']),
      addedAt: cocoaDateOf(row['ZDATE']),
      isActive: flagOf(row['ZACTIVE']),
      isAuthenticated: flagOf(row['ZAUTHENTICATED']),
      isVisible: flagOf(row['ZVISIBLE']),
      owningBundle: textOf(row['ZOWNINGBUNDLEID']),
      authenticationType: textOf(row['ZAUTHENTICATIONTYPE']),
      parent: row['ZPARENTACCOUNT'] === undefined ? undefined : (keys.get(Number(row['ZPARENTACCOUNT'])) ?? null),
      enabledFor: classes.get(pk) ?? [],
      properties: properties.get(pk) ?? {},
    };
  });
}

const keyOf = (row: Row): string => textOf(row['ZIDENTIFIER']) ?? `row ${Number(row['pk'])}`;

/** What an account is called in lists: by its own description, its kind, its user. */
export function titleOfAccount({ description, type, username, key }: Account): string {
  const parts = [description, type, username].filter((part) => typeof part === 'string' && part !== '');
  return [...new Set(parts)].join(' · ') || key;
}

/** For searching and for following accounts from backup to backup. */
export function* accountsItems(accounts: readonly Account[]): Generator<ContentItem, undefined> {
  for (const account of accounts) {
    const title = titleOfAccount(account);
    yield { kind: 'accounts', key: account.key, at: account.addedAt ?? undefined, title, text: title };
  }
}

interface AccountType {
  readonly name: Recorded<string>;
  readonly identifier: Recorded<string>;
}

function readTypes(database: ContentDatabase): Map<number, AccountType> {
  const types = new Map<number, AccountType>();
  if (!database.has('ZACCOUNTTYPE')) return types;
  const columns = database.select('ZACCOUNTTYPE', 't', ['ZACCOUNTTYPEDESCRIPTION', 'ZIDENTIFIER']);
  for (const row of database.rows(`SELECT t.rowid AS pk, ${columns} FROM ZACCOUNTTYPE t`)) {
    const [name, identifier] = [textOf(row['ZACCOUNTTYPEDESCRIPTION']), textOf(row['ZIDENTIFIER'])];
    types.set(Number(row['pk']), { name, identifier });
  }
  return types;
}

function readDataClasses(database: ContentDatabase): Map<number, string[]> {
  const names = new Map<number, string>();
  if (!database.has('ZDATACLASS', 'ZNAME')) return new Map();
  for (const row of database.rows('SELECT rowid AS pk, ZNAME FROM ZDATACLASS')) {
    const name = archivedValue(row['ZNAME']);
    if (typeof name === 'string') names.set(Number(row['pk']), name);
  }
  const columns = { table: 'ENABLEDDATACLASSES', left: 'ENABLEDACCOUNTS', right: 'ENABLEDDATACLASSES' };
  const enabled = readJoinTable(database, findJoinTable(database, columns));
  return new Map(
    [...enabled].map(([account, classes]) => [
      account,
      classes.map((each) => names.get(each)).filter((name) => name !== undefined),
    ]),
  );
}

type Properties = Record<string, string | number | boolean | Date>;

function readProperties(database: ContentDatabase): Map<number, Properties> {
  const byAccount = new Map<number, Properties>();
  if (!database.has('ZACCOUNTPROPERTY', 'ZOWNER')) return byAccount;
  database.require('ZACCOUNTPROPERTY', 'ZKEY', 'ZVALUE');
  for (const row of database.rows('SELECT ZOWNER, ZKEY, ZVALUE FROM ZACCOUNTPROPERTY ORDER BY ZOWNER, ZKEY')) {
    const [key, value] = [textOf(row['ZKEY']), archivedValue(row['ZVALUE'])];
    if (typeof key !== 'string' || value === undefined) continue;
    const owner = Number(row['ZOWNER']);
    let properties = byAccount.get(owner);
    if (properties === undefined) byAccount.set(owner, (properties = Object.create(null) as Properties));
    properties[key] = value;
  }
  return byAccount;
}

/** Values are keyed archives of one thing; what is not simple stays where it is. */
function archivedValue(value: SqlValue | undefined): Properties[string] | undefined {
  if (!(value instanceof Uint8Array)) return typeof value === 'bigint' ? String(value) : (value ?? undefined);
  if (value.length > MAX_PROPERTY_BYTES) return undefined;
  try {
    const decoded = decodeKeyedArchive(value);
    const isSimple = typeof decoded === 'string' || typeof decoded === 'number' || typeof decoded === 'boolean';
    return isSimple || decoded instanceof Date ? decoded : undefined;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
