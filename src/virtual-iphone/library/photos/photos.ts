import { encodeBinaryPlist } from '../../../formats/index.ts';
import { DAY_MS, daysBefore } from '../apple-time.ts';
import { editCoreData, makeCoreData, type CoreDataStore } from '../core-data.ts';
import { rewrite, type Library } from '../library.ts';
import { makeFilm, makeLivePhoto, makePhoto, makeScreenshot, PHOTOS_DOMAIN, type Shot } from './photo-files.ts';
import { addAlbum, addAsset, type Asset } from './photo-rows.ts';
import { addSpecialPhotos } from './photo-specials.ts';
import { PHOTOS_MODEL } from './photos-model.ts';
import type { Random } from '../random.ts';
import { title } from '../texts.ts';

const INDEX_PATH = 'Media/PhotoData/Photos.sqlite';
/** Number of the last picture, so that the next day goes on counting. */
const LAST_NUMBER = 'library.lastPhotoNumber';

type Kind = Asset['kind'];

/** The camera roll: DCIM, thumbnails, edits, and the index over them. */
export function fillPhotos(library: Library): void {
  const { disk, now } = library;
  const random = library.random('photos');
  const kinds = shuffledKinds(library, random);
  const times = kinds
    .map(() => random.moment(daysBefore(now, 1100), now))
    .toSorted((a, b) => a.getTime() - b.getTime());
  const assets = kinds.map((kind, i) => shoot(library, random, kind, i + 1, times[i] ?? now));
  disk.settings.set(LAST_NUMBER, assets.length);
  const index = makeCoreData(PHOTOS_MODEL, random.uuid(), (store) => {
    const keys = assets.map((asset) => addAsset(store, library, asset));
    for (const name of ['Bodensee 2025', 'Küche & Garten 🌱', title(random)]) {
      const uuid = random.uuid();
      const shown = random.some(keys, 6);
      addAlbum(store, { title: name, uuid, assets: shown, madeAt: daysBefore(now, random.between(10, 400)) });
    }
    addSpecialPhotos(library, store);
  });
  disk.writeFile(PHOTOS_DOMAIN, INDEX_PATH, index, { modifiedAt: now });
  writeBookkeeping(library, assets);
}

/** New pictures, and one deleted for good. */
export function changePhotos(library: Library, count: number): void {
  const { disk, now } = library;
  const random = library.random('photos');
  const last = Number(disk.settings.get(LAST_NUMBER) ?? 0);
  const kinds: readonly [Kind, ...Kind[]] = ['photo', 'photo', 'live', 'screenshot'];
  rewrite(library, PHOTOS_DOMAIN, INDEX_PATH, (bytes) => {
    const assets = Array.from({ length: count }, (_, i) =>
      shoot(library, random, random.pick(kinds), last + 1 + i, random.moment(daysBefore(now, 1), now)),
    );
    disk.settings.set(LAST_NUMBER, last + count);
    return editCoreData(bytes, (store) => {
      for (const asset of assets) addAsset(store, library, asset);
      deleteOne(library, store);
    });
  });
}

/** Removes one of the pictures that lie in "Recently Deleted", if there is one. */
function deleteOne({ disk }: Library, { database }: CoreDataStore): void {
  const oldest = database
    .prepare('SELECT Z_PK, ZDIRECTORY, ZFILENAME FROM ZASSET WHERE ZTRASHEDSTATE = 1 ORDER BY ZTRASHEDDATE LIMIT 1')
    .get();
  if (!oldest) return;
  const key = oldest['Z_PK'] ?? null;
  database.prepare('DELETE FROM ZASSET WHERE Z_PK = ?').run(key);
  for (const table of ['ZADDITIONALASSETATTRIBUTES', 'ZEXTENDEDATTRIBUTES', 'ZINTERNALRESOURCE']) {
    database.prepare(`DELETE FROM ${table} WHERE ZASSET = ?`).run(key);
  }
  database.prepare('DELETE FROM Z_30ASSETS WHERE Z_3ASSETS = ?').run(key);
  const path = `Media/${String(oldest['ZDIRECTORY'])}/${String(oldest['ZFILENAME'])}`;
  for (const name of [path, path.replace(/HEIC$/, 'MOV')]) {
    if (disk.get(PHOTOS_DOMAIN, name)) disk.remove(PHOTOS_DOMAIN, name);
  }
}

function shuffledKinds({ amounts }: Library, random: Random): Kind[] {
  const counts = {
    photo: amounts.photos,
    live: amounts.livePhotos,
    screenshot: amounts.screenshots,
    video: amounts.videos,
  };
  const kinds = (['photo', 'live', 'screenshot', 'video'] as const).flatMap((kind) =>
    Array<Kind>(counts[kind]).fill(kind),
  );
  return kinds
    .map((kind) => ({ kind, order: random.word() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ kind }) => kind);
}

/** Takes one picture or film and writes its files; which ones are favourites, edited or deleted follows from the number. */
function shoot(library: Library, random: Random, kind: Kind, number: number, takenAt: Date): Asset {
  const shot: Shot = {
    number,
    takenAt,
    uuid: random.uuid(),
    isOffloaded: number % 17 === 9,
    isEdited: kind === 'photo' && number % 13 === 6,
  };
  const more = {
    uuid: shot.uuid,
    isFavorite: number % 9 === 4,
    isHidden: number % 31 === 12,
    ...(number % 23 === 15 && {
      trashedAt: new Date(Math.max(takenAt.getTime(), library.now.getTime() - 12 * DAY_MS)),
    }),
  };
  switch (kind) {
    case 'photo':
      return { ...makePhoto(library, random, shot), ...more };
    case 'live':
      return { ...makeLivePhoto(library, random, shot), ...more };
    case 'screenshot':
      return { ...makeScreenshot(library, random, shot), ...more };
    case 'video':
      return { ...makeFilm(library, random, shot), ...more };
  }
  throw new RangeError('unknown kind');
}

/** What lies beside the index: the state of iCloud Photos, and folders that are there even when empty. */
function writeBookkeeping({ disk, now }: Library, assets: readonly Asset[]): void {
  const away = assets.filter(({ isOffloaded }) => isOffloaded).length;
  const status = encodeBinaryPlist({
    iCloudLibraryExists: true,
    lastSyncDate: daysBefore(now, 1),
    cloudAssetCountPerType: { 'public.image': assets.length, 'public.movie': 0 },
    cloudOnlyCount: away,
  });
  disk.writeFile(PHOTOS_DOMAIN, 'Media/PhotoData/CPL/syncstatus.plist', status, { modifiedAt: now });
  for (const folder of [
    'Media/PhotoData/Caches',
    'Media/PhotoData/Metadata',
    'Media/PhotoData/PhotoCloudSharingData',
  ]) {
    disk.makeDirectory(PHOTOS_DOMAIN, folder, { modifiedAt: now });
  }
  disk.writeFile(PHOTOS_DOMAIN, 'Media/DCIM/.MISC/Incoming/.keep', Buffer.alloc(0), { modifiedAt: now });
}
