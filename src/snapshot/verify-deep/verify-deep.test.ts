import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { openSync, closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openDatabase, openMemoryDatabase } from '../../database/index.ts';
import { encodeBinaryPlist } from '../../formats/index.ts';
import { createKeybag, encryptFileContent } from '../../keybag/index.ts';
import { verifyDeep, type DeepFinding } from '../index.ts';
import { TestBackup, type FileOfBackup } from './backup-folder.test-helper.ts';

const DATABASE = databaseBytes();
const BROKEN = brokenDatabase();
const { classKeys: lostKeys } = await createKeybag('lost', { iterations: 5, doubleIterations: 5 });
const TEXT = 'some words that are long enough to be more than one block';

/** Pairs of what is wrong and with which file. */
const named = (findings: readonly DeepFinding[]): (string | undefined)[][] =>
  findings.map((finding) => [finding.kind, 'file' in finding ? finding.file.relativePath : undefined]);

describe('a deep verification of a whole backup', () => {
  const files: FileOfBackup[] = [
    { path: 'a.txt', content: TEXT, digest: true },
    { path: 'empty', content: '', digest: true },
    { path: 'large', content: randomBytes(3_000_000), digest: true },
    { path: 'app.txt', domain: 'AppDomain-x', content: TEXT },
    { path: 'data.db', content: DATABASE, digest: true },
    { path: 'list.plist', content: encodeBinaryPlist({ a: 1 }) },
    { path: 'text.plist', content: 'not a binary list' },
  ];

  for (const { title, make, decrypted } of [
    { title: 'encrypted', make: () => TestBackup.encrypted(files), decrypted: files.length },
    { title: 'unencrypted', make: async () => TestBackup.plain(files), decrypted: undefined },
  ]) {
    test(`finds nothing, and says what it proved (${title})`, async () => {
      using backup = await make();
      const { findings, remarks, summary } = await backup.verify();
      assert.deepEqual([findings, remarks], [[], []]);
      const { verifiedAt, bytes, ...counts } = summary;
      assert.deepEqual(counts, {
        files: 7,
        decrypted,
        digestsMatched: 4,
        withoutDigest: 3,
        databases: 1,
        databasesPassed: 1,
        findings: {},
      });
      assert.ok(bytes >= 3_000_000 + DATABASE.length);
      assert.ok(verifiedAt instanceof Date);
    });
  }

  test('tells how far it is, to the end', async () => {
    using backup = await TestBackup.encrypted(files);
    using opened = await backup.open();
    let last = { files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 };
    for await (const event of verifyDeep(opened)) {
      if (event.kind !== 'progress') continue;
      assert.ok(event.files >= last.files && event.bytes >= last.bytes);
      last = event;
    }
    assert.deepEqual([last.files, last.totalFiles], [7, 7]);
    assert.ok(last.totalBytes >= 3_000_000);
  });

  test('can be stopped', async () => {
    using backup = await TestBackup.encrypted(files);
    using opened = await backup.open();
    await assert.rejects(Array.fromAsync(verifyDeep(opened, { signal: AbortSignal.abort(new Error('stop')) })), {
      message: 'stop',
    });
  });
});

