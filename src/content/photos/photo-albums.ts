import type { Row } from '../../database/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { readCollectionShares } from './collection-shares.ts';
import type { PhotoAlbum } from './photo.ts';
import type { PhotoSchema } from './photo-schema.ts';
import { firstOf } from '../source/row-values.ts';
import { dateIn, flagIn, numberIn, textIn, uuidIn } from './values.ts';
import { appendTo } from '../../shared/append-to.ts';

/** `ZKIND` of ZGENERICALBUM. Numbers not listed are the phone's own bookkeeping: progress of a sync, roots of folders. */
const KINDS: Readonly<Record<number, PhotoAlbum['kind']>> = {
  2: 'album',
  1505: 'shared',
  1506: 'import',
  1507: 'smart',
  1508: 'project',
  1509: 'shared-with-you',
  1550: 'synced',
  1551: 'synced',
  1552: 'synced',
  4000: 'folder',
};
const MAX_FOLDER_DEPTH = 32;
const NO_ALBUMS: readonly PhotoAlbum[] = [];

const COLUMNS = [
  ['Z_PK', 'pk'],
  ['ZKIND', 'kind'],
  ['ZTITLE', 'title'],
  ['ZUUID', 'uuid'],
  ['ZPARENTFOLDER', 'parent'],
  ['Z_FOK_PARENTFOLDER', 'position'],
  ['ZCREATIONDATE', 'createdAt'],
  ['ZCLOUDCREATIONDATE', 'sharedAt'],
  ['ZTRASHEDSTATE', 'trashed'],
  ['ZCLOUDOWNERFULLNAME', 'owner'],
  ['ZCLOUDOWNERFIRSTNAME', 'ownerFirst'],
  ['ZCLOUDOWNERLASTNAME', 'ownerLast'],
  ['ZCLOUDGUID', 'cloudGuid'],
] as const;

interface AlbumRow {
  readonly key: number;
  readonly album: { -readonly [K in keyof PhotoAlbum]: PhotoAlbum[K] };
  readonly parent: number | undefined;
  readonly position: number;
  readonly cloudGuid: string | undefined;
}

/** The albums of a library and what is in them. */
export class AlbumIndex {
  /** In the order of the folders and of the albums in them; those within a folder come after it. */
  readonly albums: readonly PhotoAlbum[];
  /** By the key of a photo. */
  readonly #ofAsset = new Map<number, PhotoAlbum[]>();
  readonly #byCloudGuid = new Map<string, AlbumRow['album']>();
  /** Photos of shared albums, by which of these they name as theirs, the oldest first. */
  readonly #shared = new Map<PhotoAlbum, number[]>();
  readonly #keys = new Map<PhotoAlbum, number>();
  readonly #database: ContentDatabase;
  readonly #schema: PhotoSchema;

