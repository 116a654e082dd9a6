import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isDatabase, openDatabaseBytes, openMemoryDatabase } from '../../database/index.ts';
import { checkDatabase, type DatabaseVerdict } from './check-database.ts';

const PAGE_BYTES = 4096;

function verdictOn(bytes: Uint8Array): DatabaseVerdict {
  using database = openDatabaseBytes(bytes);
  return checkDatabase(database);
}

/** Tables, an index, and a full-text table, made by these statements besides. */
function bytesOf(sql = ''): Buffer {
  using database = openMemoryDatabase();
  database.exec(`CREATE TABLE t (a TEXT, b INTEGER NOT NULL); CREATE INDEX i ON t (a); ${sql}`);
  const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
  for (let i = 0; i < 3000; i++) insert.run(`row ${i}`, i);
  return database.serialize();
}

/** As if the phone's own SQLite had made it: the name of a rule is one that only it knows. */
function foreign(bytes: Buffer, known: string): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(known); at >= 0; at = copy.indexOf(known)) copy.write('x', at);
  return copy;
}

function damaged(bytes: Buffer, page: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xee, page * PAGE_BYTES, page * PAGE_BYTES + 100);
  return copy;
}

describe('a database', () => {
  test('that is whole is intact', () => {
    assert.deepEqual(verdictOn(bytesOf()), { state: 'intact', details: [] });
  });

  test('with a broken page is damaged, and SQLite’s words say where', () => {
    const { state, details } = verdictOn(damaged(bytesOf(), 8));
    assert.equal(state, 'damaged');
    assert.ok(details.length > 0 && details.length <= 10);
  });

  test('without its first page is damaged', () => {
    const bytes = bytesOf();
    bytes.fill(0xee, 100, 2000);
    assert.equal(verdictOn(bytes).state, 'damaged');
  });

  test('with a tokenizer of the phone’s own is checked but for that, as AddressBook.sqlitedb has to be', () => {
    const bytes = foreign(
      bytesOf("CREATE VIRTUAL TABLE f USING fts3(w, tokenize=porter); INSERT INTO f VALUES ('x')"),
      'porter',
    );
    assert.deepEqual(verdictOn(bytes), { state: 'intact', details: [] });
    assert.equal(verdictOn(damaged(bytes, 12)).state, 'damaged');
  });

  test('with a collation of the phone’s own is checked as far as it goes', () => {
    const bytes = foreign(bytesOf('CREATE TABLE u (a TEXT COLLATE rtrim PRIMARY KEY); CREATE TABLE v (a)'), 'rtrim');
    assert.deepEqual(verdictOn(bytes), {
      state: 'partly-checked',
      details: ['only the phone’s own SQLite can check the indexes of u'],
    });
    assert.equal(verdictOn(damaged(bytes, 12)).state, 'damaged');
  });

  test('whose full-text index was made with other letters, and whose values break a rule, is intact', () => {
    const bytes = bytesOf(`CREATE VIRTUAL TABLE f USING fts5(w); INSERT INTO f VALUES ('wordswords');
      CREATE TABLE n (a INTEGER NOT NULL CHECK (a > 5)); INSERT INTO n VALUES (70)`);
    // In the index, not in the content.
    const other = Buffer.from(bytes);
    other.write('x', other.indexOf('wordswords'));
    other[other.lastIndexOf(Buffer.from([2, 1, 70])) + 2] = 1;
    using database = openDatabaseBytes(other);
    const messages = database.prepare('PRAGMA integrity_check').all();
    assert.ok(messages.length > 1, 'SQLite has something to say');
    assert.deepEqual(checkDatabase(database), { state: 'intact', details: [] });
  });
});

/** Files of real devices, where they are at hand. */
const REAL = join(import.meta.dirname, '../../../../shared/data');

if (existsSync(REAL)) {
  test('databases of real devices are intact', () => {
    const checked: string[] = [];
    for (const name of readdirSync(REAL, { recursive: true, encoding: 'utf8' })) {
      const path = join(REAL, name);
      if (!statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      if (!isDatabase(bytes)) continue;
      assert.deepEqual(verdictOn(bytes), { state: 'intact', details: [] }, name);
      checked.push(name);
    }
    assert.ok(checked.length > 5);
  });
}
