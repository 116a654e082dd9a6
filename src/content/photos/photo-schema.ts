import { quoted, type ContentDatabase } from '../source/content-database.ts';

/** A table that joins two others: Core Data numbers these tables and their columns anew with almost every iOS. */
export interface JoinTable {
  readonly table: string;
  readonly left: string;
  readonly right: string;
  /** Where in the left one's order the right one comes. */
  readonly order: string | undefined;
}

/** What the photo library of this iOS calls its tables. */
export interface PhotoSchema {
  /** ZASSET since iOS 14, ZGENERICASSET before; undefined where there is neither. */
  readonly assets: string | undefined;
  /** Albums to assets. */
  readonly albumAssets: JoinTable | undefined;
  /** Attributes of assets to keywords. */
  readonly keywords: JoinTable | undefined;
}

export function photoSchemaOf(database: ContentDatabase): PhotoSchema {
  const numbers = entityNumbers(database);
  const tables = database.tables();
  const album = [numbers.get('Album'), numbers.get('GenericAlbum')];
  const attributes = [numbers.get('AdditionalAssetAttributes')];
  return {
    assets: ['ZASSET', 'ZGENERICASSET'].find((table) => database.has(table, 'ZFILENAME')),
    albumAssets: joinTable(database, tables, /^Z_(\d+)ASSETS$/, /^Z_\d+ALBUMS$/, /^Z_\d+ASSETS$/, album),
    keywords: joinTable(database, tables, /^Z_(\d+)KEYWORDS$/, /^Z_\d+ASSETATTRIBUTES$/, /^Z_\d+KEYWORDS$/, attributes),
  };
}

/** Numbers of the entities by name, as this database has them; none where the table of them is missing. */
function entityNumbers(database: ContentDatabase): Map<string, number> {
  if (!database.has('Z_PRIMARYKEY', 'Z_NAME') || !database.has('Z_PRIMARYKEY', 'Z_ENT')) return new Map();
  const rows = database.all('SELECT Z_NAME AS name, CAST(Z_ENT AS REAL) AS number FROM Z_PRIMARYKEY');
  return new Map(rows.map(({ name, number }) => [String(name), Number(number)]));
}

/**
 * The table that joins: the one numbered as its entity is, else the one of the right shape with the most rows.
 */
function joinTable(
  database: ContentDatabase,
  tables: readonly string[],
  name: RegExp,
  left: RegExp,
  right: RegExp,
  numbers: readonly (number | undefined)[],
): JoinTable | undefined {
  const candidates = tables.flatMap((table) => {
    const number = name.exec(table)?.[1];
    const columns = [...database.columns(table)];
    const leftColumn = columns.find((column) => left.test(column));
    const rightColumn = columns.find((column) => right.test(column) && column !== leftColumn);
    if (number === undefined || leftColumn === undefined || rightColumn === undefined) return [];
    const order = columns.find((column) => column.startsWith('Z_FOK') && column.endsWith(rightColumn.slice(1)));
    return [{ number: Number(number), table, left: leftColumn, right: rightColumn, order }];
  });
  for (const wanted of numbers) {
    const numbered = candidates.find(({ number }) => number === wanted);
    if (numbered !== undefined) return numbered;
  }
  return candidates
    .map((candidate) => ({ candidate, rows: countRows(database, candidate.table) }))
    .toSorted((a, b) => b.rows - a.rows)[0]?.candidate;
}

function countRows(database: ContentDatabase, table: string): number {
  return Number(database.get(`SELECT count(*) AS rows FROM ${quoted(table)}`)?.['rows'] ?? 0);
}
