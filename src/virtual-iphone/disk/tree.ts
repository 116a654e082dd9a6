/**
 * The tree in SQL: one row per file, directory and link, kept in the order (domain, path), so that a walk through
 * everything, one directory's subtree and a single look-up are all one search in one B-tree. Paths sort by their
 * UTF-8 bytes. Nothing here is held in memory but the names of the domains.
 */
import type { Database, SqlValue, Statement } from '../../database/index.ts';
import type { ContentReference } from './contents.ts';
import type { PhoneFile, PhoneFileKind } from './phone-file.ts';

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS domains (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS files (
    domain INTEGER NOT NULL,
    path TEXT NOT NULL,
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    gid INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    born INTEGER NOT NULL,
    protection INTEGER NOT NULL,
    version INTEGER NOT NULL,
    store INTEGER NOT NULL,
    reference INTEGER NOT NULL,
    target TEXT,
    attributes TEXT,
    PRIMARY KEY (domain, path)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS contents (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Numbers by which the database knows kinds; the first three are those of Manifest.db. */
const KINDS = { file: 1, directory: 2, symlink: 4 } as const;
const STORES = { empty: 0, inline: 1, blob: 2, synthetic: 3 } as const;
const PAGE_ROWS = 512;
/** Sorts after every name: a noncharacter at the end of Unicode. */
const LAST = '\u{10FFFF}';

export class Tree {
  readonly #domainIds = new Map<string, number>();
  readonly #database: Database;
  readonly #find: Statement<SqlValue[]>;
  readonly #page: Statement<SqlValue[]>;
  readonly #upsert: Statement;
  readonly #delete: Statement;
  readonly #deleteRange: Statement;
  readonly #moveRange: Statement;
  /** Undefined until somebody asks, and again when anything is written: adding up takes as long as there are files. */
  #totalBytes: number | undefined;

  constructor(database: Database) {
    this.#database = database;
    for (const { id, name } of database.prepare('SELECT id, name FROM domains').all()) {
      this.#domainIds.set(String(name), Number(id));
    }
    this.#find = database.prepare('SELECT * FROM files WHERE domain = ? AND path = ?', { arrays: true });
    this.#page = database.prepare(
      'SELECT * FROM files WHERE domain = ? AND path > ? AND path < ? ORDER BY path LIMIT ?',
      { arrays: true },
    );
    this.#upsert = database.prepare(
      'INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#delete = database.prepare('DELETE FROM files WHERE domain = ? AND path = ?');
    this.#deleteRange = database.prepare('DELETE FROM files WHERE domain = ? AND path > ? AND path < ?');
    this.#moveRange = database.prepare(
      'UPDATE files SET domain = ?, path = ? || substr(path, length(?) + 1) WHERE domain = ? AND path > ? AND path < ?',
    );
  }

  find(domain: string, path: string): PhoneFile | undefined {
    const id = this.#domainIds.get(domain);
    const row = id === undefined ? undefined : this.#find.get(id, path);
    return row && fileOf(domain, row);
  }

  put(file: PhoneFile): void {
    this.#totalBytes = undefined;
    this.#upsert.run(
      this.#domainId(file.domain),
      file.relativePath,
      KINDS[file.kind],
      file.sizeBytes,
      file.mode,
      file.uid,
      file.gid,
      file.inode,
      file.modifiedAt.getTime(),
      file.changedAt.getTime(),
      file.bornAt.getTime(),
      file.protectionClass,
      file.contentVersion,
      STORES[file.content.kind],
      referenceOf(file.content),
      file.linkTarget ?? null,
      file.extendedAttributes ? attributesText(file.extendedAttributes) : null,
    );
  }

  delete(domain: string, path: string): void {
    this.#totalBytes = undefined;
    const id = this.#domainIds.get(domain);
    if (id !== undefined) this.#delete.run(id, path);
  }

  /** Deletes everything below a directory, not the directory itself. */
  deleteBelow(domain: string, path: string): void {
    this.#totalBytes = undefined;
    const id = this.#domainIds.get(domain);
    const { after, before } = rangeBelow(path);
    if (id !== undefined) this.#deleteRange.run(id, after, before);
  }

  /** Gives everything below one directory its place below another. */
  moveBelow(fromDomain: string, from: string, toDomain: string, to: string): void {
    const { after, before } = rangeBelow(from);
    this.#moveRange.run(this.#domainId(toDomain), to, from, this.#domainId(fromDomain), after, before);
  }

  /** Names of the domains that hold something, in order. */
  domains(): string[] {
    const sql = `SELECT name FROM domains WHERE EXISTS (SELECT 1 FROM files WHERE domain = domains.id) ORDER BY name`;
    return this.#database
      .prepare(sql)
      .all()
      .map((row) => String(row['name']));
  }

  /** Everything below a directory, in order. What is written or removed meanwhile may or may not show. */
  *below(domain: string, path: string): Generator<PhoneFile> {
    const { after, before } = rangeBelow(path);
    for (let from = after; ;) {
      const files = this.#read(domain, from, before, PAGE_ROWS);
      yield* files;
      const last = files.at(-1);
      if (last === undefined || files.length < PAGE_ROWS) return;
      from = last.relativePath;
    }
  }

  /** The entries of one directory, in order, without looking at what lies below them. */
  *children(domain: string, path: string): Generator<PhoneFile> {
    const { after, before } = rangeBelow(path);
    const prefixLength = path === '' ? 0 : path.length + 1;
    let from = after;
    for (let rows = 8; ; rows = Math.min(rows * 2, PAGE_ROWS)) {
      const files = this.#read(domain, from, before, rows);
      for (const file of files) {
        const slash = file.relativePath.indexOf('/', prefixLength);
        from = file.relativePath;
        if (slash === -1) {
          yield file;
          continue;
        }
        from = `${file.relativePath.slice(0, slash + 1)}${LAST}`;
        rows = 4;
        break;
      }
      if (files.length === 0) return;
    }
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM files').get()?.['n'] ?? 0);
  }

  totalBytes(): number {
    this.#totalBytes ??= Number(this.#database.prepare('SELECT sum(size) AS n FROM files').get()?.['n'] ?? 0);
    return this.#totalBytes;
  }

  /** After a transaction that failed: what it added is not there. */
  forget(): void {
    this.#totalBytes = undefined;
    this.#domainIds.clear();
    for (const { id, name } of this.#database.prepare('SELECT id, name FROM domains').all()) {
      this.#domainIds.set(String(name), Number(id));
    }
  }

  #read(domain: string, after: string, before: string, limit: number): PhoneFile[] {
    const id = this.#domainIds.get(domain);
    if (id === undefined) return [];
    return this.#page.all(id, after, before, limit).map((row) => fileOf(domain, row));
  }

  #domainId(domain: string): number {
    const known = this.#domainIds.get(domain);
    if (known !== undefined) return known;
    const row = this.#database.prepare('INSERT INTO domains (name) VALUES (?) RETURNING id').get(domain);
    const id = Number(row?.['id']);
    this.#domainIds.set(domain, id);
    return id;
  }
}

