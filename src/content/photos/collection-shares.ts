import type { Row } from '../../database/index.ts';
import { decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { bytesIn, dateIn, flagIn, numberIn, textIn, uuidIn } from './values.ts';
import type { PhotoAlbum } from './photo.ts';
import { appendTo } from '../../shared/append-to.ts';

/**
 * Shared albums since iOS 26. They are no albums like others any more, but shares, beside the shared library and the
 * links to single photos, and a photo names the one it is in itself.
 */
export interface CollectionShare {
  readonly album: PhotoAlbum;
  /** Keys of its photos, the oldest first. */
  readonly assets: readonly number[];
}

const SHARES = 'ZSHARE';
const PARTICIPANTS = 'ZSHAREPARTICIPANT';
/** The column by which a photo names its share. */
export const SHARE_OF_ASSET = 'ZCOLLECTIONSHARE';
/** `ZSCOPETYPE` of a shared album; 2 is a link to photos, 4 and 5 are the shared library. */
const ALBUM_SCOPE = 0;
/** `ZROLE` of a participant. */
const OWNER = 1;

const COLUMNS = [
  ['Z_PK', 'pk'],
  ['ZTITLE', 'title'],
  ['ZUUID', 'uuid'],
  ['ZSCOPETYPE', 'scope'],
  ['ZCREATIONDATE', 'createdAt'],
  ['ZTRASHEDSTATE', 'trashed'],
] as const;

/** @param assets the table of photos. */
export function readCollectionShares(database: ContentDatabase, assets: string | undefined): CollectionShare[] {
  if (assets === undefined || !database.has(assets, SHARE_OF_ASSET) || !database.has(SHARES, 'Z_PK')) return [];
  const assetsOf = new Map<number, number[]>();
  const sql = `SELECT CAST(rowid AS REAL) AS asset, CAST(${SHARE_OF_ASSET} AS REAL) AS share FROM ${quoted(assets)}
    WHERE ${SHARE_OF_ASSET} IS NOT NULL ORDER BY rowid`;
  for (const row of database.rows(sql)) appendTo(assetsOf, Number(row['share']), Number(row['asset']));
  const owners = readOwners(database);
  const shares: CollectionShare[] = [];
  const columns = database.select(SHARES, 's', COLUMNS);
  for (const row of database.rows(`SELECT ${columns} FROM ${SHARES} s ORDER BY s.Z_PK`, [], { bigints: true })) {
    const key = numberIn(row, 'pk') ?? 0;
    const own = assetsOf.get(key) ?? [];
    if (own.length === 0 && numberIn(row, 'scope') !== ALBUM_SCOPE) continue;
    const album = {
      id: uuidIn(row, 'uuid') ?? `share ${key}`,
      kind: 'shared' as const,
      title: textIn(row, 'title') ?? null,
      folders: [],
      createdAt: dateIn(row, 'createdAt'),
      owner: owners && (owners.get(key) ?? null),
      isDeleted: flagIn(row, 'trashed') ?? false,
      count: own.length,
    };
    shares.push({ album, assets: own });
  }
  return shares;
}

/** Who shares, by the key of the share; undefined where nothing says it. */
function readOwners(database: ContentDatabase): ReadonlyMap<number, string> | undefined {
  const role = ['ZROLE', 'ZPARTICIPANTROLE'].find((column) => database.has(PARTICIPANTS, column));
  if (role === undefined || !database.has(PARTICIPANTS, 'ZSHARE')) return undefined;
  const columns = database.select(PARTICIPANTS, 'p', [
    ['ZSHARE', 'share'],
    ['ZNAMECOMPONENTS', 'name'],
    ['ZEMAILADDRESS', 'mail'],
    ['ZPHONENUMBER', 'phone'],
  ]);
  const owners = new Map<number, string>();
  for (const row of database.rows(`SELECT ${columns} FROM ${PARTICIPANTS} p WHERE p.${role} = ${OWNER}`)) {
    const name = nameIn(row) || textIn(row, 'mail') || textIn(row, 'phone');
    if (name) owners.set(numberIn(row, 'share') ?? 0, name);
  }
  return owners;
}

/** An archive of NSPersonNameComponents. */
function nameIn(row: Row): string {
  const bytes = bytesIn(row, 'name');
  if (!bytes) return '';
  try {
    const components = fieldsOf(decodeKeyedArchive(bytes));
    const names = fieldsOf(components['NS.nameComponentsPrivate']);
    const parts = [names['NS.givenName'], names['NS.familyName']];
    return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return '';
    throw error;
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  value instanceof KeyedObject ? value.fields : {};
