import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openDatabase } from '../../database/index.ts';
import { encodeBinaryPlist } from '../../formats/index.ts';
import { createKeybag, encryptFileContent } from '../../keybag/index.ts';
import { fileIdOf, folderSource, openBackup, type BackupSource } from '../index.ts';
import { createManifestDatabase } from './manifest-writer.ts';
import { encodeMbFile } from '../mb-file/mb-file.ts';
import { isScrambled, unscramble } from './scrambled-entries.ts';

const PASSWORD = 'pässword';
const SALT = Buffer.from('salt of 10.0');
const FILE_KEY = Buffer.alloc(32, 5);
const ID = fileIdOf('HomeDomain', 'a.txt');

describe('a backup of iOS 10.0, whose entries are hidden', () => {
  let dir = '';
  let source: BackupSource;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
    source = folderSource(dir);
    await writeBackup(dir);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test('is read with its password, and then with its keys', async () => {
    using backup = await openBackup(source, { password: PASSWORD });
    assert.equal(backup.isEncrypted, true);
    const entry = backup.find('HomeDomain', 'a.txt');
    assert.ok(entry);
    assert.equal(entry.details().sizeBytes, 7);
    writeFileSync(join(dir, 'x'), '');
    using again = await openBackup(source, { classKeys: backup.classKeys });
    assert.equal(again.find('HomeDomain', 'a.txt')?.details().mode, 0o100644);
  });

  test('tells the kind of an entry by its flags even while it is hidden', async () => {
    const { classKeys } = await createKeybag('other', { iterations: 5, doubleIterations: 0 });
    using backup = await openBackup(source, { classKeys });
    const [entry] = backup.manifest.entries();
    assert.equal(entry?.kind, 'file');
    assert.throws(() => entry?.details(), { code: 'WRONG_PASSWORD' });
  });
});

test('an archive is not taken for a hidden one, and a hidden one needs its key', () => {
  const archive = encodeMbFile({ ...FILE, relativePath: 'x' });
  assert.equal(isScrambled(archive), false);
  assert.equal(isScrambled(Buffer.alloc(0)), false);
  const hidden = scrambled(archive);
  assert.equal(isScrambled(hidden), true);
  assert.deepEqual(unscramble(hidden, keyOf(PASSWORD)), archive);
  assert.throws(() => unscramble(hidden.subarray(4), keyOf(PASSWORD)), { name: 'FormatError' });
  assert.throws(() => unscramble(Buffer.alloc(0), keyOf(PASSWORD)), { name: 'FormatError' });
});

const FILE = { mode: 0o100644, userId: 1, groupId: 1, inode: 1, protectionClass: 3, flags: 0, sizeBytes: 7 };

async function writeBackup(dir: string): Promise<void> {
  const { bytes, classKeys } = await createKeybag(PASSWORD, { iterations: 5, doubleIterations: 0 });
  const encryptionKey = classKeys.wrapFileKey(3, FILE_KEY);
  {
    using writer = createManifestDatabase(join(dir, 'Manifest.db'));
    const file = scrambled(encodeMbFile({ ...FILE, relativePath: 'a.txt', encryptionKey }));
    writer.put({ fileId: ID, domain: 'HomeDomain', relativePath: 'a.txt', kind: 'file', file });
    writer.finish();
  }
  using database = openDatabase(join(dir, 'Manifest.db'));
  const hash = createHash('sha256').update(PASSWORD).update(SALT).digest();
  database.prepare("INSERT INTO Properties VALUES ('salt', ?), ('passwordHash', ?)").run(SALT, hash);
  writeFileSync(join(dir, 'Manifest.plist'), encodeBinaryPlist({ IsEncrypted: true, BackupKeyBag: bytes }));
  writeFileSync(join(dir, ID), encryptFileContent(FILE_KEY, Buffer.from('content')));
}

function keyOf(password: string): Buffer {
  return createHash('sha1').update(password).update(SALT).digest().subarray(0, 16);
}

function scrambled(archive: Buffer): Buffer {
  const iv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const cipher = createCipheriv('aes-128-cbc', keyOf(PASSWORD), iv);
  return Buffer.from(Buffer.concat([cipher.update(archive), cipher.final()]).toString('base64'));
}