/** Bounds of the paths below a directory, both exclusive. */
function rangeBelow(path: string): { after: string; before: string } {
  return path === '' ? { after: '', before: LAST } : { after: `${path}/`, before: `${path}/${LAST}` };
}

/** A row as an array, in the order of the columns in SCHEMA. */
function fileOf(domain: string, row: SqlValue[]): PhoneFile {
  const target = row[15];
  const attributes = row[16];
  const file = {
    domain,
    relativePath: String(row[1]),
    kind: kindOf(row[2]),
    sizeBytes: Number(row[3]),
    mode: Number(row[4]),
    uid: Number(row[5]),
    gid: Number(row[6]),
    inode: Number(row[7]),
    modifiedAt: new Date(Number(row[8])),
    changedAt: new Date(Number(row[9])),
    bornAt: new Date(Number(row[10])),
    protectionClass: Number(row[11]),
    contentVersion: Number(row[12]),
    content: contentOf(Number(row[13]), Number(row[14])),
  };
  if (typeof target !== 'string' && typeof attributes !== 'string') return file;
  return {
    ...file,
    ...(typeof target === 'string' && { linkTarget: target }),
    ...(typeof attributes === 'string' && { extendedAttributes: attributesFrom(attributes) }),
  };
}

function kindOf(code: unknown): PhoneFileKind {
  return code === KINDS.file ? 'file' : code === KINDS.directory ? 'directory' : 'symlink';
}

function contentOf(store: number, reference: number): ContentReference {
  switch (store) {
    case STORES.inline:
      return { kind: 'inline', id: reference };
    case STORES.blob:
      return { kind: 'blob', id: reference };
    case STORES.synthetic:
      return { kind: 'synthetic', seed: reference };
    default:
      return { kind: 'empty' };
  }
}

function referenceOf(content: ContentReference): number {
  if (content.kind === 'empty') return 0;
  return content.kind === 'synthetic' ? content.seed : content.id;
}

/** Extended attributes as JSON of base64, sorted by name so that equal sets are equal texts. */
function attributesText(attributes: Readonly<Record<string, Uint8Array>>): string {
  const entries = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries.map(([name, value]) => [name, Buffer.from(value).toString('base64')]));
}

function attributesFrom(text: string): Record<string, Uint8Array> {
  const entries = JSON.parse(text) as [string, string][]; // written by attributesText
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}
