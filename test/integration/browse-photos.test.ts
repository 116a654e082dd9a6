/** Photos and files as a page gets them: the grid, pictures, films in ranges, the map, folders. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  FileDomains,
  Folder,
  FoundFiles,
  PhotoAlbums,
  PhotoDays,
  PhotoDetails,
  PhotoPlaces,
  PhotosAt,
  PhotoSummaries,
} from '../../src/contract/index.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';

const CAMERA_ROLL = 'CameraRollDomain';

for (const encrypted of [true, false]) {
  describe(encrypted ? 'an encrypted version' : 'a version without encryption', () => {
    let scene: BrowsingScene;
    let version: string;
    const get = (path: string): Promise<unknown> => scene.get(`${version}/${path}`);
    const bytes = async (path: string, range?: string): Promise<{ answer: Response; body: Buffer }> => {
      const headers = range === undefined ? {} : { headers: { range } };
      const answer = await scene.owner.ask(`${version}/${path}`, headers);
      return { answer, body: Buffer.from(await answer.arrayBuffer()) };
    };
    const onPhone = (domain: string, path: string): Buffer => {
      const file = scene.both.phone.disk.get(domain, path);
      assert.ok(file !== undefined, path);
      return Buffer.from(scene.both.phone.disk.read(file));
    };

    before(async () => {
      scene = await startBrowsingScene({ encrypted });
      version = `snapshots/${scene.snapshot}`;
      if (!encrypted) return;
      const answer = await scene.owner.ask(`${version}/unlock`, {
        method: 'POST',
        body: { password: BACKUP_PASSWORD },
      });
      assert.equal(answer.status, 200);
    });
    after(() => scene[Symbol.asyncDispose]());

    test('the grid knows days, shapes and kinds of all photos, and numbers lead to each of them', async () => {
      const library = PhotoDays.parse(await get('photos/days'));
      assert.equal(library.numbers, undefined);
      assert.deepEqual([library.ratios.length, library.marks.length], [library.total, library.total]);
      assert.equal(
        library.days.reduce((sum, [, count]) => sum + count, 0),
        library.total,
      );
      const days = library.days.map(([day]) => day);
      assert.deepEqual(days, days.toSorted().toReversed());
      const { items } = PhotoSummaries.parse(await get(`photos?limit=200`));
      for (const photo of items.filter(({ n }) => n < library.total)) {
        const isVideo = photo.kind === 'video';
        assert.equal(library.marks[photo.n] === 'v', isVideo);
        if (photo.widthPx !== undefined && photo.heightPx !== undefined) {
          assert.equal(library.ratios[photo.n], Math.round((photo.widthPx / photo.heightPx) * 100));
        }
      }
      const picked = PhotoSummaries.parse(await get('photos?n=3,1')).items;
      assert.deepEqual(
        picked.map(({ n }) => n),
        [3, 1],
      );
    });

    test('views and albums are parts of the whole', async () => {
      const { views, albums } = PhotoAlbums.parse(await get('photos/albums'));
      for (const [view, count] of Object.entries(views)) {
        const days = PhotoDays.parse(await get(`photos/days?view=${view}`));
        assert.equal(days.total, count, view);
        assert.equal((days.numbers ?? Array.from({ length: count }, (_, n) => n)).length, count);
      }
      const album = albums.find(({ photos }) => photos > 0);
      assert.ok(album !== undefined);
      const days = PhotoDays.parse(await get(`photos/days?view=album:${album.id}`));
      assert.equal(days.total, album.photos);
      const [first = 0] = days.numbers ?? [];
      const details = PhotoDetails.parse(await get(`photos/${first}`));
      assert.ok(details.albums.some(({ id }) => id === album.id));
      assert.equal((await bytes('photos/days?view=album:unknown')).answer.status, 404);
      assert.equal((await bytes('photos/days?view=everything')).answer.status, 400);
    });

    test('small pictures, pictures for the screen and originals are what the phone has', async () => {
      const { items } = PhotoSummaries.parse(await get('photos?limit=200'));
      const kinds = new Set<string>();
      for (const { n, state } of items) {
        const small = await bytes(`photos/${n}/thumbnail`);
        if (small.answer.status === 200) {
          assert.equal(small.body.readUInt16BE(0), 0xffd8);
          assert.equal(small.answer.headers.get('content-type'), 'image/jpeg');
        } else assert.equal(small.answer.status, 404);
        const { files } = PhotoDetails.parse(await get(`photos/${n}`));
        const original = files.find(({ role }) => role === 'original');
        const loaded = await bytes(`photos/${n}/original`);
        assert.equal(loaded.answer.status, original?.file === undefined ? 404 : 200, state);
        if (original?.file === undefined) continue;
        const [, path = ''] = Buffer.from(original.file, 'base64url').toString().split('\0');
        assert.ok(loaded.body.equals(onPhone(CAMERA_ROLL, path)), path);
        assert.match(loaded.answer.headers.get('content-disposition') ?? '', /^attachment;/);
        const view = await bytes(`photos/${n}/view`);
        kinds.add(`${path.split('.').at(-1)?.toLowerCase()} ${view.answer.headers.get('content-type')}`);
      }
      assert.ok(kinds.has('jpg image/jpeg'));
      assert.ok(
        [...kinds].every(
          (kind) => !kind.startsWith('heic') || kind === 'heic image/jpeg' || kind.endsWith('json; charset=utf-8'),
        ),
      );
    });

    test('a film comes in any range, and so does the film of a Live Photo', async () => {
      const library = PhotoDays.parse(await get('photos/days'));
      for (const mark of ['v', 'l']) {
        const n = library.marks.indexOf(mark);
        const whole = await bytes(`photos/${n}/film`);
        assert.equal(whole.answer.status, 200);
        assert.equal(whole.answer.headers.get('content-type'), 'video/mp4');
        const size = whole.body.length;
        for (const [asked, start, end] of [
          ['bytes=0-0', 0, 1],
          ['bytes=0-', 0, size],
          ['bytes=15-16', 15, 17],
          ['bytes=16-47', 16, 48],
          [`bytes=${size - 17}-${size + 99}`, size - 17, size],
          ['bytes=-33', size - 33, size],
        ] as const) {
          const { answer, body } = await bytes(`photos/${n}/film`, asked);
          assert.equal(answer.status, 206, asked);
          assert.equal(answer.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`);
          assert.ok(body.equals(whole.body.subarray(start, end)), asked);
        }
        assert.equal((await bytes(`photos/${n}/film`, `bytes=${size}-`)).answer.status, 416);
        assert.equal((await bytes(`photos/${n}/film`, 'bytes=5-2')).answer.status, 200);
        assert.equal((await bytes(`photos/${n}/film`, 'lines=1-2')).answer.status, 200);
        const head = await scene.owner.ask(`${version}/photos/${n}/film`, { method: 'HEAD' });
        assert.equal(head.headers.get('content-length'), String(size));
      }
      assert.equal((await bytes('photos/9999/film')).answer.status, 404);
      assert.equal((await bytes('photos/-1/film')).answer.status, 400);
    });

    test('photos near each other are one place on the map, and a part of the map has its photos', async () => {
      const places = PhotoPlaces.parse(await get('photos/places?zoom=2'));
      const sum = places.clusters.reduce((total, { photos }) => total + photos, 0);
      assert.equal(sum, places.placed);
      assert.ok(places.placed > 0);
      const finer = PhotoPlaces.parse(await get('photos/places?zoom=12'));
      assert.ok(finer.clusters.length > places.clusters.length);
      const [largest] = places.clusters;
      const [west = 0, south = 0, east = 0, north = 0] = largest?.box ?? [];
      const box = `west=${west - 0.001}&south=${south - 0.001}&east=${east + 0.001}&north=${north + 0.001}`;
      assert.equal(PhotosAt.parse(await get(`photos/at?${box}`)).total, largest?.photos);
    });

    test('folders are listed page by page, files found and loaded as they are on the phone', async () => {
      const { domains } = FileDomains.parse(await get('files'));
      const media = domains.find(({ domain }) => domain === CAMERA_ROLL);
      assert.ok(media !== undefined && media.files > 10);
      const path = `files/folder?domain=${CAMERA_ROLL}&path=Media/DCIM/100APPLE`;
      const all = Folder.parse(await get(path));
      const paged: string[] = [];
      for (let from: number | undefined = 0; from !== undefined;) {
        const page: Folder = Folder.parse(await get(`${path}&from=${from}&limit=7`));
        paged.push(...page.items.map(({ name }) => name));
        from = page.next;
      }
      assert.deepEqual(
        paged,
        all.items.map(({ name }) => name),
      );
      const found = FoundFiles.parse(await get('files/find?name=sms.db'));
      assert.deepEqual(
        found.items.map(({ domain, path: at }) => [domain, at]),
        [['HomeDomain', 'Library/SMS/sms.db']],
      );
      const database = await bytes(`files/content/${found.items[0]?.file ?? ''}`);
      assert.ok(database.body.equals(onPhone('HomeDomain', 'Library/SMS/sms.db')));
      assert.equal((await bytes('files/folder?domain=HomeDomain&path=No/Such')).answer.status, 404);
      assert.ok(FoundFiles.parse(await get('files/find?name=*.jpg&limit=2')).isMore);
    });
  });
}
