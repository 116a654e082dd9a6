import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openDatabase, openDatabaseBytes } from './open.ts';
import { withWriteAheadLog } from './write-ahead-log.ts';

describe('a write-ahead log', () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'phone.sqlite');

  function write(statements: string): { main: Buffer; log: Buffer } {
    using database = openDatabase(path, { create: true });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    database.exec(statements);
    return { main: readFileSync(path), log: readFileSync(`${path}-wal`) };
  }

  it('brings what the database alone does not have yet', () => {
    const { main, log } = write(`CREATE TABLE message (text);
      INSERT INTO message SELECT hex(randomblob(200)) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n)`);
    assert.equal(count(withWriteAheadLog(main, log)), 500);
  });

  it('leaves out a transaction that is cut or damaged, and keeps those before it', () => {
    const before = write('');
    const { main, log } = write("INSERT INTO message VALUES ('one more')");
    assert.equal(count(withWriteAheadLog(main, log)), 501);
    assert.equal(count(withWriteAheadLog(main, log.subarray(0, log.length - 1))), 500);
    const damaged = Buffer.from(log);
    damaged.writeUInt8((damaged.at(-1) ?? 0) ^ 1, damaged.length - 1);
    assert.equal(count(withWriteAheadLog(main, damaged)), 500);
    assert.ok(before.main.length > 0);
  });

  it('is nothing where it is no log', () => {
    const main = readFileSync(path);
    assert.equal(withWriteAheadLog(main, Buffer.alloc(0)), main);
    assert.equal(withWriteAheadLog(main, Buffer.alloc(4096, 7)), main);
  });
});

function count(bytes: Uint8Array): unknown {
  using database = openDatabaseBytes(bytes);
  return database.prepare('SELECT count(*) AS n FROM message').get()?.['n'];
}
