import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { assert as check, nat, property, uint8Array } from 'fast-check';
import { openDatabase } from '../open.ts';
import { recoverRows, type Fragment, type TableShape } from './recover-rows.ts';

const TABLE: TableShape = {
  name: 'message',
  columns: [
    { name: 'ROWID', isRowId: true, isNotNull: false, affinity: 'integer' },
    { name: 'guid', isRowId: false, isNotNull: true, affinity: 'text' },
    { name: 'text', isRowId: false, isNotNull: false, affinity: 'text' },
    { name: 'date', isRowId: false, isNotNull: false, affinity: 'integer' },
    { name: 'body', isRowId: false, isNotNull: false, affinity: 'blob' },
  ],
  telling: ['guid', 'text'],
};

describe('rows that a database no longer has', () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  after(() => rmSync(dir, { recursive: true, force: true }));

  function databaseAfter(name: string, ...statements: readonly string[]): { bytes: Buffer; log: Buffer | undefined } {
    const path = join(dir, name);
    using database = openDatabase(path, { create: true });
    database.exec('PRAGMA secure_delete = OFF; PRAGMA auto_vacuum = NONE');
    database.exec(
      'CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT NOT NULL, text TEXT, date INTEGER, body BLOB)',
    );
    for (const statement of statements) database.exec(statement);
    const log = statements.some((each) => each.includes('WAL')) ? readFileSync(`${path}-wal`) : undefined;
    return { bytes: readFileSync(path), log };
  }

  it('are found in gaps between rows that are still there', () => {
    const { bytes } = databaseAfter('gap', insert(1, 20), 'DELETE FROM message WHERE ROWID IN (5, 11)');
    const found = [...recoverRows(bytes, undefined, [TABLE])];
    assert.deepEqual(textsOf(found), ['Text Nummer 11 für Änne', 'Text Nummer 5 für Änne']);
    assert.ok(found.every(({ foundIn }) => foundIn === 'gap'));
    assert.equal(found.find(({ values }) => values.get('guid') === 'guid-5')?.values.get('date'), 700_000_005);
  });

  it('are found when their numbers are large', () => {
    const { bytes } = databaseAfter('large', insert(3000, 3020), 'DELETE FROM message WHERE ROWID = 3007');
    assert.deepEqual(textsOf(recoverRows(bytes, undefined, [TABLE])), ['Text Nummer 3007 für Änne']);
  });

  it('are found in pages that were given up', () => {
    const { bytes } = databaseAfter('free', insert(1, 2000), 'DELETE FROM message WHERE ROWID > 500');
    const found = [...recoverRows(bytes, undefined, [TABLE])];
    const texts = new Set(textsOf(found));
    assert.ok(texts.size > 1400, `${texts.size} of 1,500`);
    assert.ok(found.some(({ foundIn }) => foundIn === 'free page'));
    assert.ok(!texts.has('Text Nummer 400 für Änne'));
  });

  it('are found in the write-ahead log', () => {
    const { bytes, log } = databaseAfter(
      'log',
      'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0',
      insert(1, 3),
      'PRAGMA secure_delete = ON; DELETE FROM message WHERE ROWID = 2',
    );
    const found = [...recoverRows(bytes, log, [TABLE])];
    assert.ok(found.some(({ values, foundIn }) => values.get('guid') === 'guid-2' && foundIn === 'write-ahead log'));
  });

  it('are not invented: what is there is not told', () => {
    const { bytes } = databaseAfter('whole', insert(1, 500));
    assert.deepEqual([...recoverRows(bytes, undefined, [TABLE])], []);
  });

  it('are looked for in anything without harm', () => {
    const { bytes } = databaseAfter('damaged', insert(1, 60), 'DELETE FROM message WHERE ROWID % 7 = 0');
    check(
      property(nat(bytes.length - 1), uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const damaged = Buffer.from(bytes);
        damaged.set(noise.subarray(0, bytes.length - at), at);
        for (const { values } of recoverRows(damaged, noise, [TABLE])) assert.ok(values.size > 0);
      }),
      { numRuns: 500 },
    );
    assert.deepEqual([...recoverRows(Buffer.alloc(50), undefined, [TABLE])], []);
  });
});

function textsOf(fragments: Iterable<Fragment>): string[] {
  return Array.from(fragments, ({ values }) => String(values.get('text'))).toSorted();
}

const insert = (from: number, to: number): string =>
  `INSERT INTO message SELECT i, 'guid-' || i, 'Text Nummer ' || i || ' für Änne', 700000000 + i, NULL
   FROM (WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to}) SELECT i FROM n)`;
