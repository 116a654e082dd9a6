import type { SqlValue } from '../database.ts';
import { fits, sizeOfType, valueAt, varintAt, type ColumnShape } from './record.ts';

/**
 * Rows that a database no longer has but whose bytes are still in it: in pages that are free, in the gaps of pages that
 * are used, and in older states of pages that its write-ahead log kept. Layout of pages:
 * https://www.sqlite.org/fileformat2.html#b_tree_pages
 *
 * What is found is a fragment: it fits a table by the number and types of its columns, and nothing says when it was
 * deleted. Rows that were replaced look the same as rows that were deleted.
 */

export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** A fragment without any of these is too little to be told from chance. */
  readonly telling: readonly string[];
}

export interface Fragment {
  readonly table: string;
  readonly values: ReadonlyMap<string, SqlValue>;
  readonly foundIn: 'free page' | 'gap' | 'write-ahead log';
}

const HEADER_BYTES = 100;
const LEAF = 0x0d;
const LEAF_HEADER_BYTES = 8;
const FREEBLOCK_BYTES = 4;
/** A page that is free holds what it held, or pointers to other free pages. */
const MIN_PAGE_BYTES = 512;
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * Looks through a database and, where there is one, its log. Takes the time of looking at every byte once for each
 * table.
 *
 * @param database as its file is, without the log applied.
 */
export function* recoverRows(
  database: Uint8Array,
  log: Uint8Array | undefined,
  tables: readonly TableShape[],
): Generator<Fragment, undefined> {
  for (const found of recoveringRows(database, log, tables)) if (found !== undefined) yield found;
}

/** Some milliseconds. */
const PAGES_BETWEEN_PAUSES = 64;

/** The same step by step: `undefined` is a pause, for whoever has other things to do in between. */
export function* recoveringRows(
  database: Uint8Array,
  log: Uint8Array | undefined,
  tables: readonly TableShape[],
): Generator<Fragment | undefined, undefined> {
  const pageBytes = pageSizeOf(database);
  if (pageBytes === undefined) return;
  const free = freePages(database, pageBytes);
  for (let number = 1; number * pageBytes <= database.length; number++) {
    if (number % PAGES_BETWEEN_PAUSES === 0) yield undefined;
    const page = database.subarray((number - 1) * pageBytes, number * pageBytes);
    if (free.has(number)) yield* rowsOf(page, page, tables, 'free page');
    else yield* rowsOf(page, gapsOf(page, number === 1 ? HEADER_BYTES : 0), tables, 'gap');
  }
  if (log === undefined) return;
  for (
    let at = WAL_HEADER_BYTES + FRAME_HEADER_BYTES;
    at + pageBytes <= log.length;
    at += FRAME_HEADER_BYTES + pageBytes
  ) {
    const page = log.subarray(at, at + pageBytes);
    yield* rowsOf(page, page, tables, 'write-ahead log');
  }
}

/** 1 stands for 65,536. */
function pageSizeOf(database: Uint8Array): number | undefined {
  if (database.length < HEADER_BYTES) return undefined;
  const stored = ((database[16] ?? 0) << 8) | (database[17] ?? 0);
  const pageBytes = stored === 1 ? 65_536 : stored;
  return pageBytes >= MIN_PAGE_BYTES && (pageBytes & (pageBytes - 1)) === 0 ? pageBytes : undefined;
}

/** Numbers of all pages on the free list: trunk pages lead to one another and name the others. */
function freePages(database: Uint8Array, pageBytes: number): Set<number> {
  const view = new DataView(database.buffer, database.byteOffset, database.byteLength);
  const pageCount = Math.floor(database.length / pageBytes);
  const pages = new Set<number>();
  let trunk = view.getUint32(32);
  while (trunk >= 1 && trunk <= pageCount && !pages.has(trunk)) {
    pages.add(trunk);
    const at = (trunk - 1) * pageBytes;
    const leaves = Math.min(view.getUint32(at + 4), pageBytes / 4 - 2);
    for (let i = 0; i < leaves; i++) {
      const leaf = view.getUint32(at + 8 + i * 4);
      if (leaf >= 1 && leaf <= pageCount) pages.add(leaf);
    }
    trunk = view.getUint32(at);
  }
  return pages;
}

/** A copy of a page of a table in which all rows that it has are blanked, so that only what is between them is left. */
function gapsOf(page: Uint8Array, offset: number): Uint8Array {
  if (page[offset] !== LEAF) return new Uint8Array(0);
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const gaps = Buffer.from(page);
  const pointers = offset + LEAF_HEADER_BYTES;
  const cells = Math.min(view.getUint16(offset + 3), Math.floor((page.length - pointers) / 2));
  gaps.fill(0, 0, pointers + cells * 2);
  for (let i = 0; i < cells; i++) {
    const start = Math.min(page.length, view.getUint16(pointers + i * 2));
    gaps.fill(0, start, Math.max(start, Math.min(page.length, endOfCell(page, start))));
  }
  return gaps;
}

