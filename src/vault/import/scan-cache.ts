import type { Database, Row, SqlValue, Statement } from '../../database/index.ts';
import { FileStamps } from './scan-folder.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS scan_folders (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, list TEXT);
  CREATE TABLE IF NOT EXISTS scan_runs (
    folder INTEGER NOT NULL,
    directory TEXT NOT NULL,
    run INTEGER NOT NULL,
    files BLOB NOT NULL,
    UNIQUE (folder, directory, run)
  );
`;

const HASH_BYTES = 32;
/** Of a file in a row: its stamp, four 64-bit floating-point numbers, and its hash. The names follow them all. */
const FILE_BYTES = 32 + HASH_BYTES;
/** The number of files, as a floating-point number too, so that the stamps are aligned. */
const HEADER_BYTES = 8;

/** Files with their hashes, in the order of a list. */
export interface HashedFiles {
  readonly names: readonly string[];
  readonly stamps: FileStamps;
  /** 32 bytes a file. */
  readonly hashes: Buffer;
}

/**
 * What the files of an imported folder looked like, so that an unchanged one need not be read again. A part of the
 * catalogue: lost, it costs one slow import. A row holds a run of files as the scan told it, usually a directory.
 */
export class ScanCache {
  readonly #database: Database;
  readonly #folder: number;
  readonly #get: Statement<SqlValue[]>;
  readonly #put: Statement;
  /** Runs met, by directory. */
  readonly #met = new Map<string, number>();
  #list: string | undefined;

  constructor(database: Database, folder: string) {
    this.#database = database;
    database.exec(SCHEMA);
    database.prepare('INSERT OR IGNORE INTO scan_folders (path) VALUES (?)').run(folder);
    const row = database.prepare('SELECT id, list FROM scan_folders WHERE path = ?').get(folder);
    this.#folder = idOf(row);
    this.#list = typeof row?.['list'] === 'string' ? row['list'] : undefined;
    this.#get = database.prepare('SELECT files FROM scan_runs WHERE folder = ? AND directory = ? ORDER BY run', {
      arrays: true,
    });
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO scan_runs (folder, directory, run, files) VALUES (?, ?, ?, ?)',
    );
  }

  /** The name of the list that holds exactly what is known here, undefined when an import was cut off. */
  get list(): string | undefined {
    return this.#list;
  }

  /** The files of one directory as they were. */
  knownIn(directory: string): KnownFiles {
    const runs = this.#get.all(this.#folder, directory).map(([files]) => decodeFiles(files));
    const [first = NOTHING] = runs;
    return new KnownFiles(
      runs.length > 1 ? joined(runs) : first,
      runs.map(({ names }) => names.length),
    );
  }

  transaction(work: () => void): void {
    this.#database.transaction(work);
  }

  /** Takes the next run of a directory; undefined when it is as it was. */
  put(directory: string, files: HashedFiles | undefined): void {
    const run = this.#met.get(directory) ?? 0;
    this.#met.set(directory, run + 1);
    if (files === undefined) return;
    if (this.#list !== undefined) this.#setList(undefined);
    this.#put.run(this.#folder, directory, run, encodeFiles(files));
  }

  /** Forgets what was not met, and remembers which list holds all of it. */
  finish(list: string): void {
    const rows = this.#database.prepare('SELECT rowid, directory, run FROM scan_runs WHERE folder = ?');
    const gone = rows
      .all(this.#folder)
      .filter((row) => Number(row['run']) >= (this.#met.get(String(row['directory'])) ?? 0));
    if (gone.length === 0 && this.#list === list) return;
    this.transaction(() => {
      const remove = this.#database.prepare('DELETE FROM scan_runs WHERE rowid = ?');
      for (const row of gone) remove.run(Number(row['rowid']));
      this.#setList(list);
    });
  }

  #setList(list: string | undefined): void {
    this.#list = list;
    this.#database.prepare('UPDATE scan_folders SET list = ? WHERE id = ?').run(list ?? null, this.#folder);
  }
}

/** What is known about the files of one directory. They are asked for in the order in which they lie here. */
export class KnownFiles {
  readonly #files: HashedFiles;
  readonly #runs: readonly number[];
  #next = 0;
  #byName: Map<string, number> | undefined;

  constructor(files: HashedFiles, runs: readonly number[]) {
    this.#files = files;
    this.#runs = runs;
  }

  /** Whether the file with this number is the one at `at` of a run. */
  isAt(found: number, run: number, at: number): boolean {
    return found === this.#runs.slice(0, run).reduce((sum, count) => sum + count, 0) + at;
  }

  /** How many files there are in one run. */
  countIn(run: number): number {
    return this.#runs[run] ?? 0;
  }

  /** The number of the file when it still has the stamp it had, -1 when it has not. */
  findUnchanged(name: string, stamps: FileStamps, at: number): number {
    const { names } = this.#files;
    let found = this.#next;
    if (names[found] !== name) {
      this.#byName ??= new Map(names.map((each, index) => [each, index]));
      found = this.#byName.get(name) ?? -1;
      if (found === -1) return -1;
    }
    this.#next = found + 1;
    return this.#files.stamps.same(found, stamps, at) ? found : -1;
  }

  hashAt(at: number): Buffer {
    return this.#files.hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  }
}

const NOTHING: HashedFiles = { names: [], stamps: new FileStamps(0), hashes: Buffer.alloc(0) };

function encodeFiles({ names, stamps, hashes }: HashedFiles): Buffer {
  const text = names.join('\0');
  const bytes = Buffer.allocUnsafeSlow(HEADER_BYTES + names.length * FILE_BYTES + Buffer.byteLength(text));
  const numbers = new Float64Array(bytes.buffer, 0, 1 + stamps.numbers.length);
  numbers[0] = names.length;
  numbers.set(stamps.numbers, 1);
  hashes.copy(bytes, numbers.byteLength);
  bytes.write(text, numbers.byteLength + hashes.length);
  return bytes;
}

function decodeFiles(value: SqlValue | undefined): HashedFiles {
  if (!(value instanceof Uint8Array) || value.length < HEADER_BYTES) return NOTHING;
  // A copy of its own is aligned whatever the database hands out.
  const bytes = Buffer.allocUnsafeSlow(value.length);
  bytes.set(value);
  const [count = 0] = new Float64Array(bytes.buffer, 0, 1);
  if (!Number.isInteger(count) || count < 1 || HEADER_BYTES + count * FILE_BYTES > bytes.length) return NOTHING;
  const stamps = new FileStamps(new Float64Array(bytes.buffer, HEADER_BYTES, count * 4));
  const hashesStart = HEADER_BYTES + stamps.numbers.byteLength;
  const names = bytes.toString('utf8', hashesStart + count * HASH_BYTES).split('\0');
  if (names.length !== count) return NOTHING;
  return { names, stamps, hashes: bytes.subarray(hashesStart, hashesStart + count * HASH_BYTES) };
}

function joined(runs: readonly HashedFiles[]): HashedFiles {
  const numbers = new Float64Array(runs.reduce((sum, { stamps }) => sum + stamps.numbers.length, 0));
  let at = 0;
  for (const { stamps } of runs) {
    numbers.set(stamps.numbers, at);
    at += stamps.numbers.length;
  }
  return {
    names: runs.flatMap(({ names }) => names),
    stamps: new FileStamps(numbers),
    hashes: Buffer.concat(runs.map(({ hashes }) => hashes)),
  };
}

function idOf(row: Row | undefined): number {
  return Number(row?.['id']);
}
