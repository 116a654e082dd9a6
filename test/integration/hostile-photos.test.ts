import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { databaseBytes, memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { ExportFolder, type ExportOptions } from '../../src/export/index.ts';
import { CONTENT_EXPORTS } from '../../src/export/registry.ts';

/** Names that programs fall over; each photo and each album has one. */
const NAMES = [
  '../../../outside.jpg',
  '/etc/passwd.jpg',
  'CON.jpg',
  `${'ü'.repeat(300)}.jpg`,
  '<script>alert(1)</script>.jpg',
  '=cmd|calc!A1.jpg',
  'Ö.jpg',
  'O\u0308.jpg',
  'ö.JPG',
  '👩‍👩‍👧‍👦.jpg',
  'gpj.\u202Eexe',
  '.jpg',
  'line\nbreak.jpg',
];

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]);
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('photos with hostile names', () => {
  for (const layout of ['date', 'album'] as const) {
    test(`stay in their folder, each under a name of its own (by ${layout})`, async () => {
      const { outer, dir, paths } = await takeOut({ layout });
      assert.deepEqual((await readdir(outer)).toSorted(), ['out', 'secret']);
      const photos = paths.filter((path) => /\.(?:jpe?g|exe)$/i.test(path) && !path.startsWith('gallery/'));
      assert.ok(photos.length >= NAMES.length);
      for (const path of photos) assert.ok(readFileSync(join(dir, path)).equals(JPEG), path);
      for (const path of paths) {
        assert.doesNotMatch(path, /(?:^|\/)\.\.(?:\/|$)|[<>:"|?*\n\u202e]/, JSON.stringify(path));
        for (const part of path.split('/')) assert.ok(Buffer.byteLength(part) <= 255, path);
      }
    });
  }

  test('are text on pages and in tables', async () => {
    const { dir, paths } = await takeOut({});
    for (const path of paths.filter((each) => each.endsWith('.html'))) {
      assert.doesNotMatch(readFileSync(join(dir, path), 'utf8'), /<script/i, path);
    }
    const table = readFileSync(join(dir, 'Photos.csv'), 'utf8');
    assert.match(table, /^'=cmd/m);
    assert.doesNotMatch(table, /^"?=cmd/m);
  });
});

async function takeOut(options: ExportOptions): Promise<{ outer: string; dir: string; paths: string[] }> {
  const outer = await mkdtemp(join(tmpdir(), 'holdfast-'));
  folders.push(outer);
  await mkdir(join(outer, 'secret'));
  const dir = join(outer, 'out');
  const folder = await ExportFolder.create(dir);
  const exporter = CONTENT_EXPORTS.find(({ kind }) => kind === 'photos');
  const { signal } = new AbortController();
  const request = { backup: hostileBackup(), folder, format: 'xmp', timeZone: 'UTC', signal, options };
  const summary = await exporter?.run(request);
  assert.equal(summary?.items, NAMES.length);
  return { outer, dir, paths: folder.files.map(({ path }) => path) };
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function hostileBackup(): ReturnType<typeof memoryBackup> {
  const rows = NAMES.map(
    (name, i) => `(${i + 1}, 'U${i}', 'DCIM/100APPLE', 'IMG_${i}.JPG', 0, ${i + 1}, ${text(name)})`,
  );
  const albums = NAMES.map((name, i) => `(${i + 1}, 2, ${text(name)})`);
  const sql = `
    CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZADDITIONALATTRIBUTES, ZTITLE);
    INSERT INTO ZASSET VALUES ${rows.join(', ')};
    CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZORIGINALFILENAME);
    INSERT INTO ZADDITIONALASSETATTRIBUTES SELECT Z_PK, ZTITLE FROM ZASSET;
    CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND, ZTITLE);
    INSERT INTO ZGENERICALBUM VALUES ${albums.join(', ')};
    CREATE TABLE Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS);
    INSERT INTO Z_30ASSETS SELECT Z_PK, Z_PK FROM ZASSET;`;
  const files = NAMES.map((_, i) => [`CameraRollDomain:Media/DCIM/100APPLE/IMG_${i}.JPG`, JPEG] as const);
  const index = ['CameraRollDomain:Media/PhotoData/Photos.sqlite', databaseBytes(sql)] as const;
  return memoryBackup(Object.fromEntries([...files, index]));
}
