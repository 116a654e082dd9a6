import { forEachInSlices } from '../../shared/flow/in-slices.ts';
import type { Backup } from '../../snapshot/index.ts';

/** Pictures synced from a computer, streams, and everything the camera made lie below this, in one of the domains. */
const MEDIA = 'Media/';
/** Where files are, below `Media/`, that are photos of their own. */
const PHOTO_FOLDERS =
  /^(?:DCIM\/(?!\.)|PhotoData\/(?:CPLAssets|PhotoCloudSharingData|Sync|CloudSync)\/|PhotoStreamsData\/)/i;
const MUTATION = /^PhotoData\/Mutations\/(.+)\/Adjustments\/[^/]+$/i;
const THUMBNAIL = /^PhotoData\/Thumbnails\/V2\/(.+)\/[^/]+\.jpe?g$/i;
const PHOTO_EXTENSIONS =
  /\.(?:jpe?g|jpe|heic|heif|hif|avif|png|gif|tiff?|webp|bmp|jxl|jp2|psd|dng|cr2|cr3|crw|nef|nrw|arw|sr2|raf|orf|rw2|pef|srw|raw|mov|mp4|m4v|3gp|avi|mpg|qt)$/i;

/** The domain that holds the camera roll, and the one that held it in the first releases of iOS. */
const DOMAINS = ['CameraRollDomain', 'MediaDomain'] as const;

/** Most names have one file: an array for each would take as much as all paths. */
type Paths = Map<string, string | string[]>;

/**
 * The files of the camera roll that a backup names, by their paths alone: a library of a hundred thousand photos has
 * half a million. Paths are relative to `Media/`, which is how the phone's index of photos names them; they are
 * compared without regard to case, as that is how they were found on phones.
 */
export class CameraRoll {
  readonly domain: string;
  readonly #byStem: Paths = new Map();
  readonly #edits: Paths = new Map();
  readonly #thumbnails: Paths = new Map();

  private constructor(domain: string) {
    this.domain = domain;
  }

  static async read(backup: Backup): Promise<CameraRoll> {
    for (const domain of DOMAINS) {
      const roll = new CameraRoll(domain);
      await forEachInSlices(mediaPaths(backup, domain), (path) => roll.#add(path));
      if (roll.hasFiles) return roll;
    }
    return new CameraRoll(DOMAINS[0]);
  }

  get hasFiles(): boolean {
    return this.#byStem.size > 0 || this.#edits.size > 0 || this.#thumbnails.size > 0;
  }

  /** The path as the backup has it, whatever the case of the one asked for. */
  find(path: string): string | undefined {
    const key = folded(path);
    return pathsAt(this.#byStem, stemOf(key)).find((each) => folded(each) === key);
  }

  /** All files of the same name but for the extension, in the same folder. */
  siblings(path: string): readonly string[] {
    return pathsAt(this.#byStem, stemOf(folded(path)));
  }

  /** What editing left behind, for the file at a path. */
  editsOf(path: string): readonly string[] {
    return pathsAt(this.#edits, stemOf(folded(path)));
  }

  /** Small JPEGs the phone made of the file at a path, in no order. */
  thumbnailsOf(path: string): readonly string[] {
    return pathsAt(this.#thumbnails, folded(path));
  }

  /** Files that can be photos of their own, those of one name together. */
  *photoFiles(): Generator<readonly string[], undefined> {
    for (const paths of this.#byStem.values()) {
      const photos = (typeof paths === 'string' ? [paths] : paths).filter(isPhotoFile);
      if (photos.length > 0) yield photos;
    }
  }

  #add(path: string): void {
    const edited = MUTATION.exec(path)?.[1];
    if (edited !== undefined) return append(this.#edits, folded(edited), path);
    const pictured = THUMBNAIL.exec(path)?.[1];
    if (pictured !== undefined) return append(this.#thumbnails, folded(pictured), path);
    if (PHOTO_FOLDERS.test(path)) append(this.#byStem, stemOf(folded(path)), path);
  }
}

/** Whether a file can be a photo of its own, by its name. */
export const isPhotoFile = (path: string): boolean => PHOTO_EXTENSIONS.test(path);

/** A path as this module has it, from one that the phone's index or a log names. */
export function mediaPath(directory: string, fileName: string): string {
  const path = `${directory}/${fileName}`.replace(/^file:\/\//, '').replace(/^.*?\/mobile\/Media\//, '');
  return path.replace(/^\/+/, '').replace(/^Media\//, '');
}

/** For comparing paths. */
export const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/** A path without its extension. */
export function stemOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(0, dot) : path;
}

/** With the point, in lower case; '' where there is none. */
export const extensionOf = (path: string): string => path.slice(stemOf(path).length).toLowerCase();

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function* mediaPaths(backup: Backup, domain: string): Generator<string, undefined> {
  for (const { kind, relativePath } of backup.manifest.listing({ domain })) {
    if (kind === 'file' && relativePath.startsWith(MEDIA)) yield relativePath.slice(MEDIA.length);
  }
}

function append(map: Paths, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, value);
  else if (typeof known === 'string') map.set(key, [known, value]);
  else known.push(value);
}

function pathsAt(map: Paths, key: string): readonly string[] {
  const known = map.get(key);
  return known === undefined ? [] : typeof known === 'string' ? [known] : known;
}
