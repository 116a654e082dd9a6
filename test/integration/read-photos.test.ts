import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openPhotos, openVoiceMemos, type Photo } from '../../src/content/index.ts';
import { ExportFolder, type ContentExport, type ExportOptions } from '../../src/export/index.ts';
import { CONTENT_EXPORTS } from '../../src/export/registry.ts';
import { encodeExif, type CameraFacts } from '../../src/virtual-iphone/library/media/exif.ts';
import { encodeHeic } from '../../src/virtual-iphone/library/media/heic.ts';
import { encodeMovie } from '../../src/virtual-iphone/library/media/movie.ts';
import { readMediaFacts } from '../../src/media/index.ts';
import { backUpLifelikePhone, type LifelikeBackup } from '../support/lifelike-backup.ts';

for (const password of [undefined, 'Geheim 🔑']) {
  describe(`photos of ${password === undefined ? 'a plain' : 'an encrypted'} backup`, () => {
    let directory: string;
    let made: LifelikeBackup;
    /** What the phone held, by path below the domain. */
    const held = new Map<string, string>();

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
      made = await backUpLifelikePhone(directory, {
        ...(password !== undefined && { password }),
        change: ({ disk }) => {
          for (const file of disk.all()) {
            if (file.kind === 'file' && /CameraRoll|VoiceMemos/.test(file.domain)) {
              held.set(file.relativePath, sha256(disk.read(file)));
            }
          }
        },
      });
    });
    after(() => rm(directory, { recursive: true, force: true }));

    test('are all there, with what the phone knows of them', async () => {
      using backup = await made.open();
      using photos = await openPhotos(backup);
      assert.ok(photos !== undefined);
      const all = [...photos.all()];
      assert.deepEqual(photos.notAvailable, []);
      assert.deepEqual(
        all.filter(({ problem }) => problem !== undefined),
        [],
      );
      const special = all.slice(31);
      assert.deepEqual(special.map(summaryOf), [
        'IMG_5001.JPG photo burst unpicked in-backup',
        'IMG_5002.JPG photo burst picked in-backup',
        'IMG_5003.JPG photo burst picked in-backup',
        'IMG_5004.JPG photo panorama in-backup',
        'IMG_5005.JPG photo portrait in-backup',
        'IMG_5006.MOV video slow-motion in-backup',
        'IMG_5007.MOV video time-lapse in-backup',
        'IMG_5008.MOV video screen-recording in-backup',
        'IMG_5009.MOV video hidden in-backup',
        'IMG_5010.JPG photo in-backup raw',
        'IMG_5011.HEIC photo live favourite in-backup live-video edit-recipe edited edited-live-video',
        'IMG_5012.JPG photo smaller-copy',
        'IMG_5001.JPG photo in-backup',
        'IMG_5014.JPG photo in-backup',
        'IMG_0001.JPG photo shared-album in-backup',
        'IMG_0002.JPG photo shared-album not-downloaded',
        `${special.at(-1)?.fileName ?? ''} photo shared-with-you not-downloaded`,
      ]);
      const described = special.find(({ title }) => title !== null);
      assert.equal(described?.title, 'Brücke bei Nacht 🌉');
      assert.equal(described.caption, 'Mit „Opa“ & <Oma>,\nzweite Zeile');
      assert.deepEqual(described.keywords, ['Größe', 'New York', 'a|b']);
      assert.deepEqual(described.people, ['Erika Beispiel', 'Renée O’Hara']);
      assert.equal(described.address, 'Brooklyn Bridge, New York, NY, Vereinigte Staaten');
      assert.deepEqual([described.utcOffsetSeconds, described.timeZone], [-14_400, 'America/New_York']);
      assert.equal(special.find(({ origin }) => origin === 'shared-album')?.caption, 'Unser Garten 🌻');
    });

    test('are in the albums they were put in, in their order', async () => {
      using backup = await made.open();
      using photos = await openPhotos(backup);
      assert.ok(photos !== undefined);
      const names = new Map(photos.all().map((photo) => [photo.key, photo.fileName]));
      const albums = photos.albums.map((album) => [album.kind, ...album.folders, album.title, album.count]);
      assert.deepEqual(albums.slice(3), [
        ['shared', 'Familie', 3],
        ['folder', 'Reisen', 0],
        ['folder', 'Reisen', '2026', 0],
        ['album', 'Reisen', '2026', 'Rom & Neapel 🇮🇹', 2],
        ['album', 'Leer', 0],
        ['smart', 'Nach Regeln', 0],
      ]);
      const rome = photos.albums.find(({ title }) => title?.startsWith('Rom'));
      assert.ok(rome !== undefined);
      assert.deepEqual(
        [...photos.keysIn(rome)].map((key) => names.get(key)),
        ['IMG_5014.JPG', 'IMG_5004.JPG'],
      );
      assert.equal(photos.albums.find(({ kind }) => kind === 'shared')?.owner, 'Otto Beispiel');
    });

    test('that only iCloud has are told, and files that the library does not know', async () => {
      using backup = await made.open();
      using photos = await openPhotos(backup);
      assert.ok(photos !== undefined);
      const { own, inBackup, notDownloaded, smallerCopies, missing } = photos.count();
      assert.deepEqual([own, inBackup, notDownloaded, smallerCopies, missing], [45, 42, 2, 1, 0]);
      assert.equal(photos.cloud?.isOn, true);
      for (const photo of photos.all().filter(({ state }) => state === 'not-downloaded')) {
        assert.ok(photos.thumbnailOf(photo) !== undefined, photo.fileName ?? '');
      }
      assert.deepEqual(
        Array.from(photos.unlisted(), ({ key }) => key),
        ['file:DCIM/105APPLE/IMG_5018.JPG'],
      );
    });

    test('come out byte for byte, in folders by date, with all that belongs to them', async () => {
      const out = await takeOut(made, 'photos', 'xmp', join(directory, 'by date'), { deleted: true });
      const hashes = new Set(out.files.map(({ path }) => sha256(readFileSync(join(out.dir, path)))));
      for (const [path, hash] of held) {
        const isContent = /^Media\/(?:DCIM\/1|PhotoData\/(?:CPLAssets|Mutations|PhotoCloudSharingData))/.test(path);
        if (isContent) assert.ok(hashes.has(hash), path);
      }
      const paths = out.files.map(({ path }) => path);
      for (const expected of [
        '2026/2026-10/IMG_5011.HEIC',
        '2026/2026-10/IMG_5011.MOV',
        '2026/2026-10/IMG_5011 (edited).heic',
        '2026/2026-10/IMG_5011 (edited).mov',
        '2026/2026-10/IMG_5011.HEIC.xmp',
        '2026/2026-10/IMG_5010.DNG',
        '2026/2026-10/IMG_5001.JPG',
        '2026/2026-10/IMG_5001 (2).JPG',
        '2026/2026-10/IMG_5012 (smaller copy).JPG',
        'Hidden/2026/2026-10/IMG_5009.MOV',
        'Shared albums/Familie/IMG_0001.JPG',
        'Not in the photo library/2026/2026-11/IMG_5018.JPG',
        'index.html',
        'Photos.csv',
      ]) {
        assert.ok(paths.includes(expected), `${expected} is missing from\n${paths.join('\n')}`);
      }
      assert.equal(paths.filter((path) => path.startsWith('Recently Deleted/')).length, 2);
      const taken = statSync(join(out.dir, '2026/2026-10/IMG_5014.JPG')).mtime;
      assert.match(taken.toISOString(), /^2026-10-30T12:34:/);
      assert.ok(
        out.notes.some((note) =>
          note.startsWith('Not in this backup: 2 of 45 photos and videos; iCloud alone has them.'),
        ),
      );
      const list = readFileSync(join(out.dir, 'Not in this backup.txt'), 'utf8');
      assert.match(list, /IMG_0009\.JPG\t.*\tonly in iCloud\n/);
    });

    test('come out in folders by album, with JSON beside them', async () => {
      const out = await takeOut(made, 'photos', 'json', join(directory, 'by album'), { layout: 'album' });
      const paths = out.files.map(({ path }) => path);
      for (const expected of [
        'Reisen/2026/Rom & Neapel 🇮🇹/IMG_5014.JPG',
        'Reisen/2026/Rom & Neapel 🇮🇹/IMG_5014.JPG.json',
        'Familie/IMG_5014.JPG',
        'Not in an album/2026/2026-10/IMG_5011.HEIC',
      ]) {
        assert.ok(paths.includes(expected), expected);
      }
      assert.ok(!paths.some((path) => path.startsWith('Recently Deleted/')));
      const rome = JSON.parse(readFileSync(join(out.dir, 'Familie/IMG_5014.JPG.json'), 'utf8'));
      assert.deepEqual([rome.title, rome.people], ['Brücke bei Nacht 🌉', ['Erika Beispiel', 'Renée O’Hara']]);
      assert.match(rome.takenAt, /^2026-10-30T08:34:00-04:00$/);
      const all: { files: string[] }[] = JSON.parse(readFileSync(join(out.dir, 'Photos.json'), 'utf8'));
      assert.equal(all.length, 48);
    });

    test('have pages that hold nothing but text and pictures', async () => {
      const out = await takeOut(made, 'photos', 'html', join(directory, 'pages'), {});
      const pages = out.files.filter(({ path }) => path.endsWith('.html'));
      assert.ok(pages.length > 10);
      for (const { path } of pages) {
        const text = readFileSync(join(out.dir, path), 'utf8');
        assert.doesNotMatch(text, /<script|<Oma>|href="(?!\.\.\/|[\w%.-]+)/);
        const links = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => decodeURIComponent(link));
        for (const link of links) assert.ok(statSync(join(out.dir, path, '..', link)).isFile(), `${path}: ${link}`);
      }
    });

    test('voice memos come out with their names, sounds and transcripts', async () => {
      using backup = await made.open();
      const memos = await openVoiceMemos(backup);
      assert.deepEqual(
        memos?.memos
          .slice(1, 6)
          .map(({ title, folder, deletedAt, audio }) => [title, folder, !deletedAt, audio?.state]),
        [
          ['Einkaufszettel', null, true, 'in-backup'],
          ['Idee <fürs> Fest', 'Chor & Orchester 🎶', true, 'in-backup'],
          ['Stille', 'Chor & Orchester 🎶', true, 'in-backup'],
          ['Weggeworfen', null, false, 'in-backup'],
          ['Nur auf dem iPad', null, true, 'not-in-backup'],
        ],
      );
      const out = await takeOut(made, 'voice-memos', 'html', join(directory, 'memos'), { deleted: true });
      const paths = out.files.map(({ path }) => path);
      const hashes = new Set(out.files.map(({ path }) => sha256(readFileSync(join(out.dir, path)))));
      for (const [path, hash] of held)
        if (/^Recordings\/.*\.(?:m4a|qta)$/.test(path)) assert.ok(hashes.has(hash), path);
      const text = paths.find((path) => /^Chor & Orchester 🎶\/2026-11-09 .*Idee _fürs_ Fest\.txt$/.test(path));
      assert.equal(readFileSync(join(out.dir, text ?? ''), 'utf8'), 'Lampions im Garten!\n');
      assert.ok(paths.some((path) => /^Recently Deleted\/.*Weggeworfen\.m4a$/.test(path)));
      assert.ok(out.notes.some((note) => /not in this backup/.test(note)));
    });
  });
}

