/**
 * Rows of Manifest.db many at a time. What takes long in a list of hundreds of thousands of files is to hand over values
 * one by one, above all blobs; so SQLite puts the values of many rows together, and they are taken apart here.
 */
import type { Database, SqlValue, Statement } from '../database/index.ts';
import type { FileOutline } from './mb-file-outline.ts';
import type { EntryKind } from './manifest-writer.ts';

/** What every list shows of an entry. */
export interface ListedEntry {
  readonly domain: string;
  /** With `/`, relative to the domain; '' for the domain itself. */
  readonly relativePath: string;
  readonly kind: EntryKind;
  /** @throws {FormatError} when that part of the entry is damaged. */
  outline(): FileOutline;
}

export interface ListingBatch {
  /** The largest row number in it. */
  readonly last: bigint;
  readonly entries: readonly ListedEntry[];
}

export const BATCH_ROWS = 500;
/** Before all others, but for one that SQLite gives to nobody. */
export const BEFORE_ALL_ROWS = -(2n ** 63n);

const KINDS: Readonly<Record<string, EntryKind>> = { 1: 'file', 2: 'directory', 4: 'symlink' };
/** Characters of a fileID. */
const ID_LENGTH = 40n;

/** Values that are NULL are left out by group_concat, and then there are fewer of them than rows. */
const together = (where: string): string => `
  SELECT count(*), max(row), min(idLength), max(idLength), group_concat(flags), group_concat(domain, x'00'),
    group_concat(relativePath, x'00'), group_concat(length), CAST(group_concat(file, '') AS BLOB)
  FROM (SELECT rowid AS row, octet_length(fileID) AS idLength, flags, domain, relativePath,
      octet_length(file) AS length, file
    FROM Files WHERE rowid > ? ${where} ORDER BY rowid LIMIT ${BATCH_ROWS})`;

type Texts = readonly string[];

/** Reads the rows after a row. @param outlineOf reads what a row's archive says. */
export class BatchReader {
  readonly #statement: Statement<SqlValue[]>;
  readonly #domain: readonly string[];
  readonly #outlineOf: (archive: Uint8Array) => FileOutline;

  constructor(database: Database, domain: string | undefined, outlineOf: (archive: Uint8Array) => FileOutline) {
    const sql = together(domain === undefined ? '' : 'AND domain = ?');
    this.#statement = database.prepare(sql, { arrays: true, bigints: true });
    this.#domain = domain === undefined ? [] : [domain];
    this.#outlineOf = outlineOf;
  }

  /** 'end' when there are none, 'odd' when some of them have to be looked at one by one. @throws {FormatError} */
  after(row: bigint): ListingBatch | 'end' | 'odd' {
    const [count, last, shortest, longest, ...lists] = this.#statement.get(row, ...this.#domain) ?? [];
    if (count === 0n) return 'end';
    if (typeof last !== 'bigint' || last <= row || shortest !== ID_LENGTH || longest !== ID_LENGTH) return 'odd';
    const [flags, domains, paths, lengths, archives] = lists;
    if (!(archives instanceof Uint8Array)) return 'odd';
    const columns = [split(flags, ','), split(domains, '\0'), split(paths, '\0'), split(lengths, ',')] as const;
    if (columns.some(({ length }) => BigInt(length) !== count)) return 'odd';
    const entries = this.#takeApart(columns, archives);
    return entries === undefined ? 'odd' : { last, entries };
  }

  #takeApart(
    [flags, domains, paths, lengths]: readonly [Texts, Texts, Texts, Texts],
    archives: Uint8Array,
  ): ListedEntry[] | undefined {
    const entries: ListedEntry[] = [];
    let start = 0;
    let lastDomain = '';
    for (const [index, flag] of flags.entries()) {
      const kind = Object.hasOwn(KINDS, flag) ? KINDS[flag] : undefined;
      const domain = domains[index] ?? '';
      const end = start + Number(lengths[index]);
      if (kind === undefined) return undefined;
      // Many rows of one domain hold one string.
      if (domain !== lastDomain) lastDomain = domain;
      const archive = archives.subarray(start, end);
      entries.push(new Listed(lastDomain, paths[index] ?? '', kind, archive, this.#outlineOf));
      start = end;
    }
    return start === archives.length ? entries : undefined;
  }
}

class Listed implements ListedEntry {
  readonly domain: string;
  readonly relativePath: string;
  readonly kind: EntryKind;
  readonly #archive: Uint8Array;
  readonly #outlineOf: (archive: Uint8Array) => FileOutline;

  constructor(
    domain: string,
    relativePath: string,
    kind: EntryKind,
    archive: Uint8Array,
    outlineOf: (archive: Uint8Array) => FileOutline,
  ) {
    this.domain = domain;
    this.relativePath = relativePath;
    this.kind = kind;
    this.#archive = archive;
    this.#outlineOf = outlineOf;
  }

  outline(): FileOutline {
    return this.#outlineOf(this.#archive);
  }
}

function split(value: SqlValue | undefined, separator: string): Texts {
  return typeof value === 'string' ? value.split(separator) : [];
}
