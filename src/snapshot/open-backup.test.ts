import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { encodeBinaryPlist, encodeXmlPlist } from '../formats/index.ts';
import { createKeybag, encryptFileContent, type ClassKeys } from '../keybag/index.ts';
import {
  backupFolderAt,
  createManifestDatabase,
  encodeMbdb,
  encodeMbFile,
  fileIdOf,
  folderSource,
  openBackup,
  type ManifestProblem,
  type MbFile,
} from './index.ts';

const QUICK = { iterations: 10, doubleIterations: 10 };
const OLD = { iterations: 10, doubleIterations: 0 };
const FILE_KEY = Buffer.alloc(32, 5);
const MANIFEST_KEY = Buffer.alloc(32, 6);
const CONTENT = Buffer.from('what was on the phone');
const STORED = encryptFileContent(FILE_KEY, CONTENT);
const NAME = 'Library/a.txt';
const ID = fileIdOf('HomeDomain', NAME);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function contentOf(options: { password?: string } = {}): Promise<string> {
  using backup = await openBackup(folderSource(dir), options);
  const entry = backup.find('HomeDomain', NAME);
  assert.ok(entry);
  return (await backup.bytes(entry, 1000)).toString();
}

describe('a backup of iOS 10.2 and later', () => {
  test('is read with its password, whether or not its manifest is padded', async () => {
    for (const pad of [true, false]) {
      await writeEncrypted({ pad });
      assert.equal(await contentOf({ password: 'secret' }), CONTENT.toString());
    }
  });

  test('asks for its password, and tells a wrong one from damage', async () => {
    await writeEncrypted();
    await assert.rejects(contentOf(), { code: 'WRONG_PASSWORD', hint: /--password-file/ });
    await assert.rejects(contentOf({ password: 'other' }), { code: 'WRONG_PASSWORD' });
    writeFileSync(join(dir, 'Manifest.db'), Buffer.alloc(4096, 7));
    await assert.rejects(contentOf({ password: 'secret' }), { code: 'SNAPSHOT_CORRUPT', message: /did not decrypt/ });
    writeFileSync(join(dir, 'Manifest.db'), '');
    await assert.rejects(contentOf({ password: 'secret' }), { code: 'SNAPSHOT_CORRUPT', message: /empty/ });
  });

  test('with a damaged manifest key says that the password is right', async () => {
    await writeEncrypted({ damageManifestKey: true });
    await assert.rejects(contentOf({ password: 'secret' }), {
      code: 'SNAPSHOT_CORRUPT',
      message: /the password is right/,
    });
  });

  test('without its keybag says so', async () => {
    await writeEncrypted();
    writeManifestPlist({ IsEncrypted: true, ManifestKey: Buffer.alloc(44) });
    await assert.rejects(contentOf({ password: 'secret' }), { code: 'FORMAT_INVALID', message: /no keybag/ });
  });

  test('reports the file that only the device can open, and reads the others', async () => {
    await writeEncrypted({ wrappedKey: Buffer.concat([Buffer.from([9, 0, 0, 0]), Buffer.alloc(40)]) });
    await assert.rejects(contentOf({ password: 'secret' }), { message: /only the device can open it/ });
  });

  test('that another program decrypted needs no password, whatever its Manifest.plist still says', async () => {
    const classKeys = await writeEncrypted();
    writeManifest(entryOf(classKeys));
    // As iOS pads it: another program may have left the padding.
    appendFileSync(join(dir, 'Manifest.db'), Buffer.alloc(16, 16));
    writeContent(CONTENT);
    assert.equal(await contentOf(), CONTENT.toString());
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.startsWith('Manifest.db-')),
      [],
    );
  });
});

test('an unencrypted backup may carry a keybag and keys', async () => {
  const { bytes, classKeys } = await createKeybag('secret', QUICK);
  writeManifest(entryOf(classKeys));
  writeContent(CONTENT);
  writeManifestPlist({ IsEncrypted: false, BackupKeyBag: bytes });
  assert.equal(await contentOf(), CONTENT.toString());
});

test('content longer than its entry says is never cut', async () => {
  const { bytes, classKeys } = await createKeybag('secret', OLD);
  writeManifest({ ...entryOf(classKeys), sizeBytes: 3 });
  writeContent(STORED);
  writeManifestPlist({ IsEncrypted: true, BackupKeyBag: bytes });
  assert.equal(await contentOf({ password: 'secret' }), CONTENT.toString());
});

test('damaged lists of the computer do not stop the reading', async () => {
  const file = plainEntry();
  writeManifest(file);
  writeContent(CONTENT);
  writeFileSync(join(dir, 'Info.plist'), '<plist><dict>');
  writeFileSync(join(dir, 'Manifest.plist'), 'bplist00 and nothing');
  assert.equal(await contentOf(), CONTENT.toString());
  writeFileSync(join(dir, 'Info.plist'), encodeXmlPlist({ 'Product Version': '14.3' }));
  using backup = await openBackup(folderSource(dir));
  assert.deepEqual([backup.iosVersion, backup.isEncrypted], ['14.3', false]);
});

