import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openDatabase, type SqlValue } from '../../database/index.ts';
import { encodeMbFile, fileIdOf, folderSource, openManifest, type ManifestEntry } from '../index.ts';

let dir = '';
before(() => (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
after(() => rmSync(dir, { recursive: true, force: true }));

type Row = readonly [id: SqlValue, domain: SqlValue, path: SqlValue, flags: SqlValue, file: SqlValue];

const archive = encodeMbFile({
  relativePath: 'x',
  sizeBytes: 5,
  mode: 0o100600,
  userId: 501,
  groupId: 501,
  inode: 1,
  modifiedAt: new Date(1.6e12),
  protectionClass: 3,
  flags: 0,
});

const rowOf = (index: number): Row => {
  const [domain, path] = [`Domain${index % 3}`, `Library/datei-ü-${index}`];
  return [fileIdOf(domain, path), domain, path, index % 7 === 0 ? 2 : 1, archive];
};

/** What real backups and hostile ones have instead. */
const oddities: readonly ((row: Row) => Row)[] = [
  ([id]) => [id, null, null, 16, null],
  ([id, domain, path, , file]) => [id, domain, path, null, file],
  ([id, domain, path, , file]) => [id, domain, path, 12, file],
  ([, domain, path, flags, file]) => ['../../../etc/passwd', domain, path, flags, file],
  ([id, domain, path, flags, file]) => [`${String(id)}0`, domain, path, flags, file],
  ([id, domain, path, flags, file]) => [String(id).slice(1), domain, path, flags, file],
  ([id, domain, path, flags, file]) => [String(id).toUpperCase(), domain, path, flags, file],
  ([id, domain, path, flags]) => [id, domain, path, flags, null],
  ([id, domain, path, flags]) => [id, domain, path, flags, 'text'],
  ([id, domain, path, flags]) => [id, domain, path, flags, Buffer.alloc(0)],
  ([id, domain, path, flags, file]) => [id, domain, `${String(path)}\0x`, flags, file],
  ([id, domain, path, flags, file]) => [id, `${String(domain)}\0`, path, flags, file],
  ([id, domain, path, flags, file]) => [id, domain, Buffer.from(String(path)), flags, file],
  ([id, , path, flags, file]) => [id, 5, path, flags, file],
  ([id, domain, , flags, file]) => [id, domain, '', flags, file],
  ([id, domain, , flags, file]) => [id, domain, 'long/'.repeat(2000), flags, file],
];

describe('a listing', () => {
  test('tells what is a file by the archives where the table has no flags', async () => {
    const path = join(dir, 'flagless');
    mkdirSync(path);
    using database = openDatabase(join(path, 'Manifest.db'), { create: true });
    database.exec('CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, file BLOB)');
    const insert = database.prepare('INSERT INTO Files VALUES (?, ?, ?, ?)');
    const paths = ['a.txt', 'b.txt'];
    for (const each of paths) insert.run(fileIdOf('HomeDomain', each), 'HomeDomain', each, archive);
    using manifest = await openManifest(folderSource(path));
    assert.deepEqual(
      Array.from(manifest.listing(), ({ relativePath, kind }) => [relativePath, kind]),
      [
        ['a.txt', 'file'],
        ['b.txt', 'file'],
      ],
    );
    assert.deepEqual([...manifest.contentIds()], paths.map((each) => fileIdOf('HomeDomain', each)).toSorted());
    assert.equal(manifest.find('HomeDomain', 'b.txt')?.kind, 'file');
  });

  test('says what the entries say, wherever odd rows lie between the others', async () => {
    const odd = fc.array(fc.tuple(fc.nat(1200), fc.nat(oddities.length - 1)), { maxLength: 4 });
    const rows = fc.integer({ min: 0, max: 1200 });
    await fc.assert(
      fc.asyncProperty(rows, odd, fc.boolean(), async (count, changes, isOneDomain) => {
        const all = Array.from({ length: count }, (_, index) => rowOf(index));
        for (const [at, which] of changes) if (at < count) all[at] = oddities[which]?.(rowOf(at)) ?? rowOf(at);
        writeManifest(all);
        using manifest = await openManifest(folderSource(dir));
        const options = { ...(isOneDomain && { domain: 'Domain1' }), onProblem: () => undefined };
        assert.deepEqual(shown(manifest.listing(options)), shown(manifest.entries(options)));
      }),
      { numRuns: 40 },
    );
  });

  test('counts the rows that it leaves out', async () => {
    writeManifest([rowOf(1), [null, null, null, 16, null], rowOf(2)]);
    using manifest = await openManifest(folderSource(dir));
    const problems: string[] = [];
    const listed = [...manifest.listing({ onProblem: ({ reason }) => problems.push(reason) })];
    assert.deepEqual([listed.length, problems], [2, ['no-file-id']]);
  });
});

function shown(entries: Iterable<ManifestEntry>): string[] {
  const lines = Array.from(entries, (entry) =>
    JSON.stringify([entry.fileId, entry.domain, entry.relativePath, entry.kind, outline(entry)]),
  );
  return lines.toSorted();
}

function outline(entry: ManifestEntry): unknown {
  try {
    const { sizeBytes, mode, modifiedAt } = entry.outline();
    return [sizeBytes, mode, modifiedAt, entry.details()];
  } catch (error) {
    return String(error);
  }
}

function writeManifest(rows: readonly Row[]): void {
  const path = join(dir, 'Manifest.db');
  rmSync(path, { force: true });
  using database = openDatabase(path, { create: true });
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF');
  database.exec('CREATE TABLE Files (fileID TEXT, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)');
  const insert = database.prepare('INSERT INTO Files VALUES (?, ?, ?, ?, ?)');
  database.transaction(() => {
    for (const row of rows) insert.run(...row);
  });
}
