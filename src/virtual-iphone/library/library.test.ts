import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDatabase, openDatabaseBytes, type Row } from '../../database/index.ts';
import { decodePlist } from '../../formats/index.ts';
import { installedApps } from '../apps.ts';
import { isEncryptedOnly, openPhoneDisk, type PhoneDisk } from '../disk/index.ts';
import { fillLibrary, fillWithFiles, mutateLibrary } from './index.ts';

const folders: string[] = [];
let disk: PhoneDisk;

before(async () => {
  disk = await newDisk();
  fillLibrary(disk, { size: 'small', seed: 11 });
});

after(async () => {
  disk.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe('a small library', () => {
  test('is the same for the same seed and another for another', async () => {
    const [same, other] = [await newDisk(), await newDisk()];
    fillLibrary(same, { size: 'small', seed: 11 });
    fillLibrary(other, { size: 'small', seed: 12 });
    assert.equal(same.fingerprint(), disk.fingerprint());
    assert.notEqual(other.fingerprint(), disk.fingerprint());
    same.close();
    other.close();
  });

  test('survives a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
    folders.push(folder);
    const first = openPhoneDisk(folder);
    fillLibrary(first, { size: 'small', seed: 11 });
    first.close();
    const second = openPhoneDisk(folder);
    assert.equal(second.fingerprint(), disk.fingerprint());
    second.close();
  });

  test('has databases that are whole, in WAL mode as on a phone', () => {
    const databases = [...disk.all()].filter((file) => file.sizeBytes > 0 && isDatabase(disk.read(file)));
    assert.ok(databases.length >= 14);
    for (const file of databases) {
      const bytes = disk.read(file);
      assert.deepEqual([...bytes.subarray(18, 20)], [2, 2], file.relativePath);
      using database = openDatabaseBytes(bytes);
      const [result] = database.prepare('PRAGMA integrity_check').all();
      assert.equal(result?.['integrity_check'], 'ok', file.relativePath);
      assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), [], file.relativePath);
    }
  });

  test('has property lists that parse', () => {
    const lists = [...disk.all()].filter((file) => /\.(plist|transcript)$/.test(file.relativePath));
    assert.ok(lists.length > 30);
    for (const file of lists) decodePlist(disk.read(file));
  });

  test('has the file of every attachment that the messages say was downloaded', () => {
    const rows = query(
      'HomeDomain',
      'Library/SMS/sms.db',
      'SELECT filename, total_bytes, transfer_state FROM attachment',
    );
    assert.ok(rows.some((row) => row['filename'] === null));
    for (const { filename, total_bytes: sizeBytes, transfer_state: state } of rows) {
      if (filename === null) continue;
      const file = disk.get('MediaDomain', String(filename).replace(/^~\//, ''));
      assert.equal(file?.sizeBytes, state === 5 ? sizeBytes : undefined, String(filename));
    }
  });

  test('has conversations in several scripts, with replies, reactions and edits', () => {
    const sql = `SELECT count(*) AS n, sum(associated_message_type >= 2000) AS reactions, sum(date_edited > 0) AS edits,
      sum(thread_originator_guid IS NOT NULL) AS replies, sum(text IS NULL AND attributedBody IS NOT NULL) AS archived
      FROM message`;
    const [counts = {}] = query('HomeDomain', 'Library/SMS/sms.db', sql);
    for (const [what, count] of Object.entries(counts)) assert.ok(Number(count) > 0, what);
  });

  test('has the original of every photo that is not only in iCloud, and a small picture of each', () => {
    const sql = `SELECT a.ZDIRECTORY AS folder, a.ZFILENAME AS name, r.ZLOCALAVAILABILITY AS here FROM ZASSET a
      JOIN ZINTERNALRESOURCE r ON r.ZASSET = a.Z_PK AND r.ZDATASTORESUBTYPE = 1
      WHERE a.ZDIRECTORY = 'DCIM/100APPLE'`;
    const rows = query('CameraRollDomain', 'Media/PhotoData/Photos.sqlite', sql);
    assert.equal(rows.length, 31);
    for (const row of rows) {
      const [folder, name] = [String(row['folder']), String(row['name'])];
      const original = disk.get('CameraRollDomain', `Media/${folder}/${name}`);
      assert.equal(original !== undefined, row['here'] === 1, `${folder}/${name}`);
      if (name.endsWith('.PNG')) continue;
      assert.ok(disk.get('CameraRollDomain', `Media/PhotoData/Thumbnails/V2/${folder}/${name}/5005.JPG`));
    }
  });

  test('has names that are hard on programs', () => {
    const names = [...disk.all()].map((file) => file.relativePath);
    assert.ok(names.some((name) => name !== name.normalize('NFC')));
    assert.ok(names.some((name) => name.split('/').length > 20));
    for (const kind of ['symlink', 'directory']) assert.ok([...disk.all()].some((file) => file.kind === kind));
    assert.ok([...disk.all()].some((file) => file.kind === 'file' && file.sizeBytes === 0));
    assert.ok([...disk.all()].some((file) => file.extendedAttributes !== undefined));
  });

  test('keeps what only encrypted backups contain apart', () => {
    const secret = [...disk.all()].filter((file) => file.kind === 'file' && isEncryptedOnly(file));
    const domains = new Set(secret.map((file) => file.domain));
    for (const domain of ['HealthDomain', 'HomeDomain', 'SystemPreferencesDomain']) assert.ok(domains.has(domain));
  });

  test('lists the apps whose containers it has', () => {
    const apps = installedApps({ disk, settings: disk.settings });
    assert.equal(apps.length, 8);
    assert.ok(apps.some((app) => app.fileSharing));
    for (const { bundleId } of apps) assert.ok(disk.get(`AppDomain-${bundleId}`, 'Documents'), bundleId);
  });
});

describe('a day that goes by', () => {
  test('brings a little of everything, and is the same every time', async () => {
    const copies = [await newDisk(), await newDisk()];
    for (const copy of copies) {
      fillLibrary(copy, { size: 'small', seed: 11 });
      mutateLibrary(copy);
      mutateLibrary(copy);
    }
    const [one, two] = copies.map((copy) => copy.fingerprint());
    assert.equal(one, two);
    assert.notEqual(one, disk.fingerprint());
    for (const copy of copies) copy.close();
  });

  test('changes about one file in a hundred of a library with thousands', async () => {
    const copy = await newDisk();
    fillLibrary(copy, { size: 3000, seed: 4 });
    const older = versionsOf(copy);
    assert.equal(older.size, 3000);
    mutateLibrary(copy);
    const changes = compare(older, versionsOf(copy));
    const total = changes.changed + changes.added + changes.removed;
    assert.ok(total >= 24 && total <= 36, JSON.stringify(changes));
    assert.ok(changes.changed > 0 && changes.added > 0);
    copy.close();
  });

  test('leaves every database whole', async () => {
    const copy = await newDisk();
    fillLibrary(copy, { size: 'small', seed: 5 });
    for (let day = 0; day < 5; day++) mutateLibrary(copy, { share: 0.06 });
    for (const file of copy.all()) {
      if (file.sizeBytes === 0 || !isDatabase(copy.read(file))) continue;
      using database = openDatabaseBytes(copy.read(file));
      assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok', file.relativePath);
    }
    copy.close();
  });
});

describe('a library of many files', () => {
  test('has as many as asked, each with bytes of its own', async () => {
    const copy = await newDisk();
    fillWithFiles(copy, { count: 50_000, sizeBytes: 4096, seed: 2 });
    const heads = new Set<string>();
    let files = 0;
    for (const file of copy.all()) {
      if (file.kind !== 'file') continue;
      files++;
      heads.add(copy.read(file, 0, 16).toString('latin1'));
    }
    assert.equal(files, 50_000);
    assert.equal(heads.size, 50_000);
    mutateLibrary(copy, { share: 0.01 });
    copy.close();
  });
});

async function newDisk(): Promise<PhoneDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  folders.push(folder);
  return openPhoneDisk(folder);
}

function query(domain: string, path: string, sql: string): Row[] {
  const file = disk.get(domain, path);
  assert.ok(file, path);
  using database = openDatabaseBytes(disk.read(file));
  return database.prepare(sql).all();
}

function versionsOf(target: PhoneDisk): Map<string, number> {
  const files = [...target.all()].filter(({ kind }) => kind === 'file');
  return new Map(
    files.map(({ domain, relativePath, contentVersion }) => [`${domain}\0${relativePath}`, contentVersion]),
  );
}

function compare(
  older: Map<string, number>,
  newer: Map<string, number>,
): { changed: number; added: number; removed: number } {
  const added = [...newer.keys()].filter((key) => !older.has(key)).length;
  const removed = [...older.keys()].filter((key) => !newer.has(key)).length;
  const changed = [...newer].filter(([key, version]) => older.has(key) && older.get(key) !== version).length;
  return { changed, added, removed };
}
