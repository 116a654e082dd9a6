import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openFilesIn } from '../shared/files/open-files.test-helper.ts';
import { lockFile } from './file-lock.ts';

describe('the lock of a file', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
    path = join(folder, 'lock.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is had by one at a time, and leaves nothing open', () => {
    {
      using _lock = lockFile(path);
      assert.throws(() => lockFile(path), { code: 'VAULT_BUSY' });
    }
    lockFile(path)[Symbol.dispose]();
    assert.deepEqual(openFilesIn(folder), []);
  });

  for (const [what, bytes] of Object.entries({
    'which has rotted': randomBytes(8192),
    'of which only the beginning is one': Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 0xff)]),
    'which is empty': Buffer.alloc(0),
  })) {
    test(`${what} is taken all the same, by one`, () => {
      writeFileSync(path, bytes);
      {
        using _lock = lockFile(path);
        assert.throws(() => lockFile(path), { code: 'VAULT_BUSY' });
      }
      lockFile(path)[Symbol.dispose]();
      assert.deepEqual(openFilesIn(folder), []);
    });
  }
});
