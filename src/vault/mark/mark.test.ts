import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Disk } from '../durability.ts';
import { createMark, readMark, upgradeMark } from './mark.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
after(() => rmSync(root, { recursive: true }));

let dir = '';
let count = 0;
beforeEach(() => {
  dir = join(root, `vault-${++count}`);
});

test('a vault is made in a folder that is missing, and is for its owner only', async () => {
  const mark = await createMark(dir, new Disk());
  assert.deepEqual(readMark(dir), mark);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
});

test('a vault is made in an empty folder and on a freshly formatted disk', async () => {
  mkdirSync(join(dir, 'lost+found'), { recursive: true });
  await createMark(dir, new Disk());
  assert.equal(typeof readMark(dir).id, 'string');
});

test('a folder with something else in it never becomes a vault', async () => {
  mkdirSync(dir);
  writeFileSync(join(dir, 'holiday.jpg'), 'x');
  await assert.rejects(createMark(dir, new Disk()), { code: 'VAULT_NOT_FOUND', message: /no vault/ });
});

test('a folder without a mark, no folder, and a file are no vaults', () => {
  assert.throws(() => readMark(dir), { code: 'VAULT_NOT_FOUND', hint: /mounted/ });
  writeFileSync(dir, 'x');
  assert.throws(() => readMark(dir), { code: 'VAULT_NOT_FOUND' });
});

test('a vault of a newer version and a damaged mark are refused', async () => {
  await createMark(dir, new Disk());
  const file = join(dir, 'holdfast.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"version": 3', '"version": 4'));
  assert.throws(() => readMark(dir), { code: 'VAULT_UNREADABLE', message: /newer/ });
  for (const damaged of [
    '',
    '{',
    '[]',
    text.replace('holdfast-vault', 'other'),
    text.replace('"version": 3', '"version": "3"'),
  ]) {
    writeFileSync(file, damaged);
    assert.throws(() => readMark(dir), { code: 'VAULT_UNREADABLE', message: /damaged/ });
  }
});

test('a mark of an older version is read, and made one of the newest with all it says', async () => {
  const mark = await createMark(dir, new Disk(), { version: 1, copyOf: '7c9e6679-7425-40de-944b-e07fc1f90ae7' });
  assert.deepEqual(readMark(dir), mark);
  assert.deepEqual(await upgradeMark(dir, new Disk()), { ...mark, version: 3 });
  assert.deepEqual(readMark(dir), { ...mark, version: 3 });
});
