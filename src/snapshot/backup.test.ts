import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { openDatabase } from '../database/index.ts';
import { encodeBinaryPlist, encodeXmlPlist, type PlistDictionary } from '../formats/index.ts';
import { createKeybag, encryptFileContent } from '../keybag/index.ts';
import { isAppError } from '../shared/errors.ts';
import {
  contentIdsInFolder,
  createManifestDatabase,
  encodeMbdb,
  encodeMbFile,
  fileIdOf,
  folderSource,
  matchesDigest,
  missingFiles,
  openManifest,
  readContent,
  readInfo,
  readManifestPlist,
  readStatus,
  unlockBackup,
  type BackupSource,
  type ManifestEntry,
  type ManifestProblem,
  type MbFile,
} from './index.ts';

const CONTENT = Buffer.from('hello, this is a file of the phone');
const QUICK = { iterations: 10, doubleIterations: 10 };
const FILE_KEY = Buffer.alloc(32, 5);
const MANIFEST_KEY = Buffer.alloc(32, 6);

let dir: string;
let source: BackupSource;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  source = folderSource(dir);
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the facts of a backup', () => {
  test('are read from its three lists', async () => {
    writeFileSync(
      join(dir, 'Info.plist'),
      encodeXmlPlist({
        'Device Name': 'Ana’s iPhone',
        'Target Identifier': 'UDID',
        'Last Backup Date': new Date('2026-11-01T00:00:00Z'),
        'Installed Applications': ['a.b', 7],
        IMEI: 5,
      }),
    );
    assert.deepEqual(await readInfo(source), {
      deviceName: 'Ana’s iPhone',
      udid: 'UDID',
      lastBackupAt: new Date('2026-11-01T00:00:00Z'),
      installedApplications: ['a.b'],
    });
    writeStatus({ SnapshotState: 'finished', IsFullBackup: true });
    assert.deepEqual(await readStatus(source), { snapshotState: 'finished', isFullBackup: true, isFinished: true });
    writeManifestPlist({ Lockdown: { DeviceName: 'x' }, Applications: { 'a.b': { CFBundleVersion: '1' }, c: 5 } });
    assert.deepEqual(await readManifestPlist(source), {
      isEncrypted: false,
      deviceName: 'x',
      applications: [{ bundleId: 'a.b', version: '1' }, { bundleId: 'c' }],
    });
  });

  test('are absent where there is no list, and refused where there is another file', async () => {
    assert.equal(await readInfo(source), undefined);
    writeFileSync(join(dir, 'Status.plist'), 'garbage');
    await assert.rejects(readStatus(source), { name: 'FormatError' });
    writeStatus([] as never);
    await assert.rejects(readStatus(source), { name: 'FormatError' });
  });

  test('of an unfinished backup say so', async () => {
    writeStatus({ SnapshotState: 'uploading' });
    assert.equal((await readStatus(source))?.isFinished, false);
  });
});

