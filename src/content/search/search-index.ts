import { openDatabaseBytes, openMemoryDatabase, type Database, type Row } from '../../database/index.ts';
import { FormatError, isAppError } from '../../shared/errors.ts';
import { runInSlices } from '../../shared/flow/in-slices.ts';
import type { ContentItem, ContentKind } from '../source/content-item.ts';

/** Changes when the tables below or the way of splitting words do: a stored index of another version is made anew. */
const VERSION = 1;

/**
 * Texts are kept once, in `item`; the index refers to them by their number. Numbers rise with time, so that the newest
 * hits come first without looking at the others. Words are split as Unicode has it, without regard to case and accents;
 * beginnings of up to three letters are indexed, for searching while typing.
 */
const SCHEMA = `
PRAGMA user_version = ${VERSION};
CREATE TABLE kind (name TEXT PRIMARY KEY, state TEXT NOT NULL, problem TEXT);
CREATE TABLE incoming (kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE item (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content = 'item', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3');
`;

/** The same in two ways: at once, and step by step for a process that has other things to do in between. */
const FINISH = `
INSERT INTO item (kind, key, at, title, text) SELECT kind, key, at, title, text FROM incoming ORDER BY at;
DROP TABLE incoming;
CREATE INDEX item_key ON item (kind, key);
INSERT INTO words (words) VALUES ('rebuild');
`;

function* finishing(database: Database): Generator<void, void> {
  database.exec('CREATE INDEX item_key ON item (kind, key); CREATE INDEX incoming_at ON incoming (at);');
  const add = database.prepare(
    'INSERT INTO item (kind, key, at, title, text) SELECT kind, key, at, title, text FROM incoming WHERE rowid = ?',
  );
  for (const [row] of database.prepare('SELECT rowid FROM incoming ORDER BY at', { arrays: true }).iterate()) {
    add.run(row ?? null);
    yield;
  }
  database.exec('DROP TABLE incoming');
  const last = Number(database.prepare('SELECT coalesce(max(id), 0) AS last FROM item').get()?.['last']);
  const index = database.prepare(
    'INSERT INTO words (rowid, title, text) SELECT id, title, text FROM item WHERE id BETWEEN ? AND ?',
  );
  for (let first = 1; first <= last; first += WORDS_AT_ONCE) {
    index.run(first, first + WORDS_AT_ONCE - 1);
    yield;
  }
}

/** A few milliseconds. */
const WORDS_AT_ONCE = 100;

/** `absent`: the backup has nothing of the kind; `unreadable`: it has, in a layout that is not known, or damaged. */
export type KindState = 'read' | 'absent' | 'unreadable';

export interface IndexedKind {
  readonly kind: ContentKind;
  /** Undefined when the backup holds nothing of the kind. May throw a FormatError: the kind counts as unreadable. */
  readonly items: Iterable<ContentItem> | AsyncIterable<ContentItem> | undefined;
}

export interface SearchOptions {
  readonly kinds?: readonly ContentKind[];
  readonly from?: Date;
  readonly until?: Date;
  /** 50 unless told. */
  readonly limit?: number;
}

export interface SearchHit extends ContentItem {
  /** A piece of the text around what was found, its words between the marks. */
  readonly excerpt: string;
}

/** Around each word found in an excerpt; characters that no text of a phone holds. */
export const EXCERPT_MARKS = { start: '\u{E000}', end: '\u{E001}' } as const;

const DEFAULT_LIMIT = 50;
const EXCERPT_WORDS = 24;