describe('a deep verification names', () => {
  test('what happened to each file, and nothing else', async () => {
    using backup = await TestBackup.encrypted([
      { path: 'good', content: TEXT, digest: true },
      { path: 'gone', content: TEXT, digest: true, stored: nothing },
      { path: 'flipped', content: TEXT, digest: true, stored: flipped },
      { path: 'half', content: TEXT, digest: true, stored: (whole) => whole.subarray(0, 20) },
      { path: 'half of an app’s', content: TEXT, stored: (whole) => whole.subarray(0, 16) },
      { path: 'other key', content: TEXT, stored: underAnotherKey },
      { path: 'sent broken.db', content: BROKEN, digest: true },
      { path: 'broken.db', content: BROKEN },
      { path: 'list.plist', content: 'bplist00 and nothing that follows from it' },
      { path: 'also good', content: TEXT },
    ]);
    const { findings, summary } = await backup.verify();
    assert.deepEqual(named(findings), [
      ['missing', 'gone'],
      ['changed', 'flipped'],
      ['cut-off', 'half'],
      ['cut-off', 'half of an app’s'],
      ['database', 'sent broken.db'],
      ['database', 'broken.db'],
      ['property-list', 'list.plist'],
      ['undecryptable', 'other key'],
    ]);
    assert.deepEqual(
      findings.flatMap((finding) => ('asSent' in finding && finding.asSent ? [finding.file.relativePath] : [])),
      ['sent broken.db'],
    );
    assert.equal(summary.databasesPassed, 0);
    assert.deepEqual(summary.findings['cut-off'], 2);
  });

  test('damage to the stored bytes of an unencrypted backup by their digest', async () => {
    using backup = TestBackup.plain([
      { path: 'flipped', content: TEXT, digest: true, stored: () => Buffer.from(TEXT.replace('words', 'wards')) },
      { path: 'cut', content: TEXT, stored: (whole) => whole.subarray(0, 30) },
      { path: 'broken.db', content: BROKEN },
    ]);
    assert.deepEqual(named((await backup.verify()).findings), [
      ['changed', 'flipped'],
      ['cut-off', 'cut'],
      ['database', 'broken.db'],
    ]);
  });

  test('an entry that cannot be read, and a folder in the place of a content', async () => {
    using backup = TestBackup.plain([
      { path: 'a', content: TEXT },
      { path: 'b', content: TEXT },
    ]);
    {
      using database = openDatabase(join(backup.dir, 'Manifest.db'));
      database.exec("UPDATE Files SET file = x'00' WHERE relativePath = 'a'");
      database.exec('INSERT INTO Files VALUES (NULL, NULL, NULL, 16, NULL)');
    }
    const { findings, remarks } = await backup.verify();
    assert.deepEqual(named(findings), [['entry-damaged', 'a']]);
    assert.deepEqual(remarks, [{ kind: 'odd-rows', rows: 1 }]);
  });

  test('no empty or temporary file that has no content', async () => {
    using backup = await TestBackup.encrypted([
      { path: 'Library/empty', stored: nothing },
      { path: 'Library/x.db-wal', content: TEXT, stored: nothing },
      { path: 'Library/Caches/y', content: TEXT, stored: nothing },
      { path: 'stored as nothing', stored: () => Buffer.alloc(0) },
    ]);
    const { findings, remarks } = await backup.verify();
    assert.deepEqual(findings, []);
    const [remark] = remarks;
    assert.ok(remark?.kind === 'left-out');
    assert.equal(remark.files, 3);
  });
});

