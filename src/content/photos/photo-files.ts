import { extensionOf, nameOf, type CameraRoll } from './camera-roll.ts';
import { resourcesOf } from './photo-resources.ts';
import type { Photo, PhotoOrigin } from './photo.ts';

const MOVIE = /^\.(?:mov|mp4|m4v|qt|3gp|avi|mpg)$/;
const RAW = /^\.(?:dng|cr2|cr3|crw|nef|nrw|arw|sr2|raf|orf|rw2|pef|srw|raw)$/;

/** Begins the keys of photos that are known by their files alone. */
export const FILE_KEY = 'file:';

/** What only the phone's index of photos records. */
const UNKNOWN = {
  originalName: undefined,
  takenAt: undefined,
  utcOffsetSeconds: undefined,
  timeZone: undefined,
  addedAt: undefined,
  position: undefined,
  address: undefined,
  title: undefined,
  caption: undefined,
  keywords: undefined,
  people: undefined,
  isFavorite: undefined,
  isHidden: undefined,
  isDeleted: undefined,
  deletedAt: undefined,
  widthPx: undefined,
  heightPx: undefined,
  durationSeconds: undefined,
  contentType: undefined,
  camera: undefined,
  burst: undefined,
  albums: [],
} as const;

/** What a manifest says of a file that nothing else is known of. */
export interface FileFacts {
  readonly modifiedAt?: Date;
  readonly sizeBytes?: number;
}

/**
 * Photos of files that no record names: each picture of a name with what belongs to it, and films that are nobody's.
 * What the files themselves say of when and where they were taken is not looked at here.
 *
 * @param paths files of one name, below `Media/`.
 */
export function photosOfFiles(
  roll: CameraRoll,
  paths: readonly string[],
  factsOf: (path: string) => FileFacts,
): Photo[] {
  const [original = '', ...others] = paths.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  if (original === '' || isEditOf(roll, original)) return [];
  const isPicture = rank(original) < rank('.mov');
  // A film beside a film, or a second picture of the same kind, is something else.
  const more = others.filter((path) => !isPicture || rank(path) === rank(original));
  return [original, ...more].map((path) => photoOfFile(roll, path, new Set([original, ...more]), factsOf(path)));
}

function photoOfFile(roll: CameraRoll, path: string, own: ReadonlySet<string>, facts: FileFacts): Photo {
  const kind = MOVIE.test(extensionOf(path)) ? 'video' : 'photo';
  const resources = resourcesOf(roll, {
    path,
    kind,
    isLive: false,
    isPhotoOfItsOwn: (other) => own.has(other),
    whereIs: () => undefined,
    isInCloud: false,
    hasOriginalSize: () => undefined,
  });
  return {
    ...UNKNOWN,
    key: `${FILE_KEY}${path}`,
    kind,
    traits: resources.some(({ role }) => role === 'live-video') ? ['live'] : [],
    origin: originOf(path),
    fileName: nameOf(path),
    modifiedAt: facts.modifiedAt,
    sizeBytes: facts.sizeBytes,
    isEdited: resources.some(({ role }) => role === 'edited'),
    state: 'in-backup',
    resources,
  };
}

/** Which of several files of one name is the photo: pictures before raw files before films. */
function rank(path: string): number {
  const extension = extensionOf(path);
  return MOVIE.test(extension) ? 3 : RAW.test(extension) ? 2 : 1;
}

/** IMG_E0001 is what editing made of IMG_0001, where that is there. */
function isEditOf(roll: CameraRoll, path: string): boolean {
  const original = path.replace(/IMG_E(\d+\.[^./]+)$/i, 'IMG_$1');
  return original !== path && roll.siblings(original).length > 0;
}

function originOf(path: string): PhotoOrigin {
  if (/^PhotoData\/PhotoCloudSharingData\//i.test(path)) return 'shared-album';
  if (/^PhotoStreamsData\//i.test(path)) return 'photo-stream';
  return /^PhotoData\/Sync\//i.test(path) ? 'synced' : 'library';
}
