import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openDatabaseBytes, openMemoryDatabase } from '../open.ts';
import { salvageDatabase, type Salvaged } from './salvage.ts';

const PAGE = 4096;
const COUNT = 2000;

/** Rows of a hundred bytes, some forty on a page, and a few that go on in pages of their own. */
function wholeDatabase(): Buffer {
  using database = openMemoryDatabase();
  database.exec(`PRAGMA page_size = ${PAGE};
    CREATE TABLE other (id INTEGER PRIMARY KEY, word TEXT);
    CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, long BLOB);
    CREATE TABLE keyed (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
    CREATE INDEX by_text ON message (text);
    CREATE VIEW texts AS SELECT text FROM message;
    INSERT INTO other VALUES (1, 'da');
    INSERT INTO keyed VALUES ('a', 1);`);
  const insert = database.prepare('INSERT INTO message (id, text, long) VALUES (?, ?, ?)');
  database.transaction(() => {
    for (let id = 1; id <= COUNT; id++)
      insert.run(id, `text ${id}`.padEnd(80, '.'), id % 500 === 0 ? Buffer.alloc(9000, id) : null);
  });
  return database.serialize();
}

/** Pages of rows of `message`, by what is on them. */
function leavesWith(bytes: Buffer, word: string): number[] {
  const pages: number[] = [];
  for (let page = 1; page * PAGE <= bytes.length; page++) {
    const piece = bytes.subarray((page - 1) * PAGE, page * PAGE);
    if (piece[0] === 0x0d && piece.includes(word)) pages.push(page);
  }
  return pages;
}

function idsOf({ database }: Salvaged): number[] {
  return database
    .prepare('SELECT id FROM message ORDER BY id')
    .all()
    .map(({ id }) => Number(id));
}

function salvage(bytes: Buffer): Salvaged {
  using damaged = openDatabaseBytes(bytes);
  return salvageDatabase(damaged);
}

describe('a damaged database', () => {
  test('is copied whole where nothing is lost', () => {
    const salvaged = salvage(wholeDatabase());
    using database = salvaged.database;
    assert.deepEqual(salvaged.lost, []);
    assert.equal(idsOf(salvaged).length, COUNT);
    assert.equal(database.prepare("SELECT value FROM keyed WHERE name = 'a'").get()?.['value'], 1);
    assert.equal(database.prepare('SELECT count(*) AS n FROM texts').get()?.['n'], COUNT);
    const long = database.prepare('SELECT long FROM message WHERE id = 500').get()?.['long'];
    assert.ok(long instanceof Uint8Array && long.length === 9000);
  });

  test('loses the rows on pages that cannot be read, and says how many at most', () => {
    const bytes = wholeDatabase();
    const damagedPages = ['text 10.', 'text 700.', 'text 800.', 'text 1999.'].map(
      (word) => leavesWith(bytes, word)[0] ?? 0,
    );
    const onThem = new Set<number>();
    for (const page of damagedPages) {
      const start = (page - 1) * PAGE;
      for (const [, id] of bytes.toString('latin1', start, start + PAGE).matchAll(/text (\d+)\./g))
        onThem.add(Number(id));
      bytes.fill(0, start, start + PAGE);
    }
    assert.ok(onThem.size > 60);
    const salvaged = salvage(bytes);
    using _ = salvaged.database;
    const left = idsOf(salvaged);
    assert.deepEqual(
      left,
      Array.from({ length: COUNT }, (_each, i) => i + 1).filter((id) => !onThem.has(id)),
    );
    assert.deepEqual(
      salvaged.lost.map(({ table }) => table),
      ['message'],
    );
  });

  test('loses one row whose further pages cannot be read, and counts it', () => {
    const bytes = wholeDatabase();
    const overflow = bytes.indexOf(Buffer.alloc(3000, 1000 % 256));
    const page = Math.floor(overflow / PAGE);
    // Where its chain goes on: beyond the end.
    bytes.writeUInt32BE(99_999, page * PAGE);
    const salvaged = salvage(bytes);
    using _ = salvaged.database;
    assert.equal(idsOf(salvaged).length, COUNT - 1);
    assert.deepEqual(salvaged.lost, [{ table: 'message', atMost: 1 }]);
  });

  test('loses a table whose first page cannot be read, and keeps the others', () => {
    const bytes = wholeDatabase();
    using whole = openDatabaseBytes(bytes);
    const root = Number(whole.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'message'").get()?.['rootpage']);
    bytes.fill(0x5a, (root - 1) * PAGE, root * PAGE);
    const salvaged = salvage(bytes);
    using database = salvaged.database;
    assert.deepEqual(idsOf(salvaged), []);
    assert.deepEqual(salvaged.lost, [{ table: 'message', atMost: undefined }]);
    assert.equal(database.prepare('SELECT word FROM other').get()?.['word'], 'da');
  });

  test('keeps rows that point to rows that are lost', () => {
    using whole = openMemoryDatabase();
    whole.exec(`PRAGMA page_size = ${PAGE}; PRAGMA foreign_keys = OFF;
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent (id));
      INSERT INTO child VALUES (1, 7), (2, 8);`);
    const salvaged = salvage(whole.serialize());
    using database = salvaged.database;
    assert.deepEqual(salvaged.lost, []);
    assert.equal(database.prepare('SELECT count(*) AS n FROM child').get()?.['n'], 2);
  });

  test('loses a table that is not what the list of tables says, and keeps the others', () => {
    const bytes = wholeDatabase();
    // The name stays, what it is made by tells of another.
    const at = bytes.indexOf('CREATE TABLE other');
    bytes.write('CREATE TABLE ether', at, 'latin1');
    const salvaged = salvage(bytes);
    using _database = salvaged.database;
    assert.deepEqual(salvaged.lost, [{ table: 'other', atMost: undefined }]);
    assert.equal(idsOf(salvaged).length, COUNT);
  });

  test('comes to an end where a page stands in the place of another, and says that rows are lost', () => {
    const whole = wholeDatabase();
    const pages = leavesWith(whole, 'text ');
    for (let seed = 1; seed <= 60; seed++) {
      const bytes = Buffer.from(whole);
      const [from = 0, to = 0, bad = 0] = [1, 7, 3].map((factor) => pages[(seed * factor) % pages.length] ?? 0);
      bytes.copyWithin((to - 1) * PAGE, (from - 1) * PAGE, from * PAGE);
      bytes.fill(0xa5, (bad - 1) * PAGE, (bad - 1) * PAGE + 100);
      const salvaged = salvage(bytes);
      using _database = salvaged.database;
      assert.deepEqual(
        salvaged.lost.map(({ table }) => table),
        ['message'],
      );
      assert.ok(idsOf(salvaged).length > COUNT / 8);
    }
  });
});