describe('keys that are not there', () => {
  test('of an early backup that broke off are one finding, which says since when', async () => {
    const files = Array.from({ length: 60 }, (_, i): FileOfBackup => {
      const isEarly = i < 25;
      const common = { path: `IMG_${i}`, domain: 'CameraRollDomain', content: TEXT, digest: i % 2 === 0 };
      if (isEarly) return { ...common, classKeys: lostKeys, changedAt: day(1 + (i % 3)) };
      return { ...common, changedAt: day(i < 35 ? 2 : 9) };
    });
    using backup = await TestBackup.encrypted(files);
    const { findings, summary } = await backup.verify();
    const [finding, another] = findings;
    assert.equal(another, undefined);
    assert.ok(finding?.kind === 'lost-keys');
    assert.equal(finding.files, 25);
    assert.equal(finding.bytes, 25 * 64);
    assert.equal(finding.examples[0]?.relativePath, 'IMG_0');
    assert.deepEqual(finding.age, { lastChanged: new Date(Date.UTC(2026, 4, 3)), newerReadable: 25 });
    assert.deepEqual([summary.decrypted, summary.findings], [35, { 'lost-keys': 25 }]);
  });

  test('are found as well where the entries have new keys and the contents are the old ones', async () => {
    const files = Array.from({ length: 60 }, (_, i): FileOfBackup => {
      return i < 30
        ? { path: `${i}`, content: TEXT, changedAt: day(2), stored: underAnotherKey }
        : { path: `${i}`, content: TEXT, changedAt: day(5) };
    });
    using backup = await TestBackup.encrypted(files);
    const [finding] = (await backup.verify()).findings;
    assert.ok(finding?.kind === 'lost-keys' && finding.age !== undefined);
    assert.equal(finding.files, 30);
  });

  test('of a few files are named one by one', async () => {
    using backup = await TestBackup.encrypted([
      { path: 'a', content: TEXT },
      { path: 'b', content: TEXT, classKeys: lostKeys },
    ]);
    assert.deepEqual(named((await backup.verify()).findings), [['key-damaged', 'b']]);
  });

  test('of a class are told together, and those of the device alone are no damage', async () => {
    const files = [1, 2, 2, 3, 9].map((protectionClass, i) => ({ path: `${i}`, content: TEXT, protectionClass }));
    using backup = await TestBackup.encrypted(files, [2]);
    const { findings, remarks } = await backup.verify();
    const [finding] = findings;
    assert.ok(finding?.kind === 'class-without-key' && findings.length === 1);
    assert.deepEqual([finding.files, finding.protectionClass], [2, 2]);
    assert.deepEqual(
      remarks.map((remark) => remark.kind),
      ['device-only'],
    );
  });
});

describe('databases', () => {
  test('are checked with what their log adds, wherever in the manifest it comes', async () => {
    const { base, log } = databaseWithLog();
    for (const order of [
      ['x.db', 'x.db-wal'],
      ['x.db-wal', 'x.db'],
    ]) {
      for (const isEncrypted of [true, false]) {
        const files = order.map((path) => ({ path, content: path === 'x.db' ? base : log, digest: true }));
        using backup = isEncrypted ? await TestBackup.encrypted(files) : TestBackup.plain(files);
        const { findings, summary } = await backup.verify();
        assert.deepEqual(findings, []);
        assert.deepEqual([summary.files, summary.databases, summary.databasesPassed], [2, 1, 1]);
        assert.equal(summary.digestsMatched, 2);
      }
    }
  });

  test('that a log breaks are damaged', async () => {
    const { base, log } = databaseWithLog();
    const empty = Buffer.from(base);
    empty.fill(0xee, 4096, 4196);
    using backup = await TestBackup.encrypted([
      { path: 'x.db', content: empty },
      { path: 'x.db-wal', content: log.subarray(0, 40) },
    ]);
    assert.deepEqual(named((await backup.verify()).findings), [['database', 'x.db']]);
  });

  test('whose log is of another moment are whole without it, which is told', async () => {
    const { log } = databaseWithLog(FILLED, "UPDATE t SET a = 'other' WHERE a LIKE 'row 9%'");
    using backup = await TestBackup.encrypted([
      { path: 'x.db', content: DATABASE },
      { path: 'x.db-wal', content: log },
    ]);
    const { findings, remarks } = await backup.verify();
    assert.deepEqual(findings, []);
    assert.ok(remarks[0]?.kind === 'database-unchecked' && /does not fit/.test(remarks[0].detail));
  });

  test('too large for the memory are told, unless they lie open on the disk', async () => {
    const files = [{ path: 'x.db', content: DATABASE, digest: true }];
    using encrypted = await TestBackup.encrypted(files);
    const { findings, remarks, summary } = await encrypted.verify({ maxDatabaseBytes: 1000 });
    assert.deepEqual(findings, []);
    assert.deepEqual(
      remarks.map((remark) => remark.kind),
      ['database-unchecked'],
    );
    assert.deepEqual([summary.databases, summary.databasesPassed, summary.decrypted], [1, 0, 1]);
    using plain = TestBackup.plain(files);
    assert.equal((await plain.verify({ maxDatabaseBytes: 1000 })).summary.databasesPassed, 1);
  });

  test('that the phone was changing are no damage when their journal is there', async () => {
    using backup = await TestBackup.encrypted([
      { path: 'x.db', content: BROKEN, digest: true },
      { path: 'x.db-journal', content: TEXT },
    ]);
    const { findings, remarks } = await backup.verify();
    assert.deepEqual([findings.length, remarks[0]?.kind], [0, 'database-unchecked']);
  });
});