/** The words of everything in one backup. Held in memory; dispose it to forget them. */
export class SearchIndex implements Disposable {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Takes in all kinds at once: an index does not change afterwards.
   *
   * @param options.inSlices lets the rest of the process work in between; takes longer.
   */
  static async build(
    kinds: Iterable<IndexedKind> | AsyncIterable<IndexedKind>,
    options: { readonly inSlices?: boolean | undefined } = {},
  ): Promise<SearchIndex> {
    const database = openMemoryDatabase();
    try {
      database.exec(SCHEMA);
      database.exec('BEGIN');
      for await (const kind of kinds) await addKind(database, kind);
      if (options.inSlices === true) await runInSlices(finishing(database));
      else database.exec(FINISH);
      database.exec('COMMIT');
      return new SearchIndex(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** From the bytes of `serialize`. @throws {FormatError} when they are none, or of another version. */
  static open(bytes: Uint8Array): SearchIndex {
    const database = openDatabaseBytes(bytes);
    try {
      if (database.prepare('PRAGMA user_version').get()?.['user_version'] === VERSION) return new SearchIndex(database);
      throw new FormatError('the search index is of another version');
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** How each kind was found in the backup, and in a few words what was wrong with those that could not be read. */
  kinds(): ReadonlyMap<ContentKind, { readonly state: KindState; readonly problem: string | undefined }> {
    const rows = this.#database.prepare('SELECT name, state, problem FROM kind').all();
    return new Map(
      rows.map(({ name, state, problem }) => [
        // Only `build` writes this table.
        name as ContentKind,
        { state: state as KindState, problem: problem === null ? undefined : String(problem) },
      ]),
    );
  }

  /** Everything in it, or everything of some kinds; in no order that means anything. */
  *items(kinds?: readonly ContentKind[]): Generator<ContentItem, undefined> {
    const condition = kinds === undefined ? '' : `WHERE kind IN (${kinds.map(() => '?').join(', ')})`;
    const statement = this.#database.prepare(`SELECT kind, key, at, title, text FROM item ${condition} ORDER BY id`);
    for (const row of statement.iterate(...(kinds ?? []))) yield itemOf(row);
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM item').get()?.['n']);
  }

  /**
   * The items that hold all words, or words that begin with them, newest first. `"…"` asks for words in this order,
   * `-word` for items without it. No words, no hits.
   */
  search(query: string, { kinds, from, until, limit = DEFAULT_LIMIT }: SearchOptions = {}): SearchHit[] {
    const expression = matchExpression(query);
    if (expression === undefined) return [];
    const filters: readonly (readonly [condition: string, values: readonly (string | number)[]])[] = [
      ['words MATCH ?', [expression]],
      ...(kinds ? [[`item.kind IN (${kinds.map(() => '?').join(', ')})`, kinds] as const] : []),
      ...(from ? [['item.at >= ?', [from.getTime()]] as const] : []),
      ...(until ? [['item.at < ?', [until.getTime()]] as const] : []),
    ];
    const rows = this.#database
      .prepare(
        `SELECT item.kind, item.key, item.at, item.title, item.text,
           snippet(words, -1, ?, ?, '…', ${EXCERPT_WORDS}) AS excerpt
         FROM words JOIN item ON item.id = words.rowid
         WHERE ${filters.map(([condition]) => condition).join(' AND ')} ORDER BY words.rowid DESC LIMIT ?`,
      )
      .all(EXCERPT_MARKS.start, EXCERPT_MARKS.end, ...filters.flatMap(([, values]) => values), limit);
    return rows.map((row) => ({ ...itemOf(row), excerpt: String(row['excerpt']) }));
  }

  /** The bytes of the whole index. They hold what people wrote: seal them before they lie anywhere. */
  serialize(): Buffer {
    return this.#database.serialize();
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

async function addKind(database: Database, { kind, items }: IndexedKind): Promise<void> {
  const insert = database.prepare('INSERT INTO incoming (kind, key, at, title, text) VALUES (?, ?, ?, ?, ?)');
  const state = await stateOf(items, ({ key, at, title, text }) =>
    insert.run(kind, key, at === undefined ? null : at.getTime(), withoutMarks(title), withoutMarks(text)),
  );
  database
    .prepare('INSERT INTO kind (name, state, problem) VALUES (?, ?, ?)')
    .run(kind, state.state, state.problem ?? null);
}

/** What could be read before something damaged was met stays in the index. */
async function stateOf(
  items: IndexedKind['items'],
  add: (item: ContentItem) => void,
): Promise<{ state: KindState; problem?: string }> {
  if (items === undefined) return { state: 'absent' };
  try {
    for await (const item of items) add(item);
    return { state: 'read' };
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return { state: 'unreadable', problem: error.message };
    throw error;
  }
}

function itemOf(row: Row): ContentItem {
  return {
    // Only `build` writes this column.
    kind: row['kind'] as ContentKind,
    key: String(row['key']),
    at: row['at'] === null ? undefined : new Date(Number(row['at'])),
    title: String(row['title']),
    text: String(row['text']),
  };
}

const withoutMarks = (text: string): string => text.replace(/[\u{E000}\u{E001}]/gu, '');

const MAX_TERMS = 32;

/**
 * What a person typed, as FTS5 takes it: every word quoted, so that nothing in it is an operator. Undefined when there
 * is nothing to look for.
 */
export function matchExpression(query: string): string | undefined {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const terms = query.normalize('NFC').matchAll(/(-?)(?:"([^"]*)"|([^\s"]+))/g);
  for (const [, minus, phrase, word] of terms) {
    const text = (phrase ?? word ?? '').replaceAll('\0', ' ');
    if (!/[\p{L}\p{N}\p{Co}]/u.test(text)) continue;
    const term = `"${text.replaceAll('"', '""')}"${phrase === undefined ? '*' : ''}`;
    (minus === '-' ? unwanted : wanted).push(term);
  }
  if (wanted.length === 0) return undefined;
  const expression = wanted.slice(0, MAX_TERMS).join(' AND ');
  return unwanted.length === 0 ? expression : `(${expression}) NOT (${unwanted.slice(0, MAX_TERMS).join(' OR ')})`;
}
