import { z } from 'zod';
import { count, FileRef, moment } from './common.ts';

/** Which photos: the library as the phone shows it, one of what it keeps apart, or an album by its id. */
export const PhotoView = z
  .string()
  .regex(/^(library|favorites|videos|live|screenshots|hidden|deleted|shared|album:[\w-]{1,100})$/);

export const PhotoDaysQuery = z.object({ view: PhotoView.default('library') });

/**
 * All photos of a view in the least space: enough to lay out a grid of 50,000 at once, and a scrubber. Newest first.
 * Photos have numbers, the same as long as the version exists.
 */
export const PhotoDays = z.object({
  view: z.string(),
  total: count,
  /** How many on each day, by the clock where they were taken; '' is for those without a date. */
  days: z.array(z.tuple([z.string(), count])),
  /** The numbers of the photos in order; absent where they are 0 to `total` − 1. */
  numbers: z.array(count).optional(),
  /** Width divided by height in hundredths, in order. */
  ratios: z.array(z.int().positive()),
  /** One character each, in order: `-` photo, `v` video, `l` Live Photo, `c` only a small copy or nothing is here. */
  marks: z.string(),
  /** Seconds of the videos, in order, 0 for photos. */
  seconds: z.array(z.number()).optional(),
});
export type PhotoDays = z.infer<typeof PhotoDays>;

export const PhotoSummary = z.object({
  /** Its number. */
  n: count,
  /** The same in every version of the device. */
  id: z.string(),
  kind: z.enum(['audio', 'photo', 'unknown', 'video']),
  name: z.string(),
  takenAt: moment.optional(),
  /** By the clock where it was taken: "2026-05-01T09:30:00". */
  local: z.string().optional(),
  widthPx: count.optional(),
  heightPx: count.optional(),
  durationSeconds: z.number().optional(),
  isLive: z.boolean(),
  isFavorite: z.boolean().optional(),
  /** `smaller-copy`: the original is in iCloud and a small one is here; `not-downloaded`: iCloud alone has it. */
  state: z.enum(['in-backup', 'smaller-copy', 'not-downloaded', 'not-in-backup']),
});
export type PhotoSummary = z.infer<typeof PhotoSummary>;

/** `n=5,6,7` or `from` and `limit` in the order of the numbers. */
export const PhotosQuery = z.object({
  n: z
    .string()
    .regex(/^\d{1,9}(,\d{1,9}){0,199}$/)
    .optional(),
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const PhotoSummaries = z.object({ items: z.array(PhotoSummary), total: count });
export type PhotoSummaries = z.infer<typeof PhotoSummaries>;

export const PhotoDetails = PhotoSummary.extend({
  traits: z.array(z.string()),
  addedAt: moment.optional(),
  modifiedAt: moment.optional(),
  deletedAt: moment.optional(),
  isHidden: z.boolean().optional(),
  isEdited: z.boolean().optional(),
  timeZone: z.string().optional(),
  position: z.object({ latitude: z.number(), longitude: z.number(), accuracyM: z.number().optional() }).optional(),
  address: z.string().optional(),
  title: z.string().optional(),
  caption: z.string().optional(),
  keywords: z.array(z.string()),
  people: z.array(z.string()),
  sizeBytes: count.optional(),
  contentType: z.string().optional(),
  camera: z
    .object({
      make: z.string().optional(),
      model: z.string().optional(),
      lens: z.string().optional(),
      iso: z.number().optional(),
      aperture: z.number().optional(),
      focalLengthMm: z.number().optional(),
      exposureSeconds: z.number().optional(),
    })
    .optional(),
  albums: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Everything that belongs to it: the original, the film of a Live Photo, the edited one. */
  files: z.array(FileRef.extend({ role: z.string() })),
});
export type PhotoDetails = z.infer<typeof PhotoDetails>;

export const PhotoAlbum = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  /** Names of the folders it is in. */
  folders: z.array(z.string()),
  photos: count,
  owner: z.string().optional(),
  /** The number of a photo to show for it. */
  cover: count.optional(),
});
export type PhotoAlbum = z.infer<typeof PhotoAlbum>;

export const PhotoAlbums = z.object({
  albums: z.array(PhotoAlbum),
  /** How many each of the views holds. */
  views: z.record(z.string(), count),
  /** Why the list of photos is not all there: a sentence. */
  problem: z.string().optional(),
});
export type PhotoAlbums = z.infer<typeof PhotoAlbums>;

/** The part of the world that is looked at, and how fine: clusters are about 360° / 2^zoom / 4 wide. */
export const PlacesQuery = z.object({
  zoom: z.coerce.number().int().min(0).max(20).default(2),
  west: z.coerce.number().min(-180).max(180).default(-180),
  south: z.coerce.number().min(-90).max(90).default(-90),
  east: z.coerce.number().min(-180).max(180).default(180),
  north: z.coerce.number().min(-90).max(90).default(90),
});
export type PlacesQuery = z.infer<typeof PlacesQuery>;

export const PhotoPlaces = z.object({
  /** With a position, of all in the library. */
  placed: count,
  clusters: z.array(
    z.object({
      latitude: z.number(),
      longitude: z.number(),
      photos: count,
      /** The newest photo there. */
      n: count,
      /** West, south, east, north of the photos in it. */
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});
export type PhotoPlaces = z.infer<typeof PhotoPlaces>;

/** The photos of a part of the map, newest first. */
export const PhotosAtQuery = PlacesQuery.omit({ zoom: true }).extend({
  limit: z.coerce.number().int().min(1).max(2000).default(500),
});
export const PhotosAt = z.object({ numbers: z.array(count), total: count });
export type PhotosAt = z.infer<typeof PhotosAt>;
