import assert from 'node:assert/strict';
import fs, { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { makeFolders } from './make-folders.ts';

describe('a folder and those above it', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('are made, for the owner alone where that is wanted, and the first of them is told', () => {
    assert.equal(makeFolders(join(root, 'a', 'b', 'c'), 0o700), join(root, 'a'));
    assert.equal(statSync(join(root, 'a')).mode & 0o777, 0o700);
    assert.equal(statSync(join(root, 'a', 'b', 'c')).mode & 0o777, 0o700);
    assert.equal(makeFolders(join(root, 'a', 'd')), join(root, 'a', 'd'));
  });

  test('are left as they are where they are there, also behind a link', () => {
    symlinkSync(root, join(root, 'link'));
    assert.equal(makeFolders(root), undefined);
    assert.equal(makeFolders(join(root, 'link')), undefined);
  });

  test('are made by whoever comes first', () => {
    const path = join(root, 'a', 'b');
    const made = makeFolders(path, 0o700, (each) => {
      if (each === path && fs.existsSync(join(root, 'a'))) fs.mkdirSync(path);
      fs.mkdirSync(each);
    });
    assert.equal(made, join(root, 'a'));
  });

  test('cannot be made within a file', () => {
    writeFileSync(join(root, 'file'), '');
    assert.throws(() => makeFolders(join(root, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeFolders(join(root, 'file', 'a', 'b')), { code: 'ENOTDIR' });
  });

  test('are not tried for ever where nothing can be made, as in /proc', () => {
    const calls: string[] = [];
    const inProc = (path: string): void => {
      calls.push(path);
      assert.ok(calls.length < 10, 'it is tried for ever');
      throw Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'mkdir' });
    };
    assert.throws(() => makeFolders(join(root, 'a', 'b'), 0o700, inProc), { code: 'ENOENT' });
  });
});
