import type { PhotoDays } from '../../../contract/index.ts';
import {
  PhotoCounter,
  type Photo,
  type PhotoAlbum,
  type PhotoInBrief,
  type PhotoCounts,
  type Photos,
} from '../../../content/index.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import { photosIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { shortId } from '../values.ts';
import { PhotoRows } from './photo-rows.ts';

/** Which photos: subsets of the library, and what the phone keeps apart from it. */
const VIEWS = ['library', 'favorites', 'videos', 'live', 'screenshots', 'hidden', 'deleted', 'shared'] as const;
type View = (typeof VIEWS)[number];

/** What a photo is, as bits. The first three are of photos that are kept apart. */
const HIDDEN = 1;
const DELETED = 2;
const SHARED = 4;
const BURST = 8;
const FAVORITE = 16;
const VIDEO = 32;
const LIVE = 64;
const SCREENSHOT = 128;
/** The original is not here: a smaller copy, or nothing. */
const ELSEWHERE = 256;
const APART = HIDDEN | DELETED | SHARED | BURST;

const TESTS: Readonly<Record<View, (flags: number) => boolean>> = {
  library: (flags) => (flags & APART) === 0,
  favorites: (flags) => (flags & (APART | FAVORITE)) === FAVORITE,
  videos: (flags) => (flags & (APART | VIDEO)) === VIDEO,
  live: (flags) => (flags & (APART | LIVE)) === LIVE,
  screenshots: (flags) => (flags & (APART | SCREENSHOT)) === SCREENSHOT,
  hidden: (flags) => (flags & (HIDDEN | DELETED)) === HIDDEN,
  deleted: (flags) => (flags & DELETED) !== 0,
  shared: (flags) => (flags & (SHARED | DELETED)) === SHARED,
};

/**
 * All photos of a version in a few numbers each, so that 50,000 of them take three megabytes and any page of them is a
 * matter of looking up. Photos are numbered: those of the library first, newest first, then what is kept apart.
 */
export class PhotoLibrary {
  readonly photos: Photos;
  readonly newestAt: string | undefined;
  /** What `Photos.count` counts, without going through them once more. */
  readonly originals: PhotoCounts;
  readonly #rows: PhotoRows;
  #numbers: ReadonlyMap<string, number> | undefined;

  private constructor(photos: Photos, rows: PhotoRows, originals: PhotoCounts) {
    this.photos = photos;
    this.originals = originals;
    this.#rows = rows;
    const [newest] = rows.takenMs;
    this.newestAt = newest === undefined || Number.isNaN(newest) ? undefined : new Date(newest).toISOString();
  }

  static async read(photos: Photos, signal: AbortSignal): Promise<PhotoLibrary> {
    const rows = new PhotoRows();
    const counter = new PhotoCounter();
    const add = (photo: PhotoInBrief): void => {
      counter.add(photo);
      rows.add(photo, flagsOf(photo));
    };
    await forEachInSlices(photos.allInBrief(), add, signal);
    // Without an index, the files alone are all there are, and were told by `all`.
    if (photos.indexProblem === undefined) await forEachInSlices(photos.unlisted(), add, signal);
    rows.sort((flags) => ((flags & APART) === 0 ? 0 : 1));
    return new PhotoLibrary(photos, rows, counter.counts);
  }

  /** Of all, those kept apart included. */
  get size(): number {
    return this.#rows.size;
  }

  keyOf(n: number): string | undefined {
    return this.#rows.keys[n];
  }

  numberOf(key: string): number | undefined {
    this.#numbers ??= new Map(this.#rows.keys.map((each, n) => [each, n]));
    return this.#numbers.get(key);
  }

  /** The photos of these numbers; what cannot be found any more is left out. */
  photosOf(numbers: readonly number[]): { readonly n: number; readonly photo: Photo }[] {
    const wanted = numbers.flatMap((n) => this.keyOf(n) ?? []);
    return this.photos.some(wanted).map((photo) => ({ n: this.numberOf(photo.key) ?? 0, photo }));
  }