describe('files that say themselves when and where', () => {
  const facts: CameraFacts = {
    takenAt: new Date('2026-05-01T07:30:00Z'),
    utcOffsetMinutes: 120,
    widthPx: 640,
    heightPx: 480,
    model: 'iPhone 13',
    software: '18.5',
    location: { latitude: -33.8688, longitude: 151.2093, altitudeM: 12.5 },
    iso: 400,
  };

  test('are read: EXIF of a HEIC', async () => {
    const read = await readMediaFacts(once(encodeHeic(facts, Buffer.alloc(300_000, 3))), 'IMG_1.HEIC');
    assert.ok(read?.format === 'heic');
    const { takenAtLocal, utcOffset, model, iso, latitude = 0, longitude = 0 } = read;
    assert.deepEqual([takenAtLocal, utcOffset, model, iso], ['2026-05-01T09:30:00', '+02:00', 'iPhone 13', 400]);
    assert.ok(Math.abs(latitude + 33.8688) < 1e-4 && Math.abs(longitude - 151.2093) < 1e-4);
    assert.ok(
      encodeExif(facts)
        .subarray(6)
        .equals(read.tiff ?? Buffer.alloc(0)),
    );
  });

  test('are read: metadata of a film', async () => {
    const movie = encodeMovie({ facts, frames: [Buffer.alloc(1000), Buffer.alloc(1000)], framesPerSecond: 24 });
    const read = await readMediaFacts(once(movie), 'IMG_1.MOV');
    assert.deepEqual(read, {
      format: 'film',
      make: 'Apple',
      model: 'iPhone 13',
      software: '18.5',
      takenAt: '2026-05-01T09:30:00+02:00',
      durationSeconds: 50 / 600,
      latitude: -33.8688,
      longitude: 151.2093,
    });
  });
});

