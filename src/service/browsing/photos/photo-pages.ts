import type {
  PhotoAlbums,
  PhotoDays,
  PhotoDetails,
  PhotoPlaces,
  PhotosAt,
  PhotoSummaries,
  PlacesQuery,
} from '../../../contract/index.ts';
import type { Photo } from '../../../content/index.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, shortId, textOrNone } from '../values.ts';
import { photoLibrary, type PhotoLibrary } from './photo-library.ts';
import { tellDetails, tellPhoto } from './tell-photo.ts';

/** @throws {AppError} CONTENT_NOT_FOUND */
export async function demandLibrary(unlocked: Unlocked): Promise<PhotoLibrary> {
  return demandKind(await photoLibrary(unlocked), 'photos');
}

/** @throws {AppError} CONTENT_NOT_FOUND */
export async function demandPhoto(unlocked: Unlocked, n: number): Promise<Photo> {
  return demandItem((await demandLibrary(unlocked)).photosOf([n])[0]?.photo, 'photo');
}

/** All photos of a view in the least space. @throws {AppError} CONTENT_NOT_FOUND */
export async function photoDays(unlocked: Unlocked, view: string): Promise<PhotoDays> {
  return demandItem((await demandLibrary(unlocked)).days(view), 'album');
}

export async function listPhotos(
  unlocked: Unlocked,
  { n, from, limit }: { n?: string | undefined; from: number; limit: number },
): Promise<PhotoSummaries> {
  const library = await demandLibrary(unlocked);
  const numbers = n?.split(',').map(Number) ?? Array.from({ length: limit }, (_, i) => from + i);
  return { items: library.photosOf(numbers).map((each) => tellPhoto(each.photo, each.n)), total: library.size };
}

export async function readPhoto(unlocked: Unlocked, n: number): Promise<PhotoDetails> {
  return tellDetails(unlocked, await demandPhoto(unlocked, n), n);
}

/** Where a photo is that a search has found. @throws {AppError} CONTENT_NOT_FOUND */
export async function placeOfPhoto(unlocked: Unlocked, key: string): Promise<{ n: number }> {
  return { n: demandItem((await demandLibrary(unlocked)).numberOf(key), 'photo') };
}

export async function listAlbums(unlocked: Unlocked): Promise<PhotoAlbums> {
  const library = await demandLibrary(unlocked);
  const { photos } = library;
  return unlocked.once('albums', () =>
    Promise.resolve({
      albums: photos.albums
        .filter(({ kind, isDeleted }) => kind !== 'folder' && kind !== 'smart' && !isDeleted)
        .map((album) => {
          const numbers = library.numbersOf(`album:${shortId(album.id)}`) ?? [];
          return {
            id: shortId(album.id),
            kind: album.kind,
            title: album.title ?? '',
            folders: [...album.folders],
            photos: numbers.length,
            owner: textOrNone(album.owner),
            cover: numbers[0],
          };
        }),
      views: library.counts(),
      problem: photos.indexProblem ?? photos.indexDamage,
    }),
  );
}

interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Photos near each other as one, by squares of a grid that gets finer with the zoom. */
export async function photoPlaces(unlocked: Unlocked, query: PlacesQuery): Promise<PhotoPlaces> {
  const library = await demandLibrary(unlocked);
  const cell = 360 / 2 ** query.zoom / 4;
  const cells = new Map<string, { box: Box; latitudes: number; longitudes: number; photos: number; n: number }>();
  let placed = 0;
  for (const { n, latitude, longitude } of library.placed()) {
    placed++;
    if (!isWithin(query, latitude, longitude)) continue;
    const name = `${Math.floor(latitude / cell)} ${Math.floor(longitude / cell)}`;
    const known = cells.get(name);
    if (known === undefined) {
      const box = { west: longitude, south: latitude, east: longitude, north: latitude };
      cells.set(name, { box, latitudes: latitude, longitudes: longitude, photos: 1, n });
      continue;
    }
    known.photos++;
    known.latitudes += latitude;
    known.longitudes += longitude;
    known.box.west = Math.min(known.box.west, longitude);
    known.box.east = Math.max(known.box.east, longitude);
    known.box.south = Math.min(known.box.south, latitude);
    known.box.north = Math.max(known.box.north, latitude);
  }
  const clusters = Array.from(cells.values(), ({ box, latitudes, longitudes, photos, n }) => ({
    latitude: latitudes / photos,
    longitude: longitudes / photos,
    photos,
    n,
    box: [box.west, box.south, box.east, box.north] as [number, number, number, number],
  }));
  return { placed, clusters: clusters.toSorted((a, b) => b.photos - a.photos).slice(0, MAX_CLUSTERS) };
}

const MAX_CLUSTERS = 2000;

export async function photosAt(unlocked: Unlocked, query: Box & { limit: number }): Promise<PhotosAt> {
  const library = await demandLibrary(unlocked);
  const numbers: number[] = [];
  let total = 0;
  for (const { n, latitude, longitude } of library.placed()) {
    if (!isWithin(query, latitude, longitude)) continue;
    if (total++ < query.limit) numbers.push(n);
  }
  return { numbers, total };
}

/** A part of the map may lie across the line where the days change: then its west is east of its east. */
function isWithin({ west, south, east, north }: Box, latitude: number, longitude: number): boolean {
  const isBetween = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
  return isBetween && latitude >= south && latitude <= north;
}
