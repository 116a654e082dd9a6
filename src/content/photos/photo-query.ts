import type { Row } from '../../database/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { SHARE_OF_ASSET } from './collection-shares.ts';

/** The columns that are read, with the names they have in the rows. What the schema lacks is absent from a row. */
const ASSET = [
  ['ZUUID', 'uuid'],
  ['ZDIRECTORY', 'directory'],
  ['ZFILENAME', 'fileName'],
  ['ZKIND', 'kind'],
  ['ZKINDSUBTYPE', 'subtype'],
  ['ZPLAYBACKSTYLE', 'playbackStyle'],
  ['ZISDETECTEDSCREENSHOT', 'isScreenshot'],
  ['ZDEPTHTYPE', 'depthType'],
  ['ZSPATIALTYPE', 'spatialType'],
  ['ZSAVEDASSETTYPE', 'savedType'],
  ['ZBUNDLESCOPE', 'scope'],
  ['ZUNIFORMTYPEIDENTIFIER', 'contentType'],
  ['ZWIDTH', 'widthPx'],
  ['ZHEIGHT', 'heightPx'],
  ['ZDURATION', 'durationSeconds'],
  ['ZDATECREATED', 'takenAt'],
  ['ZADDEDDATE', 'addedAt'],
  ['ZMODIFICATIONDATE', 'modifiedAt'],
  ['ZLATITUDE', 'latitude'],
  ['ZLONGITUDE', 'longitude'],
  ['ZLOCATIONDATA', 'locationArchive'],
  ['ZFAVORITE', 'isFavorite'],
  ['ZHIDDEN', 'isHidden'],
  ['ZTRASHEDSTATE', 'isDeleted'],
  ['ZTRASHEDDATE', 'deletedAt'],
  ['ZADJUSTMENTSSTATE', 'adjustments'],
  ['ZHASADJUSTMENTS', 'hasAdjustments'],
  ['ZAVALANCHEUUID', 'burst'],
  ['ZAVALANCHEPICKTYPE', 'burstPick'],
  ['ZVISIBILITYSTATE', 'visibility'],
  ['ZCLOUDLOCALSTATE', 'cloudState'],
  ['ZCLOUDPLACEHOLDERKIND', 'placeholder'],
  ['ZCLOUDCOLLECTIONGUID', 'cloudCollection'],
  [SHARE_OF_ASSET, 'collectionShare'],
  ['ZTITLE', 'oldTitle'],
] as const;

const ATTRIBUTES = [
  ['Z_PK', 'attributes'],
  ['ZORIGINALFILENAME', 'originalName'],
  ['ZORIGINALFILESIZE', 'sizeBytes'],
  ['ZTIMEZONEOFFSET', 'utcOffsetSeconds'],
  ['ZTIMEZONENAME', 'timeZone'],
  ['ZTITLE', 'title'],
  ['ZGPSHORIZONTALACCURACY', 'accuracyM'],
  ['ZREVERSELOCATIONDATA', 'addressArchive'],
  ['ZDURATION', 'oldDuration'],
] as const;

const CAMERA = [
  ['ZCAMERAMAKE', 'make'],
  ['ZCAMERAMODEL', 'model'],
  ['ZLENSMODEL', 'lens'],
  ['ZISO', 'iso'],
  ['ZAPERTURE', 'aperture'],
  ['ZFOCALLENGTH', 'focalLengthMm'],
  ['ZSHUTTERSPEED', 'exposureSeconds'],
] as const;

const MASTER = [
  ['ZORIGINALFILENAME', 'masterName'],
  ['ZCLOUDLOCALSTATE', 'masterState'],
] as const;

/** What only the page of one photo tells: long, and seldom asked for of many. */
const DETAILS: ReadonlySet<string> = new Set([
  'addressArchive',
  'accuracyM',
  'adjustments',
  'hasAdjustments',
  'attributes',
  'deletedAt',
  'oldTitle',
  'originalName',
  'masterName',
  'timeZone',
  'title',
]);