interface TakenOut {
  readonly dir: string;
  readonly files: readonly { readonly path: string }[];
  readonly notes: readonly string[];
}

async function takeOut(
  made: LifelikeBackup,
  kind: ContentExport['kind'],
  format: string,
  dir: string,
  options: ExportOptions,
): Promise<TakenOut> {
  using backup = await made.open();
  const folder = await ExportFolder.create(dir);
  const { signal } = new AbortController();
  const exporter = CONTENT_EXPORTS.find((each) => each.kind === kind);
  const request = { backup, folder, format, timeZone: 'Europe/Berlin', signal, options };
  const summary = await exporter?.run(request);
  assert.ok(summary !== undefined);
  return { dir, files: folder.files, notes: summary.notes };
}

function summaryOf(photo: Photo): string {
  const { fileName, originalName, kind, traits, origin, burst, isFavorite, isHidden, state, resources } = photo;
  return [
    originalName ?? fileName,
    kind,
    origin === 'library' ? '' : origin,
    ...traits,
    burst && (burst.isPick ? 'picked' : 'unpicked'),
    isFavorite === true && 'favourite',
    isHidden === true && 'hidden',
    state,
    ...resources.slice(1).map(({ role }) => role),
  ]
    .filter(Boolean)
    .join(' ');
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, undefined> {
  yield bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