function endOfCell(page: Uint8Array, start: number): number {
  const payload = varintAt(page, start);
  const rowId = payload && varintAt(page, payload.next);
  if (payload === undefined || rowId === undefined) return start;
  // A payload that does not fit goes on in other pages; how much is here, the file format says.
  const maximum = page.length - 35;
  if (payload.value <= maximum) return rowId.next + payload.value;
  const minimum = Math.floor(((page.length - 12) * 32) / 255) - 23;
  const local = minimum + ((payload.value - minimum) % (page.length - 4));
  return rowId.next + (local <= maximum ? local : minimum) + 4;
}

function* rowsOf(
  page: Uint8Array,
  searched: Uint8Array,
  tables: readonly TableShape[],
  foundIn: Fragment['foundIn'],
): Generator<Fragment, undefined> {
  if (searched.length === 0) return;
  const headers = freeblockStarts(page);
  for (let at = 0; at < searched.length; at++) {
    const found = rowAt(searched, at, tables) ?? (headers.has(at) ? rowWithoutStart(searched, at, tables) : undefined);
    if (found === undefined) continue;
    yield { table: found.table, values: found.values, foundIn };
    at = found.end - 1;
  }
}

/** Where the list of gaps in a page says that one begins: its first four bytes are lost, and the row's start with them. */
function freeblockStarts(page: Uint8Array): Set<number> {
  const starts = new Set<number>();
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const offset = page[0] === LEAF ? 0 : HEADER_BYTES;
  if (page.length < offset + LEAF_HEADER_BYTES || page[offset] !== LEAF) return starts;
  let at = view.getUint16(offset + 1);
  while (at >= LEAF_HEADER_BYTES && at + FREEBLOCK_BYTES <= page.length && !starts.has(at)) {
    starts.add(at);
    at = view.getUint16(at);
  }
  return starts;
}

interface FoundRow {
  readonly table: string;
  readonly values: ReadonlyMap<string, SqlValue>;
  readonly end: number;
}

/** A row whose header is whole: its size comes first and has to fit the types after it. */
function rowAt(bytes: Uint8Array, at: number, tables: readonly TableShape[]): FoundRow | undefined {
  const size = bytes[at] ?? 0;
  // Two bytes for a header of 128 and more: rows of very wide tables begin with 0x81.
  const header = size < 0x80 ? { value: size, next: at + 1 } : varintAt(bytes, at);
  if (header === undefined || header.value < 2 || header.value > 600) return undefined;
  const end = at + header.value;
  if (end > bytes.length) return undefined;
  for (const table of tables) {
    const row = valuesAt(bytes, { types: header.next, body: end, skipped: 0 }, table);
    if (row !== undefined) return row;
  }
  return undefined;
}

/**
 * A row in a gap, whose first four bytes were overwritten: the size of the row, its number, the size of the header, and
 * where those took three bytes only, the type of the first column.
 */
function rowWithoutStart(bytes: Uint8Array, at: number, tables: readonly TableShape[]): FoundRow | undefined {
  for (const table of tables) {
    for (const skipped of table.columns[0]?.isRowId === true ? [0, 1] : [0]) {
      const row = valuesAt(bytes, { types: at + FREEBLOCK_BYTES, body: undefined, skipped }, table);
      if (row !== undefined) return row;
    }
  }
  return undefined;
}

interface RowPlace {
  /** Where the serial types begin. */
  readonly types: number;
  /** Where the values begin; undefined where only the number of columns tells. */
  readonly body: number | undefined;
  /** Types of so many first columns are lost; they are NULL. */
  readonly skipped: number;
}

function valuesAt(bytes: Uint8Array, place: RowPlace, table: TableShape): FoundRow | undefined {
  const types = place.skipped === 1 ? [0] : [];
  let at = place.types;
  while (types.length < table.columns.length && (place.body === undefined || at < place.body)) {
    const column = table.columns[types.length];
    const type = varintAt(bytes, at);
    if (type === undefined || column === undefined || !fits(type.value, column)) return undefined;
    types.push(type.value);
    at = type.next;
  }
  // Columns that were added to the table later are not in older rows.
  if (place.body !== undefined && at !== place.body) return undefined;
  if (types.length < Math.min(3, table.columns.length)) return undefined;
  const values = new Map<string, SqlValue>();
  for (const [i, type] of types.entries()) {
    const value = valueAt(bytes, at, type);
    const column = table.columns[i];
    if (value === undefined || column === undefined) return undefined;
    if (value !== null) values.set(column.name, value);
    at += sizeOfType(type) ?? 0;
  }
  if (!table.telling.some((name) => tells(values.get(name)))) return undefined;
  return { table: table.name, values, end: at };
}

const tells = (value: SqlValue | undefined): boolean => typeof value === 'string' && value.length > 1;