  total(view: View): number {
    return this.#rows.flags.reduce((sum, flags) => sum + (TESTS[view](flags) ? 1 : 0), 0);
  }

  counts(): Record<View, number> {
    return Object.fromEntries(VIEWS.map((view) => [view, this.total(view)])) as Record<View, number>; // of all views
  }

  /**
   * The numbers of a view, newest first.
   *
   * @param view one of the views, or `album:` and an id.
   * @returns undefined for a view that there is not.
   */
  numbersOf(view: string): number[] | undefined {
    if (view.startsWith('album:')) {
      const album = this.albumOf(view.slice('album:'.length));
      if (album === undefined) return undefined;
      const numbers = Array.from(this.photos.keysIn(album), (key) => this.numberOf(key));
      return numbers
        .filter((n) => n !== undefined)
        .toSorted((a, b) => this.#rows.localMsOf(b) - this.#rows.localMsOf(a));
    }
    const test = TESTS[view as View] as ((flags: number) => boolean) | undefined; // whatever was asked for
    if (test === undefined) return undefined;
    const numbers: number[] = [];
    for (const [n, flags] of this.#rows.flags.entries()) if (test(flags)) numbers.push(n);
    return numbers;
  }

  albumOf(id: string): PhotoAlbum | undefined {
    return this.photos.albums.find((album) => shortId(album.id) === id);
  }

  /** What a page lays a grid out with. Undefined for a view that there is not. */
  days(view: string): PhotoDays | undefined {
    const numbers = this.numbersOf(view);
    if (numbers === undefined) return undefined;
    const days: [string, number][] = [];
    const ratios: number[] = [];
    const seconds: number[] = [];
    let marks = '';
    for (const n of numbers) {
      const day = this.#rows.dayOf(n);
      const last = days.at(-1);
      if (last?.[0] === day) last[1]++;
      else days.push([day, 1]);
      ratios.push(this.#rows.ratios[n] ?? 100);
      seconds.push(Math.round((this.#rows.seconds[n] ?? 0) * 10) / 10);
      marks += markOf(this.#rows.flags[n] ?? 0);
    }
    const isPlain = numbers.every((n, i) => n === i);
    return {
      view,
      total: numbers.length,
      days,
      ...(!isPlain && { numbers }),
      ratios,
      marks,
      ...(seconds.some((each) => each > 0) && { seconds }),
    };
  }

  /** Every photo of the library that has a position: number, latitude, longitude. */
  *placed(): Generator<{ n: number; latitude: number; longitude: number }, undefined> {
    const { flags, latitudes, longitudes } = this.#rows;
    for (const [n, bits] of flags.entries()) {
      const [latitude = NaN, longitude = NaN] = [latitudes[n], longitudes[n]];
      if (TESTS.library(bits) && !Number.isNaN(latitude)) yield { n, latitude, longitude };
    }
  }
}

/** Read when photos are first asked for. */
export const photoLibrary = (unlocked: Unlocked): Promise<PhotoLibrary | undefined> =>
  unlocked.once('photo library', async () => {
    const photos = await photosIn(unlocked);
    return photos && PhotoLibrary.read(photos, unlocked.signal);
  });

const markOf = (flags: number): string => (flags & VIDEO ? 'v' : flags & ELSEWHERE ? 'c' : flags & LIVE ? 'l' : '-');

function flagsOf({ kind, traits, origin, state, isHidden, isDeleted, isFavorite, burst }: PhotoInBrief): number {
  const isShared = origin === 'shared-album' || origin === 'shared-with-you';
  return (
    (isHidden === true ? HIDDEN : 0) |
    (isDeleted === true ? DELETED : 0) |
    (isShared ? SHARED : 0) |
    (burst && !burst.isPick ? BURST : 0) |
    (isFavorite === true ? FAVORITE : 0) |
    (kind === 'video' ? VIDEO : 0) |
    (traits.includes('live') ? LIVE : 0) |
    (traits.includes('screenshot') ? SCREENSHOT : 0) |
    (state === 'in-backup' ? 0 : ELSEWHERE)
  );
}
