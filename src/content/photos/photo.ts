import type { Place } from '../source/content-database.ts';

/** What kind of picture or film it is; one can be several of them. */
export type PhotoTrait =
  | 'animated'
  | 'burst'
  | 'live'
  | 'panorama'
  | 'portrait'
  | 'screen-recording'
  | 'screenshot'
  | 'slow-motion'
  | 'spatial'
  | 'time-lapse';

/** Whose picture it is: only `library` ones are the owner's own camera roll. */
export type PhotoOrigin = 'library' | 'photo-stream' | 'shared-album' | 'shared-with-you' | 'synced';

/**
 * Where the content is. `smaller-copy`: the phone keeps a smaller one to save space and iCloud has the original;
 * `not-downloaded`: only iCloud has it; `not-in-backup`: nobody says where it is.
 */
export type ContentState = 'in-backup' | 'not-downloaded' | 'not-in-backup' | 'smaller-copy';

/** What a file is to its photo. */
export type ResourceRole =
  | 'original'
  /** The seconds around a Live Photo. */
  | 'live-video'
  /** What the camera's sensor saw, beside the JPEG or HEIC made of it; or that, beside a raw original. */
  | 'raw'
  | 'alternate'
  | 'edited'
  | 'edited-live-video'
  /** How it was edited, as a property list or an .AAE file. */
  | 'edit-recipe';

export interface PhotoResource {
  readonly role: ResourceRole;
  readonly place: Place;
  readonly state: ContentState;
}

export interface PhotoPosition {
  readonly latitude: number;
  readonly longitude: number;
  /** Metres around it; undefined where it is not recorded. */
  readonly accuracyM?: number;
}

export interface PhotoCamera {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  readonly iso?: number;
  readonly aperture?: number;
  readonly focalLengthMm?: number;
  readonly exposureSeconds?: number;
}

export interface PhotoBurst {
  /** The same for all pictures of one burst. */
  readonly id: string;
  /** Shown on its own: chosen by the owner, or by the phone for the whole burst. */
  readonly isPick: boolean;
}

/** An album, a folder of albums, or what the phone keeps as one. */
export interface PhotoAlbum {
  readonly id: string;
  readonly kind: 'album' | 'folder' | 'import' | 'project' | 'shared' | 'shared-with-you' | 'smart' | 'synced';
  /** Null for one without a name. */
  readonly title: string | null;
  /** Names of the folders it is in, the outermost first. */
  readonly folders: readonly string[];
  readonly createdAt: Date | null | undefined;
  /** Of a shared album: who shares it. */
  readonly owner: string | null | undefined;
  readonly isDeleted: boolean;
  /** How many photos of this library are in it; what a smart album shows is not stored. */
  readonly count: number;
}

/**
 * A photo or video. A field is `undefined` where this iOS does not record it, and `null` where it is recorded and
 * empty.
 */
export interface Photo {
  /** Apple's UUID; of a photo that is only known by its file, the path of that after `file:`. */
  readonly key: string;
  readonly kind: 'audio' | 'photo' | 'unknown' | 'video';
  readonly traits: readonly PhotoTrait[];
  readonly origin: PhotoOrigin;
  /** As it was called when it came into the library, and as its file is called now. */
  readonly originalName: string | null | undefined;
  readonly fileName: string | null;
  /** When it was taken. */
  readonly takenAt: Date | null | undefined;
  /** Seconds east of UTC of the clock by which it was taken. */
  readonly utcOffsetSeconds: number | null | undefined;
  /** "Europe/Berlin", or "GMT+0200" where only that was known. */
  readonly timeZone: string | null | undefined;
  readonly addedAt: Date | null | undefined;
  readonly modifiedAt: Date | null | undefined;
  readonly position: PhotoPosition | null | undefined;
  /** The place in words, as the phone looked it up. */
  readonly address: string | null | undefined;
  readonly title: string | null | undefined;
  readonly caption: string | null | undefined;
  readonly keywords: readonly string[] | undefined;
  /** Names of the people recognised in it that have one. */
  readonly people: readonly string[] | undefined;
  readonly isFavorite: boolean | undefined;
  readonly isHidden: boolean | undefined;
  /** In "Recently Deleted"; since when, in `deletedAt`. */
  readonly isDeleted: boolean | undefined;
  readonly deletedAt: Date | null | undefined;
  readonly isEdited: boolean | undefined;
  readonly widthPx: number | null | undefined;
  readonly heightPx: number | null | undefined;
  readonly durationSeconds: number | null | undefined;
  /** Of the original. */
  readonly sizeBytes: number | null | undefined;
  /** "public.heic" */
  readonly contentType: string | null | undefined;
  readonly camera: PhotoCamera | null | undefined;
  readonly burst: PhotoBurst | null | undefined;
  readonly albums: readonly PhotoAlbum[];
  /** Of the original; see `resources` for the files that belong to it. */
  readonly state: ContentState;
  readonly resources: readonly PhotoResource[];
  /** A short word where something of the record could not be read. */
  readonly problem?: string;
}

/** What a list of many photos shows and counts. */
export type PhotoInBrief = Pick<
  Photo,
  | 'key'
  | 'kind'
  | 'traits'
  | 'origin'
  | 'takenAt'
  | 'utcOffsetSeconds'
  | 'addedAt'
  | 'modifiedAt'
  | 'position'
  | 'isFavorite'
  | 'isHidden'
  | 'isDeleted'
  | 'widthPx'
  | 'heightPx'
  | 'durationSeconds'
  | 'burst'
  | 'state'
>;
