import { asDictionary, decodeKeyedArchive, KeyedObject, stringAt, valueAt } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { bytesOf, numberOf, textOf } from '../source/row-values.ts';
import { OBJECTS, type StoreSchema } from './store-schema.ts';

export interface NoteAccount {
  /** Apple's identifier; "LocalAccount" for what is kept on the phone only. */
  readonly identifier: string;
  readonly name: string;
}

export interface NoteFolder {
  readonly identifier: string;
  readonly name: string;
  readonly account: NoteAccount | undefined;
  /** Names of the folders it lies in and its own, outermost first. */
  readonly path: readonly string[];
  /** It shows notes of other folders that fit a search; it has none itself. */
  readonly isSmart: boolean;
  /** "Recently Deleted" */
  readonly isTrash: boolean;
}

const MAX_NESTING = 32;
const SMART = 3;
const TRASH = 1;

export function readAccounts(database: ContentDatabase, schema: StoreSchema): Map<number, NoteAccount> {
  const select = schema.select('o', { identifier: ['ZIDENTIFIER'], name: ['ZNAME'] });
  const accounts = new Map<number, NoteAccount>();
  for (const row of database.rows(`SELECT ${select} FROM ${OBJECTS} o WHERE ${schema.isOf('o', 'ICAccount')}`)) {
    const identifier = textOf(row['identifier']) ?? '';
    const name = textOf(row['name']) || (identifier === 'LocalAccount' ? 'On My iPhone' : 'Notes');
    accounts.set(Number(row['pk']), { identifier, name });
  }
  return accounts;
}

interface FolderRow {
  readonly pk: number;
  readonly identifier: string;
  readonly name: string;
  readonly account: NoteAccount | undefined;
  readonly parent: number | undefined;
  readonly parentIdentifier: string | undefined;
  readonly isSmart: boolean;
  readonly isTrash: boolean;
}

export function readFolders(
  database: ContentDatabase,
  schema: StoreSchema,
  accounts: ReadonlyMap<number, NoteAccount>,
): Map<number, NoteFolder> {
  const rows = [...folderRows(database, schema, accounts)];
  const byKey = new Map(rows.map((row) => [row.pk, row]));
  const byIdentifier = new Map(rows.map((row) => [row.identifier, row]));
  const parentOf = (row: FolderRow): FolderRow | undefined =>
    byKey.get(row.parent ?? 0) ?? byIdentifier.get(row.parentIdentifier ?? '');
  return new Map(
    rows.map((row) => {
      const line = [row];
      for (let up = parentOf(row); up && !line.includes(up) && line.length < MAX_NESTING; up = parentOf(up))
        line.unshift(up);
      const { identifier, name, isSmart, isTrash } = row;
      const account = row.account ?? line.find((each) => each.account)?.account;
      return [row.pk, { identifier, name, account, path: line.map((each) => each.name), isSmart, isTrash }];
    }),
  );
}

function* folderRows(
  database: ContentDatabase,
  schema: StoreSchema,
  accounts: ReadonlyMap<number, NoteAccount>,
): Generator<FolderRow, undefined> {
  const owners = schema.columns('ZACCOUNT', ['ZOWNER']);
  const select = schema.select('o', {
    identifier: ['ZIDENTIFIER'],
    name: ['ZTITLE', 'ZTITLE2'],
    parent: ['ZPARENT'],
    type: ['ZFOLDERTYPE'],
    hidden: ['ZISHIDDENNOTECONTAINER'],
    query: ['ZSMARTFOLDERQUERYJSON'],
    record: ['ZSERVERRECORD', 'ZSERVERRECORDDATA'],
  });
  const ownerList = owners.map((column) => `, o.${quoted(column)} AS ${quoted(column)}`).join('');
  const sql = `SELECT ${select}${ownerList} FROM ${OBJECTS} o WHERE ${schema.isOf('o', 'ICFolder')}`;
  for (const row of database.rows(sql)) {
    const identifier = textOf(row['identifier']) ?? '';
    const type = numberOf(row['type']);
    const parent = numberOf(row['parent']) ?? undefined;
    yield {
      pk: Number(row['pk']),
      identifier,
      name: textOf(row['name']) || 'Notes',
      account: schema.referenceAmong(row, owners, accounts),
      parent,
      parentIdentifier: parent === undefined ? parentNamedIn(bytesOf(row['record'])) : undefined,
      isSmart: type === SMART || Boolean(textOf(row['query'])),
      isTrash: identifier.startsWith('TrashFolder') || (type === TRASH && numberOf(row['hidden']) === 1),
    };
  }
}

/** The parent that iCloud's record of a folder names: some folders have theirs nowhere else. */
function parentNamedIn(record: Uint8Array | null | undefined): string | undefined {
  if (!record?.length) return undefined;
  try {
    const reference = fieldAt(decodeKeyedArchive(record), 'ParentReference');
    return stringAt(asDictionary(fieldsOf(fieldAt(reference, 'recordID'))), 'RecordName');
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

const fieldsOf = (value: unknown): unknown => (value instanceof KeyedObject ? value.fields : value);
const fieldAt = (value: unknown, key: string): unknown => valueAt(asDictionary(fieldsOf(value)), key);