  constructor(database: ContentDatabase, schema: PhotoSchema) {
    this.#database = database;
    this.#schema = schema;
    const rows = readAlbums(database);
    const shares = readCollectionShares(database, schema.assets);
    this.albums = [...inOrder(rows).map(({ album }) => album), ...shares.map(({ album }) => album)];
    for (const { album, key, cloudGuid } of rows.values()) {
      this.#keys.set(album, key);
      if (cloudGuid !== undefined) this.#byCloudGuid.set(cloudGuid, album);
    }
    this.#join(rows);
    this.#joinShared();
    for (const { album, assets } of shares) {
      this.#shared.set(album, [...assets]);
      for (const asset of assets) appendTo(this.#ofAsset, asset, album);
    }
  }

  /** @param cloudCollection the id of the shared album that the photo names as its own, if it does. */
  of(asset: number, cloudCollection: string | null | undefined): readonly PhotoAlbum[] {
    const joined = this.#ofAsset.get(asset) ?? NO_ALBUMS;
    const shared = cloudCollection ? this.#byCloudGuid.get(cloudCollection) : undefined;
    return shared === undefined || joined.includes(shared) ? joined : [...joined, shared];
  }

  /** Keys of the photos of an album as its owner ordered them. */
  *assetsIn(album: PhotoAlbum): Generator<number, undefined> {
    const seen = new Set<number>();
    for (const asset of this.#joined(album)) {
      seen.add(asset);
      yield asset;
    }
    for (const asset of this.#shared.get(album) ?? []) if (!seen.has(asset)) yield asset;
  }

  *#joined(album: PhotoAlbum): Generator<number, undefined> {
    const join = this.#schema.albumAssets;
    const key = this.#keys.get(album);
    if (join === undefined || key === undefined) return;
    const [table, left, right] = [join.table, join.left, join.right].map(quoted);
    const order = join.order === undefined ? 'rowid' : quoted(join.order);
    const sql = `SELECT CAST(${right} AS REAL) AS asset FROM ${table} WHERE ${left} = ? ORDER BY ${order}`;
    for (const row of this.#database.rows(sql, [key])) yield Number(row['asset']);
  }

  #join(rows: ReadonlyMap<number, AlbumRow>): void {
    const join = this.#schema.albumAssets;
    if (join === undefined) return;
    const [table, left, right] = [join.table, join.left, join.right].map(quoted);
    const sql = `SELECT CAST(${left} AS REAL) AS album, CAST(${right} AS REAL) AS asset FROM ${table}`;
    for (const row of this.#database.rows(sql)) {
      const album = rows.get(Number(row['album']))?.album;
      if (album === undefined) continue;
      album.count++;
      appendTo(this.#ofAsset, Number(row['asset']), album);
    }
  }

  /** Photos of shared albums name their album themselves; some releases of iOS join them as well. */
  #joinShared(): void {
    const { assets } = this.#schema;
    if (assets === undefined || !this.#database.has(assets, 'ZCLOUDCOLLECTIONGUID')) return;
    const sql = `SELECT CAST(rowid AS REAL) AS asset, ZCLOUDCOLLECTIONGUID AS guid FROM ${quoted(assets)}
      WHERE ZCLOUDCOLLECTIONGUID IS NOT NULL`;
    for (const row of this.#database.rows(sql)) {
      const album = this.#byCloudGuid.get(String(row['guid']));
      if (album === undefined) continue;
      const asset = Number(row['asset']);
      if (this.#ofAsset.get(asset)?.includes(album) !== true) album.count++;
      appendTo(this.#shared, album, asset);
    }
  }
}

/** By key. What is no album of anybody's is left out. */
function readAlbums(database: ContentDatabase): Map<number, AlbumRow> {
  const albums = new Map<number, AlbumRow>();
  if (!database.has('ZGENERICALBUM', 'ZKIND')) return albums;
  const sql = `SELECT ${database.select('ZGENERICALBUM', 'g', COLUMNS)} FROM ZGENERICALBUM g`;
  for (const row of database.rows(sql, [], { bigints: true })) {
    const kind = KINDS[numberIn(row, 'kind') ?? 0];
    const key = numberIn(row, 'pk');
    if (kind === undefined || typeof key !== 'number') continue;
    albums.set(key, {
      key,
      album: {
        id: uuidIn(row, 'uuid') ?? textIn(row, 'cloudGuid') ?? `row ${key}`,
        kind,
        title: textIn(row, 'title') ?? null,
        folders: [],
        createdAt: firstOf(dateIn(row, 'createdAt'), dateIn(row, 'sharedAt')),
        owner: ownerIn(row),
        isDeleted: flagIn(row, 'trashed') ?? false,
        count: 0,
      },
      parent: numberIn(row, 'parent') ?? undefined,
      position: numberIn(row, 'position') ?? 0,
      cloudGuid: textIn(row, 'cloudGuid') ?? undefined,
    });
  }
  for (const each of albums.values()) each.album.folders = foldersAround(albums, each);
  return albums;
}

function ownerIn(row: Row): string | null | undefined {
  const owner = textIn(row, 'owner');
  if (owner) return owner;
  const names = [textIn(row, 'ownerFirst'), textIn(row, 'ownerLast')].filter((name) => typeof name === 'string');
  return names.length > 0 ? names.join(' ') : owner;
}

/** Ends at what is in no folder, and where damaged folders lie in each other. */
function foldersAround(albums: ReadonlyMap<number, AlbumRow>, start: AlbumRow): string[] {
  const names: string[] = [];
  let folder = albums.get(start.parent ?? -1);
  while (folder !== undefined && folder !== start && names.length < MAX_FOLDER_DEPTH) {
    names.unshift(folder.album.title ?? '');
    folder = albums.get(folder.parent ?? -1);
  }
  return names;
}

function inOrder(albums: ReadonlyMap<number, AlbumRow>): AlbumRow[] {
  const inFolder = Map.groupBy(albums.values(), ({ parent }) =>
    parent !== undefined && albums.has(parent) ? parent : undefined,
  );
  const ordered: AlbumRow[] = [];
  const visit = (parent: number | undefined, depth: number): void => {
    const children = inFolder.get(parent) ?? [];
    inFolder.delete(parent);
    for (const child of children.toSorted((a, b) => a.position - b.position || a.key - b.key)) {
      ordered.push(child);
      if (depth < MAX_FOLDER_DEPTH) visit(child.key, depth + 1);
    }
  };
  visit(undefined, 0);
  // Folders that lie in each other are in nobody's order.
  for (const rest of inFolder.values()) ordered.push(...rest.filter((each) => !ordered.includes(each)));
  return ordered;
}
