/** Databases with damage in them, searched for rows that they no longer have: whatever is found, it ends. */
import assert from 'node:assert/strict';
import { openMemoryDatabase, recoverRows, type TableShape } from '../../src/database/index.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

const TABLE: TableShape = {
  name: 'message',
  columns: [
    { name: 'id', isRowId: true, isNotNull: false, affinity: 'integer' },
    { name: 'text', isRowId: false, isNotNull: true, affinity: 'text' },
    { name: 'at', isRowId: false, isNotNull: false, affinity: 'numeric' },
    { name: 'body', isRowId: false, isNotNull: false, affinity: 'blob' },
  ],
  telling: ['text'],
};

export async function run(count: number, seed: number): Promise<void> {
  const bytes = sample();
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const damaged = mutate(random, bytes);
    try {
      for (const { values } of recoverRows(damaged, damaged, [TABLE])) assert.ok(values.size > 0);
    } catch (cause) {
      throw new Error(`recovery fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
    }
  }
  await Promise.resolve();
}

function sample(): Buffer {
  using database = openMemoryDatabase();
  database.exec(`PRAGMA page_size = 512; PRAGMA secure_delete = OFF;
    CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at REAL, body BLOB);
    INSERT INTO message SELECT i, 'message ' || i, i * 1.5, randomblob(i % 9)
      FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT i FROM n);
    DELETE FROM message WHERE id % 3 = 0 OR id > 40;`);
  return database.serialize();
}
