import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openFilesIn } from '../shared/files/open-files.test-helper.ts';
import { openDatabase, openDatabaseBytes, openMemoryDatabase } from './index.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('statements', () => {
  test('give rows as objects, or as arrays when asked', () => {
    using database = openMemoryDatabase();
    assert.deepEqual({ ...database.prepare('SELECT 1 AS a, ? AS b').get('x') }, { a: 1, b: 'x' });
    assert.deepEqual(database.prepare('SELECT 1, ?', { arrays: true }).all('x'), [[1, 'x']]);
  });

  test('give integers beyond 2^53 as bigints when asked', () => {
    using database = openMemoryDatabase();
    const sql = 'SELECT 9223372036854775807';
    assert.deepEqual(database.prepare(sql, { arrays: true, bigints: true }).get(), [2n ** 63n - 1n]);
    assert.throws(() => database.prepare(sql).get(), { code: 'ERR_OUT_OF_RANGE' });
  });

  test('can be left in the middle of their rows and used again', () => {
    using database = openMemoryDatabase();
    const numbers = database.prepare('SELECT 1 AS n UNION SELECT 2 UNION SELECT 3');
    for (const row of numbers.iterate()) {
      assert.equal(row['n'], 1);
      break;
    }
    assert.deepEqual(
      Array.from(numbers.iterate(), (row) => row['n']),
      [1, 2, 3],
    );
  });
});

describe('a transaction', () => {
  test('leaves nothing behind when its work throws', () => {
    using database = openMemoryDatabase();
    database.exec('CREATE TABLE t (a)');
    const failing = () =>
      database.transaction(() => {
        database.prepare('INSERT INTO t VALUES (1)').run();
        throw new Error('stop');
      });
    assert.throws(failing, { message: 'stop' });
    assert.equal(
      database.transaction(() => database.prepare('SELECT * FROM t').all().length),
      0,
    );
  });

  test('reports a full disk, and the database can be used on', () => {
    using database = openMemoryDatabase();
    database.exec('PRAGMA max_page_count = 4; CREATE TABLE t (a)');
    const tooMuch = () => database.transaction(() => database.exec('INSERT INTO t VALUES (zeroblob(100000))'));
    assert.throws(tooMuch, { code: 'OUT_OF_SPACE' });
    database.transaction(() => database.exec('INSERT INTO t VALUES (1)'));
  });
});

describe('opening', () => {
  test('does not make a missing file unless told to', () => {
    const path = join(dir, 'x.db');
    assert.throws(() => openDatabase(path), { code: 'STORAGE_FAILED' });
    assert.equal(existsSync(path), false);
    openDatabase(path, { create: true }).close();
  });

  test('leaves nothing open when what it is opened with fails', { skip: process.platform !== 'linux' }, () => {
    const path = join(dir, 'a.db');
    openDatabase(path, { create: true, setup: 'CREATE TABLE t (a)' }).close();
    assert.throws(() => openDatabase(path, { setup: 'CREATE TABLE t (a)' }));
    writeFileSync(join(dir, 'b.db'), 'no database, and longer than its header would be'.repeat(9));
    assert.throws(() => openDatabase(join(dir, 'b.db'), { untrusted: true, setup: 'PRAGMA user_version = 1' }));
    assert.deepEqual(openFilesIn(dir), []);
  });

  test('takes any character in a path', () => {
    const path = join(dir, 'a b#?%41.db');
    openDatabase(path, { create: true })[Symbol.dispose]();
    makeWalDatabase(path);
    assert.deepEqual(readdirSync(dir), ['a b#?%41.db']);
  });

  test('in place, as immutable, leaves no file beside a WAL-mode database', () => {
    const path = makeWalDatabase(join(dir, 'wal.db'));
    using database = openDatabase(path, { immutable: true });
    assert.equal(database.prepare('SELECT count(*) AS n FROM t').get()?.['n'], 1);
    assert.deepEqual(readdirSync(dir), ['wal.db']);
    assert.throws(() => database.exec('DELETE FROM t'), { code: 'STORAGE_FAILED' });
  });

  test('from bytes works for a WAL-mode database and leaves the bytes alone', () => {
    const bytes = readFileSync(makeWalDatabase(join(dir, 'wal.db')));
    const before = Buffer.from(bytes);
    using database = openDatabaseBytes(bytes);
    assert.equal(database.prepare('SELECT a FROM t').get()?.['a'], 'x');
    assert.deepEqual(bytes, before);
  });

  test('what serialize gave can be opened again', () => {
    using database = openMemoryDatabase();
    database.exec("CREATE TABLE t (a); INSERT INTO t VALUES ('kept')");
    using copy = openDatabaseBytes(database.serialize());
    assert.equal(copy.prepare('SELECT a FROM t').get()?.['a'], 'kept');
  });

  for (const { what, bytes } of [
    { what: 'nothing at all', bytes: Buffer.alloc(0) },
    { what: 'other bytes', bytes: Buffer.alloc(4096, 'hello ') },
    { what: 'a header with nothing after it', bytes: Buffer.from('SQLite format 3\0').subarray(0, 16) },
  ]) {
    test(`refuses ${what} instead of a database`, () => {
      assert.throws(() => openDatabaseBytes(bytes), { name: 'FormatError' });
      const path = join(dir, 'bad.db');
      writeFileSync(path, bytes);
      const read = () => {
        using database = openDatabase(path, { immutable: true });
        database.prepare('SELECT * FROM t');
      };
      assert.throws(read, { name: 'FormatError' });
    });
  }

  test('says busy while another connection holds the lock', () => {
    const path = join(dir, 'lock.db');
    using holder = openDatabase(path, { create: true });
    using other = openDatabase(path, { busyTimeoutMs: 0 });
    holder.exec('BEGIN EXCLUSIVE');
    assert.throws(() => other.exec('BEGIN EXCLUSIVE'), { name: 'DatabaseBusyError', code: 'VAULT_BUSY' });
    holder.close();
    other.exec('BEGIN EXCLUSIVE');
  });

  test('treats a statement that does not fit as a bug, except in a database from outside', () => {
    using ours = openMemoryDatabase();
    assert.throws(() => ours.prepare('SELECT * FROM missing'), { code: 'ERR_SQLITE_ERROR' });
    using theirs = openDatabaseBytes(readFileSync(makeWalDatabase(join(dir, 'wal.db'))));
    assert.throws(() => theirs.prepare('SELECT * FROM missing'), { name: 'FormatError' });
  });
});

function makeWalDatabase(path: string): string {
  using database = openDatabase(path, { create: true });
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('x')");
  return path;
}
