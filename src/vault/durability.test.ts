import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AppError } from '../shared/errors.ts';
import { Disk, storageError } from './durability.ts';
import { diskWith, makeVault, systemError } from './objects/store.test-helper.ts';

describe('a file written durably', () => {
  test('replaces the old one and leaves nothing beside it', async (t) => {
    const folder = makeVault(t);
    const path = join(folder, 'record');
    const disk = new Disk();
    await disk.writeFileDurably(path, Buffer.from('old'));
    await disk.writeFileDurably(path, Buffer.from('new'), 0o444);
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o444);
    assert.deepEqual(readdirSync(folder), ['record']);
  });

  test('leaves the old one alone when it cannot be made durable', async (t) => {
    const path = join(makeVault(t), 'record');
    await new Disk().writeFileDurably(path, Buffer.from('old'));
    const disk = diskWith({
      fsync: ((_fd: number, callback: (error: Error) => void) => callback(systemError('EIO'))) as never,
    });
    await assert.rejects(disk.writeFileDurably(path, Buffer.from('new')), { code: 'STORAGE_FAILED' });
    assert.equal(readFileSync(path, 'utf8'), 'old');
  });

  test('is written over what an earlier try left', async (t) => {
    const path = join(makeVault(t), 'record');
    const disk = new Disk();
    await disk.writeFileDurably(`${path}.tmp`, Buffer.from('left over'));
    await disk.writeFileDurably(path, Buffer.from('new'));
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });
});

test('nothing is made where the disk of the vault was', async (t) => {
  const vaultDir = join(makeVault(t), 'vault');
  mkdirSync(vaultDir);
  const disk = new Disk();
  disk.stayOn(vaultDir);
  disk.makeDirectory(join(vaultDir, 'objects'));
  rmSync(vaultDir, { recursive: true });
  const gone = { code: 'STORAGE_FAILED', message: /disk of the vault is gone/ };
  assert.throws(() => disk.makeDirectory(join(vaultDir, 'tmp')), gone);
  assert.throws(() => disk.create(join(vaultDir, 'generation.tmp')), gone);
  assert.equal(existsSync(vaultDir), false);
  disk.makeDirectory(`${vaultDir}-beside`);
});

describe('an error of the file system', () => {
  for (const [systemCode, code] of [
    ['ENOSPC', 'OUT_OF_SPACE'],
    ['EDQUOT', 'OUT_OF_SPACE'],
    ['EIO', 'STORAGE_FAILED'],
    ['EROFS', 'STORAGE_FAILED'],
    ['EACCES', 'STORAGE_FAILED'],
    ['EMFILE', 'STORAGE_FAILED'],
  ] as const) {
    test(`${systemCode} is ${code}, with the file, and says what to do`, () => {
      const error = storageError(systemError(systemCode), 'write', '/vault/x');
      assert.ok(error instanceof AppError);
      assert.equal(error.code, code);
      assert.match(error.message, /could not write \/vault\/x/);
      assert.match(error.hint ?? '', /\.$/);
      assert.deepEqual(error.details, { path: '/vault/x', systemError: systemCode });
    });
  }

  test('asks for the permission that was lacking', () => {
    const hints = (['read', 'write'] as const).map((doing) => {
      const error = storageError(systemError('EACCES'), doing, '/vault/x');
      return error instanceof AppError ? error.hint : undefined;
    });
    assert.match(hints[0] ?? '', /permission to read/);
    assert.match(hints[1] ?? '', /permission to write/);
  });

  test('that a disk has with one file alone is not blamed on the disk', () => {
    for (const [systemCode, doing, path, hint] of [
      ['EFBIG', 'write', '/vault/x', /FAT32/],
      ['ENOENT', 'make', '/stick/at 12:30', /another name/],
      ['ENOENT', 'make', '/stick/vault', /connected/],
    ] as const) {
      const error = storageError(systemError(systemCode), doing, path);
      assert.match((error instanceof AppError && error.hint) || '', hint);
    }
  });

  test('is not made of a bug', () => {
    const bug = new TypeError('x is not a function');
    assert.equal(storageError(bug, 'write', '/vault/x'), bug);
  });
});
