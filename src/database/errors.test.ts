import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '../shared/errors.ts';
import { translateError } from './errors.ts';

const CONTEXT = { path: '/vault/catalogue.db', untrusted: false };

for (const [what, errcode, code] of [
  ['a full disk', 13, 'OUT_OF_SPACE'],
  ['a disk too full for the file of the WAL’s index', 4874, 'OUT_OF_SPACE'],
  ['a write that failed', 778, 'STORAGE_FAILED'],
  ['a lock that another one holds', 5, 'VAULT_BUSY'],
  ['a file that is no database', 26, 'FORMAT_INVALID'],
] as const) {
  test(`${what} is ${code}`, () => {
    const thrown = Object.assign(new Error('as SQLite says it'), { code: 'ERR_SQLITE_ERROR', errcode });
    const error = translateError(thrown, CONTEXT);
    assert.ok(isAppError(error, code));
    assert.equal(error.cause, thrown);
  });
}

test('what SQLite did not say stays what it is', () => {
  const bug = new TypeError('bug');
  assert.equal(translateError(bug, CONTEXT), bug);
});