export interface PhotoRowsOptions {
  /** Only what comes after the record with this key. */
  readonly after?: number;
  /** Only the records with these keys. */
  readonly only?: readonly number[];
  /** Without what other tables say: one of them is damaged. */
  readonly isAlone?: boolean;
  /** Without what a list of photos does not show, which takes time to read. */
  readonly isBrief?: boolean;
}

/**
 * Every photo with what hangs on it, one row at a time, as they were added. Tables that this iOS lacks are left out,
 * and with them their columns.
 */
export function photoRows(
  database: ContentDatabase,
  assets: string,
  { after, only, isAlone = false, isBrief = false }: PhotoRowsOptions = {},
): IterableIterator<Row> {
  // Z_PK is another name of the rowid, which is there whatever became of the column.
  const select = (table: string, alias: string, columns: Joined['columns']): string =>
    database.select(table, alias, isBrief ? columns.filter(([, name = '']) => !DETAILS.has(name)) : columns);
  const selects = ['a.rowid AS pk', select(assets, 'a', ASSET)];
  const joins = isAlone ? [] : joinedTables(database, assets, isBrief);
  for (const { table, alias, columns } of joins) selects.push(select(table, alias, columns));
  const sql = [
    `SELECT ${selects.join(', ')} FROM ${quoted(assets)} a`,
    ...joins.map(({ table, alias, on }) => `LEFT JOIN ${table} ${alias} ON ${on}`),
    ...(after === undefined ? [] : ['WHERE a.rowid > ?']),
    ...(only === undefined ? [] : ['WHERE a.rowid IN (SELECT value FROM json_each(?))']),
    'ORDER BY a.rowid',
  ];
  const parameters = only === undefined ? (after === undefined ? [] : [after]) : [JSON.stringify(only)];
  return database.rows(sql.join(' '), parameters, { bigints: true });
}

interface Joined {
  readonly table: string;
  readonly alias: string;
  readonly on: string;
  readonly columns: Parameters<ContentDatabase['select']>[2];
}

function joinedTables(database: ContentDatabase, assets: string, isBrief: boolean): Joined[] {
  const [attributes, text, camera] = ['ZADDITIONALASSETATTRIBUTES', 'ZASSETDESCRIPTION', 'ZEXTENDEDATTRIBUTES'];
  const joins: Joined[] = [];
  const join = (table: string, alias: string, on: string | undefined, columns: Joined['columns']): boolean => {
    if (on !== undefined) joins.push({ table, alias, on, columns });
    return on !== undefined;
  };
  const toAttributes = link(database, assets, 'a', 'ZADDITIONALATTRIBUTES', attributes, 'b', 'ZASSET');
  if (join(attributes, 'b', toAttributes, ATTRIBUTES)) {
    const toText = isBrief ? undefined : link(database, attributes, 'b', text, text, 'd', 'ZASSETATTRIBUTES');
    join(text, 'd', toText, [['ZLONGDESCRIPTION', 'caption']]);
  }
  if (!isBrief) join(camera, 'e', link(database, assets, 'a', camera, camera, 'e', 'ZASSET'), CAMERA);
  join('ZCLOUDMASTER', 'm', link(database, assets, 'a', 'ZMASTER', 'ZCLOUDMASTER', 'm', undefined), MASTER);
  return joins;
}

/**
 * How two tables that belong to each other one to one are joined: by the key that the first holds of the second, which
 * needs no index, or by the key that the second holds of the first.
 */
function link(
  database: ContentDatabase,
  table: string,
  alias: string,
  column: string,
  other: string,
  otherAlias: string,
  otherColumn: string | undefined,
): string | undefined {
  if (!database.has(other, 'Z_PK')) return undefined;
  if (database.has(table, column)) return `${otherAlias}.Z_PK = ${alias}.${column}`;
  if (otherColumn === undefined || !database.has(other, otherColumn)) return undefined;
  return `${otherAlias}.${otherColumn} = ${alias}.rowid`;
}
