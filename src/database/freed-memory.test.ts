import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { giveFreedMemoryBack } from './freed-memory.ts';
import { openMemoryDatabase } from './open.ts';
import type { Database } from './database.ts';

const FILLED_BYTES = 24 * 2 ** 20;
const PAGE_BYTES = 4096;

test(
  'gives back the holes between what was freed and what stays',
  { skip: !hasGlibc() && 'not the GNU C library' },
  () => {
    const freed = openMemoryDatabase();
    using stays = openMemoryDatabase();
    fill(freed, FILLED_BYTES);
    // At the end of the heap, where it keeps the C library from giving anything back.
    fill(stays, PAGE_BYTES * 8);
    freed.close();
    const before = residentBytes();
    giveFreedMemoryBack();
    assert.ok(before - residentBytes() > FILLED_BYTES / 2);
  },
);

test('does no harm where nothing is to be given back', () => {
  giveFreedMemoryBack();
  giveFreedMemoryBack();
});

function fill(database: Database, bytes: number): void {
  database.exec('create table rows (content blob)');
  const insert = database.prepare('insert into rows values (zeroblob(?))');
  for (let filled = 0; filled < bytes; filled += PAGE_BYTES) insert.run(PAGE_BYTES);
}

function hasGlibc(): boolean {
  return process.platform === 'linux' && /libc\.so\.6/.test(readFileSync('/proc/self/maps', 'utf8'));
}

/** Without what lies in files. */
function residentBytes(): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