describe('a backup of iOS 5 to 9', () => {
  test('is read with its password, by a keybag without the later step', async () => {
    await writeOld();
    assert.equal(await contentOf({ password: 'secret' }), CONTENT.toString());
    await assert.rejects(contentOf({ password: 'other' }), { code: 'WRONG_PASSWORD' });
  });

  test('whose list is cut off gives what came before, and tells', async () => {
    await writeOld();
    const path = join(dir, 'Manifest.mbdb');
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    using backup = await openBackup(folderSource(dir), { password: 'secret' });
    const problems: ManifestProblem[] = [];
    const entries = backup.manifest.entries({ onProblem: (problem) => problems.push(problem) }).toArray();
    assert.deepEqual([entries.length, problems], [1, [{ row: 2, reason: 'cut-off' }]]);
    assert.ok(backup.find('HomeDomain', NAME));
    assert.equal(backup.find('HomeDomain', 'Library/b.txt'), undefined);
    assert.throws(() => [...backup.manifest.contentIds()], { name: 'FormatError' });
  });
});

test('a folder of one backup is found by it, or by the folder around it', () => {
  const one = join(dir, 'one');
  assert.throws(() => backupFolderAt(one), { code: 'NOT_A_BACKUP', message: /no folder/ });
  mkdirSync(one);
  assert.throws(() => backupFolderAt(dir), { code: 'NOT_A_BACKUP', hint: /Manifest\.plist/ });
  writeFileSync(join(one, 'Manifest.db'), '');
  assert.deepEqual([backupFolderAt(one), backupFolderAt(dir)], [one, one]);
  mkdirSync(join(dir, 'two'));
  writeFileSync(join(dir, 'two', 'Manifest.mbdb'), '');
  assert.throws(() => backupFolderAt(dir), { code: 'NOT_A_BACKUP', message: /2 backups/, hint: /one/ });
});

interface EncryptedOptions {
  readonly pad?: boolean;
  readonly damageManifestKey?: boolean;
  readonly wrappedKey?: Buffer;
}

async function writeEncrypted(options: EncryptedOptions = {}): Promise<ClassKeys> {
  const { pad = true, damageManifestKey = false, wrappedKey } = options;
  const { bytes, classKeys } = await createKeybag('secret', QUICK);
  writeManifest({ ...entryOf(classKeys), ...(wrappedKey && { encryptionKey: wrappedKey }) });
  writeContent(STORED);
  const path = join(dir, 'Manifest.db');
  const stored = encryptFileContent(MANIFEST_KEY, readFileSync(path));
  writeFileSync(path, pad ? stored : stored.subarray(0, -16));
  const manifestKey = classKeys.wrapFileKey(4, MANIFEST_KEY);
  if (damageManifestKey) manifestKey[20] = (manifestKey[20] ?? 0) ^ 1;
  writeManifestPlist({ IsEncrypted: true, BackupKeyBag: bytes, ManifestKey: manifestKey });
  return classKeys;
}

async function writeOld(): Promise<void> {
  const { bytes, classKeys } = await createKeybag('secret', OLD);
  const time = new Date(1e12);
  const record = {
    domain: 'HomeDomain',
    mode: 0o100644,
    userId: 1,
    groupId: 1,
    inode: 1,
    modifiedAt: time,
    accessedAt: time,
    statusChangedAt: time,
    sizeBytes: CONTENT.length,
    protectionClass: 3,
    properties: [{ name: 'com.apple.x', value: Buffer.from([0, 255, 128]) }],
    encryptionKey: classKeys.wrapFileKey(3, FILE_KEY),
    digest: createHash('sha1').update(STORED).digest(),
  };
  const records = [
    { ...record, relativePath: NAME },
    { ...record, relativePath: 'Library/b.txt' },
  ];
  writeFileSync(join(dir, 'Manifest.mbdb'), encodeMbdb(records));
  writeFileSync(join(dir, ID), STORED);
  writeManifestPlist({ IsEncrypted: true, BackupKeyBag: bytes });
}

function plainEntry(): MbFile {
  const numbers = { userId: 501, groupId: 501, inode: 5, protectionClass: 3, flags: 0, sizeBytes: CONTENT.length };
  return { relativePath: NAME, mode: 0o100644, ...numbers };
}

function entryOf(classKeys: ClassKeys): MbFile {
  return { ...plainEntry(), encryptionKey: classKeys.wrapFileKey(3, FILE_KEY) };
}

function writeManifest(file: MbFile): void {
  using writer = createManifestDatabase(join(dir, 'Manifest.db'));
  const { relativePath } = file;
  writer.put({ fileId: ID, domain: 'HomeDomain', relativePath, kind: 'file', file: encodeMbFile(file) });
  writer.finish();
}

function writeContent(stored: Buffer): void {
  mkdirSync(join(dir, ID.slice(0, 2)), { recursive: true });
  writeFileSync(join(dir, ID.slice(0, 2), ID), stored);
}

function writeManifestPlist(manifest: Parameters<typeof encodeBinaryPlist>[0]): void {
  writeFileSync(join(dir, 'Manifest.plist'), encodeBinaryPlist(manifest));
}
