/**
 * Rows of Manifest.db many at a time. What takes long in a list of hundreds of thousands of files is to hand over values
 * one by one, above all blobs; so SQLite puts the values of many rows together, and they are taken apart here.
 */
import type { Database, SqlValue, Statement } from '../../database/index.ts';
import type { ManifestEntry } from './manifest.ts';
import type { EntryKind } from './manifest-writer.ts';
import { decodeMbFile, type MbFile } from '../mb-file/mb-file.ts';
import { outlineOf, type FileOutline } from '../mb-file/mb-file-outline.ts';

interface Batch {
  /** The largest row number in it. */
  readonly last: bigint;
  readonly entries: readonly ManifestEntry[];
}

export const BATCH_ROWS = 500;
/** Before all others, but for one that SQLite gives to nobody. */
export const BEFORE_ALL_ROWS = -(2n ** 63n);

const KINDS: Readonly<Record<string, EntryKind>> = { 1: 'file', 2: 'directory', 4: 'symlink' };
const ID_LENGTH = 40;
const ONLY_IDS = /^(?:[0-9a-f]{40},)*[0-9a-f]{40}$/;

/** Values that are NULL are left out by group_concat, and then there are fewer of them than rows. */
const together = (files: string, where: string): string => `
  SELECT count(*), max(row), group_concat(fileID), group_concat(flags), group_concat(domain, x'00'),
    group_concat(relativePath, x'00'), group_concat(length), CAST(group_concat(file, '') AS BLOB)
  FROM (SELECT rowid AS row, fileID, flags, domain, relativePath, octet_length(file) AS length, file
    FROM ${files} WHERE rowid > ? ${where} ORDER BY rowid LIMIT ${BATCH_ROWS})`;

type Texts = readonly string[];
type Plain = (archive: Uint8Array) => Uint8Array;

/** Reads the rows after a row. */
export class BatchReader {
  readonly #statement: Statement<SqlValue[]>;
  readonly #domain: readonly string[];
  readonly #plain: Plain;

  /**
   * @param files the table of files.
   * @param plain makes an archive readable that is hidden.
   */
  constructor(database: Database, files: string, domain: string | undefined, plain: Plain) {
    const sql = together(files, domain === undefined ? '' : 'AND domain = ?');
    this.#statement = database.prepare(sql, { arrays: true, bigints: true });
    this.#domain = domain === undefined ? [] : [domain];
    this.#plain = plain;
  }

  /** 'end' when there are none, 'odd' when some of them have to be looked at one by one. @throws {FormatError} */
  after(row: bigint): Batch | 'end' | 'odd' {
    const [count, last, ids, ...lists] = this.#statement.get(row, ...this.#domain) ?? [];
    if (count === 0n) return 'end';
    if (typeof last !== 'bigint' || last <= row || typeof ids !== 'string') return 'odd';
    if (ids.length !== Number(count) * (ID_LENGTH + 1) - 1 || !ONLY_IDS.test(ids)) return 'odd';
    const [flags, domains, paths, lengths, archives] = lists;
    if (!(archives instanceof Uint8Array)) return 'odd';
    const columns = [split(flags, ','), split(domains, '\0'), split(paths, '\0'), split(lengths, ',')] as const;
    if (columns.some(({ length }) => BigInt(length) !== count)) return 'odd';
    const entries = this.#takeApart(ids, columns, archives);
    return entries === undefined ? 'odd' : { last, entries };
  }

  #takeApart(
    ids: string,
    [flags, domains, paths, lengths]: readonly [Texts, Texts, Texts, Texts],
    archives: Uint8Array,
  ): ManifestEntry[] | undefined {
    const entries: ManifestEntry[] = [];
    let start = 0;
    let lastDomain = '';
    for (const [index, flag] of flags.entries()) {
      const kind = Object.hasOwn(KINDS, flag) ? KINDS[flag] : undefined;
      const domain = domains[index] ?? '';
      const end = start + Number(lengths[index]);
      if (kind === undefined) return undefined;
      // Many rows of one domain hold one string.
      if (domain !== lastDomain) lastDomain = domain;
      const place = { domain: lastDomain, relativePath: paths[index] ?? '', kind };
      entries.push(new Row(place, ids, index, archives.subarray(start, end), this.#plain));
      start = end;
    }
    return start === archives.length ? entries : undefined;
  }
}

class Row implements ManifestEntry {
  readonly domain: string;
  readonly relativePath: string;
  readonly kind: EntryKind;
  readonly #ids: string;
  readonly #index: number;
  readonly #archive: Uint8Array;
  readonly #plain: Plain;

  constructor(
    { domain, relativePath, kind }: Pick<ManifestEntry, 'domain' | 'relativePath' | 'kind'>,
    ids: string,
    index: number,
    archive: Uint8Array,
    plain: Plain,
  ) {
    this.domain = domain;
    this.relativePath = relativePath;
    this.kind = kind;
    this.#ids = ids;
    this.#index = index;
    this.#archive = archive;
    this.#plain = plain;
  }

  get fileId(): string {
    const start = this.#index * (ID_LENGTH + 1);
    return this.#ids.slice(start, start + ID_LENGTH);
  }

  details(): MbFile {
    return decodeMbFile(this.#plain(this.#archive));
  }

  outline(): FileOutline {
    return outlineOf(this.#plain(this.#archive));
  }
}

function split(value: SqlValue | undefined, separator: string): Texts {
  return typeof value === 'string' ? value.split(separator) : [];
}
