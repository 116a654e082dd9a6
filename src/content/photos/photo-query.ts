import type { Row } from '../../database/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';

/** The columns that are read, with the names they have in the rows. What the schema lacks is absent from a row. */
const ASSET = [
  ['Z_PK', 'pk'],
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

/**
 * Every photo with what hangs on it, one row at a time, as they were added. Tables that this iOS lacks are left out,
 * and with them their columns.
 */
export function photoRows(database: ContentDatabase, assets: string): IterableIterator<Row> {
  const selects = [database.select(assets, 'a', ASSET)];
  const joins: string[] = [];
  const join = (table: string, alias: string, on: string, columns: Parameters<ContentDatabase['select']>[2]): void => {
    selects.push(database.select(table, alias, columns));
    joins.push(`LEFT JOIN ${table} ${alias} ON ${on}`);
  };
  const attributes = 'ZADDITIONALASSETATTRIBUTES';
  const toAttributes = link(database, assets, 'a', 'ZADDITIONALATTRIBUTES', attributes, 'b', 'ZASSET');
  if (toAttributes !== undefined) {
    join(attributes, 'b', toAttributes, ATTRIBUTES);
    const description = 'ZASSETDESCRIPTION';
    const toText = link(database, attributes, 'b', description, description, 'd', 'ZASSETATTRIBUTES');
    if (toText !== undefined) join(description, 'd', toText, [['ZLONGDESCRIPTION', 'caption']]);
  }
  const camera = 'ZEXTENDEDATTRIBUTES';
  const toCamera = link(database, assets, 'a', camera, camera, 'e', 'ZASSET');
  if (toCamera !== undefined) join(camera, 'e', toCamera, CAMERA);
  const toMaster = link(database, assets, 'a', 'ZMASTER', 'ZCLOUDMASTER', 'm', undefined);
  if (toMaster !== undefined) join('ZCLOUDMASTER', 'm', toMaster, MASTER);
  const sql = `SELECT ${selects.join(', ')} FROM ${quoted(assets)} a ${joins.join(' ')}`;
  return database.rows(sql, [], { bigints: true });
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
  if (!database.has(other)) return undefined;
  if (database.has(table, column)) return `${otherAlias}.Z_PK = ${alias}.${column}`;
  if (otherColumn === undefined || !database.has(other, otherColumn)) return undefined;
  return `${otherAlias}.${otherColumn} = ${alias}.Z_PK`;
}