test('what is much less than in the backup before is told', async () => {
  const photos = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ path: `${i}`, domain: 'CameraRollDomain', content: TEXT }));
  const notes = Array.from({ length: 100 }, (_, i) => ({ path: `${i}`, domain: 'HomeDomain', content: TEXT }));
  using before = TestBackup.plain([...photos(100), ...notes]);
  using now = TestBackup.plain([...photos(60), ...notes]);
  using previous = await before.open();
  assert.deepEqual((await now.verify({ previous })).remarks, [
    {
      kind: 'shrunk',
      domain: 'CameraRollDomain',
      before: { files: 100, bytes: 100 * TEXT.length },
      now: { files: 60, bytes: 60 * TEXT.length },
    },
  ]);
  using same = await now.open();
  assert.deepEqual((await now.verify({ previous: same })).remarks, []);
});

test('a manifest that breaks off is damage, and what came before is verified', async () => {
  const files = Array.from({ length: 400 }, (_, i) => ({ path: `${i}`, content: 'x' }));
  using backup = TestBackup.plain(files);
  const path = join(backup.dir, 'Manifest.db');
  let leaf = 0;
  {
    using database = openDatabase(path, { immutable: true });
    const row = database.prepare("SELECT max(pageno) AS page FROM dbstat WHERE name = 'Files' AND pagetype = 'leaf'");
    leaf = Number(row.get()?.['page'] ?? 0);
  }
  assert.ok(leaf > 2);
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, Buffer.alloc(100, 0xee), 0, 100, (leaf - 1) * 4096);
  closeSync(descriptor);
  const { findings, summary } = await backup.verify();
  assert.deepEqual(named(findings), [['manifest-damaged', undefined]]);
  assert.ok(summary.files > 0 && summary.files < 400);
});

const day = (number: number): Date => new Date(Date.UTC(2026, 4, number, 12));
const nothing = (): undefined => undefined;

function flipped(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  copy[3] = (copy[3] ?? 0) ^ 1;
  return copy;
}

function underAnotherKey(whole: Buffer): Buffer {
  return encryptFileContent(Buffer.alloc(32, 0xee), Buffer.alloc(whole.length - 16, 'x'));
}

function databaseBytes(): Buffer {
  using database = openMemoryDatabase();
  database.exec('CREATE TABLE t (a TEXT, b INTEGER); CREATE INDEX i ON t (a)');
  database.transaction(() => {
    const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
    for (let i = 0; i < 2000; i++) insert.run(`row ${i}`, i);
  });
  return database.serialize();
}

function brokenDatabase(): Buffer {
  const bytes = Buffer.from(DATABASE);
  bytes.fill(0xee, 5 * 4096, 5 * 4096 + 100);
  return bytes;
}

const FILLED =
  "CREATE TABLE t (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO t SELECT 'row ' || i FROM n";

/** A database made by some statements, and the log of others. */
function databaseWithLog(
  made = 'CREATE TABLE t (a)',
  logged = "INSERT INTO t VALUES ('x'); CREATE INDEX i ON t (a)",
): { base: Buffer; log: Buffer } {
  using backup = TestBackup.plain([]);
  const path = join(backup.dir, 'x.db');
  using database = openDatabase(path, { create: true });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${made}`);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const base = readFileSync(path);
  database.exec(logged);
  return { base, log: readFileSync(`${path}-wal`) };
}