describe('Manifest.db', () => {
  test('is read where it lies, leaving the folder as it was', async () => {
    writeManifest();
    using manifest = await openManifest(source);
    assert.deepEqual(manifest.entries().map(summary).toArray(), [
      'directory HomeDomain ',
      'file HomeDomain Library/a.txt',
      'symlink HomeDomain Library/link',
    ]);
    assert.deepEqual([...manifest.contentIds()], [fileIdOf('HomeDomain', 'Library/a.txt')]);
    assert.equal(manifest.find('HomeDomain', 'Library/link')?.details().linkTarget, 'a.txt');
    assert.equal(manifest.find('HomeDomain', 'missing'), undefined);
    assert.deepEqual(manifest.entries({ domain: 'OtherDomain' }).toArray(), []);
    assert.deepEqual(readdirSync(dir), ['Manifest.db']);
  });

  test('is read from bytes where it lies elsewhere', async () => {
    writeManifest();
    using manifest = await openManifest({ read: (path) => source.read(path) });
    assert.equal(manifest.entries().toArray().length, 3);
  });

  test('has the header of a device’s file', () => {
    writeManifest();
    const bytes = readFileSync(join(dir, 'Manifest.db'));
    assert.equal(bytes.readUInt16BE(16), 4096);
    assert.deepEqual([bytes[18], bytes[19]], [2, 2]);
    assert.equal(bytes.readUInt32BE(60), 2);
  });

  test('with odd rows gives the good ones and reports the rest', async () => {
    writeManifest();
    const id = 'ab'.repeat(20);
    const archive = encodeMbFile(mbFile('odd', 0o100644)).toString('hex');
    change(`
      INSERT INTO Files VALUES (NULL, NULL, NULL, 16, NULL), ('../../etc/passwd', 'D', 'p', 1, NULL),
        ('${'AB'.repeat(20)}', 'D', 'p', 1, NULL), ('${id}', NULL, 'p', 1, NULL);
      INSERT INTO Files VALUES (CAST('${'00'.repeat(20)}' AS BLOB), CAST('D' AS BLOB), 'blob', 1, NULL),
        ('${'01'.repeat(20)}', 'D', 'big', 9223372036854775807, NULL),
        ('${'02'.repeat(20)}', 'D', 'odd', 16, x'${archive}');
    `);
    using manifest = await openManifest(source);
    const problems: ManifestProblem[] = [];
    const entries = manifest.entries({ onProblem: (problem) => problems.push(problem) }).toArray();
    assert.deepEqual(entries.slice(3).map(summary), ['file D blob', 'file D odd']);
    assert.deepEqual(
      problems.map((problem) => problem.reason),
      ['no-file-id', 'no-file-id', 'no-file-id', 'no-path', 'unknown-kind'],
    );
    assert.throws(() => entries[3]?.details(), { name: 'FormatError' });
    assert.deepEqual(manifest.contentIds().toArray(), ['00'.repeat(20), fileIdOf('HomeDomain', 'Library/a.txt'), id]);
  });

  for (const { what, bytes, code } of [
    { what: 'empty', bytes: Buffer.alloc(0), code: 'SNAPSHOT_CORRUPT' },
    { what: 'not a database', bytes: Buffer.alloc(4096, 'x'), code: 'SNAPSHOT_CORRUPT' },
    { what: 'cut off', bytes: Buffer.from('SQLite format 3\0'), code: 'FORMAT_INVALID' },
  ]) {
    test(`that is ${what} is said to be so`, async () => {
      writeFileSync(join(dir, 'Manifest.db'), bytes);
      await assert.rejects(openManifest(source), { code });
    });
  }

  for (const { what, sql } of [
    { what: 'without its table', sql: 'DROP TABLE Files' },
    { what: 'without its columns', sql: 'ALTER TABLE Files DROP COLUMN file' },
    {
      what: 'whose table is a view without end',
      sql: `DROP TABLE Files; CREATE VIEW Files AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS rowid, i AS fileID, i AS domain, i AS relativePath, 1 AS flags, NULL AS file FROM n`,
    },
  ]) {
    test(`${what} is refused`, async () => {
      writeManifest();
      change(sql);
      await assert.rejects(openManifest(source), { name: 'FormatError' });
    });
  }

  test('damaged anywhere is read or refused, never a crash', async () => {
    writeManifest();
    const path = join(dir, 'Manifest.db');
    const bytes = readFileSync(path);
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
    const readDamaged = async (changes: [number, number][]): Promise<void> => {
      const copy = Buffer.from(bytes);
      for (const [at, to] of changes) copy[at] = to;
      writeFileSync(path, copy);
      try {
        using manifest = await openManifest(source);
        Array.from(manifest.entries());
        Array.from(manifest.contentIds());
      } catch (error) {
        assert.ok(isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT', 'STORAGE_FAILED'), String(error));
      }
    };
    await fc.assert(fc.asyncProperty(edits, readDamaged), { numRuns: 150 });
  });
});

test('a folder without a manifest is no backup', async () => {
  await assert.rejects(openManifest(source), { code: 'NOT_A_BACKUP', hint: /Info\.plist/ });
});

test('Manifest.mbdb gives the same entries as Manifest.db would', async () => {
  const times = { modifiedAt: new Date(1e12), accessedAt: new Date(1e12), statusChangedAt: new Date(1e12) };
  const record = {
    domain: 'HomeDomain',
    userId: 1,
    groupId: 1,
    inode: 1,
    ...times,
    protectionClass: 3,
    properties: [],
  };
  const bytes = encodeMbdb([
    { ...record, relativePath: '', mode: 0o040755, sizeBytes: 0 },
    { ...record, relativePath: 'Library/a.txt', mode: 0o100644, sizeBytes: CONTENT.length },
    { ...record, relativePath: 'socket', mode: 0o140644, sizeBytes: 0 },
  ]);
  writeFileSync(join(dir, 'Manifest.mbdb'), bytes);
  const id = fileIdOf('HomeDomain', 'Library/a.txt');
  writeFileSync(join(dir, id), CONTENT);
  using manifest = await openManifest(source);
  const problems: ManifestProblem[] = [];
  const entries = manifest.entries({ onProblem: (problem) => problems.push(problem) }).toArray();
  assert.deepEqual(entries.map(summary), ['directory HomeDomain ', 'file HomeDomain Library/a.txt']);
  assert.deepEqual(problems, [{ row: 3, reason: 'unknown-kind' }]);
  assert.deepEqual([...manifest.contentIds()], [id]);
  const file = manifest.find('HomeDomain', 'Library/a.txt');
  assert.equal(file?.details().sizeBytes, CONTENT.length);
  assert.deepEqual(await contentOf(manifest, file), CONTENT);
});

describe('an encrypted backup', () => {
  const stored = encryptFileContent(FILE_KEY, CONTENT);
  const id = fileIdOf('HomeDomain', 'Library/a.txt');

  async function writeEncrypted(): Promise<void> {
    const { bytes: keybag, classKeys } = await createKeybag('secret', QUICK);
    const digest = createHash('sha1').update(stored).digest();
    writeManifest({ encryptionKey: classKeys.wrapFileKey(3, FILE_KEY), digest });
    const path = join(dir, 'Manifest.db');
    writeFileSync(path, encryptFileContent(MANIFEST_KEY, readFileSync(path)));
    const manifestKey = classKeys.wrapFileKey(4, MANIFEST_KEY);
    writeManifestPlist({ IsEncrypted: true, BackupKeyBag: keybag, ManifestKey: manifestKey });
    mkdirSync(join(dir, id.slice(0, 2)));
    writeFileSync(join(dir, id.slice(0, 2), id), stored);
  }

  test('is read with its password', async () => {
    await writeEncrypted();
    const classKeys = await unlock('secret');
    using manifest = await openManifest(source, { classKeys });
    assert.equal(manifest.entries().toArray().length, 3);
    const entry = manifest.find('HomeDomain', 'Library/a.txt');
    assert.deepEqual(await contentOf(manifest, entry, { classKeys }), CONTENT);
    assert.equal(
      await matchesDigest(await source.read(manifest.contentPath(id)), entry?.details().digest ?? Buffer.alloc(0)),
      true,
    );
    assert.deepEqual([...missingFiles(manifest.contentIds(), contentIdsInFolder(dir, 'db'))], []);
    await assert.rejects(contentOf(manifest, entry), { code: 'WRONG_PASSWORD' });
  });

  test('asks for its password', async () => {
    await writeEncrypted();
    await assert.rejects(openManifest(source), { code: 'WRONG_PASSWORD' });
    await assert.rejects(unlock('wrong'), { code: 'WRONG_PASSWORD' });
  });

  test('reports content that is cut off, and gives what there is', async () => {
    await writeEncrypted();
    const classKeys = await unlock('secret');
    using manifest = await openManifest(source, { classKeys });
    writeFileSync(join(dir, manifest.contentPath(id)), stored.subarray(0, 32));
    let damaged = false;
    const entry = manifest.find('HomeDomain', 'Library/a.txt');
    const content = await contentOf(manifest, entry, { classKeys, onDamage: () => (damaged = true) });
    assert.deepEqual([content, damaged], [CONTENT.subarray(0, 32), true]);
    assert.equal(
      await matchesDigest(await source.read(manifest.contentPath(id)), entry?.details().digest ?? stored),
      false,
    );
    rmSync(join(dir, manifest.contentPath(id)));
    await assert.rejects(contentOf(manifest, entry, { classKeys }), { name: 'TargetError', reason: 'not-found' });
  });
});

test('a link in a backup folder is not followed', async () => {
  const outside = join(dir, 'outside');
  writeFileSync(outside, encodeBinaryPlist({ SnapshotState: 'finished' }));
  symlinkSync(outside, join(dir, 'Status.plist'));
  await assert.rejects(readStatus(source), { name: 'FormatError' });
});

function mbFile(relativePath: string, mode: number): MbFile {
  return { relativePath, mode, userId: 501, groupId: 501, inode: 5, protectionClass: 3, flags: 0, sizeBytes: 1 };
}

function rowOf(file: MbFile) {
  const kind = file.linkTarget !== undefined ? 'symlink' : file.mode >= 0o100000 ? 'file' : 'directory';
  const { relativePath } = file;
  const fileId = fileIdOf('HomeDomain', relativePath);
  return { fileId, domain: 'HomeDomain', relativePath, kind, file: encodeMbFile(file) } as const;
}

/** A directory, a file and a link. */
function writeManifest(extra: Partial<MbFile> = {}): void {
  using writer = createManifestDatabase(join(dir, 'Manifest.db'));
  writer.put(rowOf(mbFile('', 0o040755)));
  writer.put(rowOf({ ...mbFile('Library/a.txt', 0o100644), ...extra }));
  writer.put(rowOf({ ...mbFile('Library/link', 0o120777), linkTarget: 'a.txt' }));
  writer.finish();
}

function change(sql: string): void {
  using database = openDatabase(join(dir, 'Manifest.db'));
  database.exec(sql);
}

function writeStatus(status: PlistDictionary): void {
  writeFileSync(join(dir, 'Status.plist'), encodeBinaryPlist(status));
}

function writeManifestPlist(manifest: PlistDictionary): void {
  writeFileSync(join(dir, 'Manifest.plist'), encodeBinaryPlist(manifest));
}

function summary({ kind, domain, relativePath }: ManifestEntry): string {
  return `${kind} ${domain} ${relativePath}`;
}

type ReadArguments = Parameters<typeof readContent>;

async function contentOf(
  manifest: ReadArguments[1],
  entry: ManifestEntry | undefined,
  options?: ReadArguments[3],
): Promise<Buffer> {
  assert.ok(entry);
  const chunks = await Array.fromAsync(readContent(source, manifest, entry, options), (chunk) => Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function unlock(password: string) {
  const facts = await readManifestPlist(source);
  assert.ok(facts);
  return unlockBackup(facts, password);
}
