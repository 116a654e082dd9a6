import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { openContentDatabase, type Place } from '../source/content-database.ts';
import { CameraRoll, isPhotoFile } from './camera-roll.ts';
import { readCloudState, type CloudPhotosState } from './cloud-state.ts';
import type { Photo, PhotoAlbum, PhotoInBrief } from './photo.ts';
import { PhotoCounter, type PhotoCounts } from './photo-counts.ts';
import { FILE_KEY, photosOfFiles, type FileFacts } from './photo-files.ts';
import { PhotoIndex } from './photo-index.ts';

const INDEX_PLACES: readonly Place[] = ['CameraRollDomain', 'MediaDomain'].map((domain) => ({
  domain,
  relativePath: 'Media/PhotoData/Photos.sqlite',
}));

/**
 * The photos and videos of a phone: what its index (Photos.sqlite) records of them, and which of their files are in the
 * backup. Where the index is missing or cannot be read, the files alone. Dispose it to let go of the index.
 */
export class Photos implements Disposable {
  readonly #backup: Backup;
  readonly #roll: CameraRoll;
  readonly #index: PhotoIndex | undefined;
  /** Why there is no index to read: one sentence without a full stop; undefined where there is one. */
  readonly indexProblem: string | undefined;
  readonly cloud: CloudPhotosState | undefined;

  constructor(parts: {
    backup: Backup;
    roll: CameraRoll;
    index: PhotoIndex | undefined;
    indexProblem: string | undefined;
    cloud: CloudPhotosState | undefined;
  }) {
    this.#backup = parts.backup;
    this.#roll = parts.roll;
    this.#index = parts.index;
    this.indexProblem = parts.indexProblem;
    this.cloud = parts.cloud;
  }

  /** Why the index ended early, once it was read to its end and found damaged. */
  get indexDamage(): string | undefined {
    return this.#index?.damage;
  }

  /** Fields of `Photo` that this iOS does not record. */
  get notAvailable(): readonly string[] {
    return this.#index?.notAvailable ?? [];
  }

  /** In the owner's order; albums and folders within a folder come after it. */
  get albums(): readonly PhotoAlbum[] {
    return this.#index?.albums ?? [];
  }

  /** Every photo there is a record of, one at a time, as they came into the library; without an index, every file. */
  *all(): Generator<Photo, undefined> {
    if (this.#index === undefined) yield* this.unlisted();
    else yield* this.#index.photos(this.#backup, this.#roll);
  }

  /** The same without what only the page of one photo tells (names, words, camera): for lists of all of them. */
  *allInBrief(): Generator<PhotoInBrief, undefined> {
    if (this.#index === undefined) yield* this.unlisted();
    else yield* this.#index.photos(this.#backup, this.#roll, true);
  }

  /** Photos by their keys, in this order; keys that nothing has are left out. For a few hundred at a time. */
  some(keys: readonly string[]): Photo[] {
    const recorded = this.#index?.some(keys, this.#backup, this.#roll) ?? [];
    const files = keys.filter((key) => key.startsWith(FILE_KEY)).flatMap((key) => this.#ofFile(key));
    const byKey = new Map([...files, ...recorded].map((photo) => [photo.key, photo]));
    return keys.flatMap((key) => byKey.get(key) ?? []);
  }

  /** Photos whose files are there and which the index does not record. */
  *unlisted(): Generator<Photo, undefined> {
    for (const paths of this.#roll.photoFiles()) {
      const unknown = paths.filter((path) => this.#index?.knows(path) !== true);
      if (unknown.length === 0 || this.#index?.knowsSiblingOf(paths) === true) continue;
      yield* photosOfFiles(this.#roll, unknown, (path) => this.#factsOf(path));
    }
  }

  /** Keys of the photos of an album as its owner ordered them. */
  keysIn(album: PhotoAlbum): Generator<string, undefined> | readonly string[] {
    return this.#index?.keysIn(album) ?? [];
  }

  /** A small picture that the phone made of a photo: often all there is of one that is only in iCloud. */
  thumbnailOf(photo: Photo): ManifestEntry | undefined {
    const original = photo.resources.find(({ role }) => role === 'original');
    if (original === undefined) return undefined;
    const paths = this.#roll.thumbnailsOf(original.place.relativePath.slice('Media/'.length));
    const path = PREFERRED_THUMBNAILS.map((name) => paths.find((each) => each.endsWith(name))).find(Boolean);
    const chosen = path ?? paths.toSorted()[0];
    return chosen === undefined ? undefined : this.#backup.find(this.#roll.domain, `Media/${chosen}`);
  }

  /** Counts everything: one pass. */
  count(): PhotoCounts {
    const counter = new PhotoCounter();
    for (const photo of this.allInBrief()) counter.add(photo);
    return counter.counts;
  }

  [Symbol.dispose](): void {
    this.#index?.[Symbol.dispose]();
  }

  #ofFile(key: string): Photo[] {
    const paths = this.#roll.siblings(key.slice(FILE_KEY.length)).filter(isPhotoFile);
    const unknown = paths.filter((path) => this.#index?.knows(path) !== true);
    return photosOfFiles(this.#roll, unknown, (path) => this.#factsOf(path)).filter((photo) => photo.key === key);
  }

  #factsOf(path: string): FileFacts {
    const entry = this.#backup.find(this.#roll.domain, `Media/${path}`);
    try {
      const { modifiedAt, sizeBytes } = entry?.details() ?? {};
      return { ...(modifiedAt && { modifiedAt }), ...(sizeBytes !== undefined && { sizeBytes }) };
    } catch (error) {
      if (isAppError(error, 'FORMAT_INVALID')) return {};
      throw error;
    }
  }
}

/** 5005 fits a page of many; 5003 is larger. */
const PREFERRED_THUMBNAILS = ['/5005.JPG', '/5003.JPG'];

/**
 * Opens the photos of a backup. Never refuses: an index that cannot be read leaves the files.
 *
 * @returns undefined when the backup has neither an index of photos nor any photo.
 */
export async function openPhotos(backup: Backup): Promise<Photos | undefined> {
  const roll = await CameraRoll.read(backup);
  const { index, problem } = await openIndex(backup);
  if (index === undefined && !roll.hasFiles) return undefined;
  const cloud = await readCloudState(backup, roll.domain);
  return new Photos({ backup, roll, index, indexProblem: index === undefined ? problem : undefined, cloud });
}

async function openIndex(backup: Backup): Promise<{ index?: PhotoIndex; problem?: string }> {
  try {
    const database = await openContentDatabase(backup, INDEX_PLACES);
    if (database === undefined) return { problem: 'the list of photos (Photos.sqlite) is not in this backup' };
    try {
      return { index: new PhotoIndex(database) };
    } catch (error) {
      database[Symbol.dispose]();
      throw error;
    }
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return { problem: `the list of photos (Photos.sqlite) cannot be read: ${error.message}` };
  }
}
