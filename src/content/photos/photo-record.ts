import type { Row } from '../../database/index.ts';
import { extensionOf, mediaPath } from './camera-roll.ts';
import type { Photo, PhotoBurst, PhotoCamera, PhotoOrigin, PhotoPosition, PhotoTrait } from './photo.ts';
import { addressIn, positionIn, positionOf, readOrTell } from './places-in-words.ts';
import { bytesIn, flagIn, numberIn, textIn } from './values.ts';

/** No clock is further from UTC. */
const MAX_OFFSET_SECONDS = 14 * 3600;
/** `ZAVALANCHEPICKTYPE`: chosen by the phone (4), by the owner (8), on top of the pile (16). */
const PICKED = 4 | 8 | 16;
const SUBTYPES: Readonly<Record<number, PhotoTrait>> = {
  1: 'panorama',
  2: 'live',
  10: 'screenshot',
  101: 'slow-motion',
  102: 'time-lapse',
  103: 'screen-recording',
};
const KINDS: Readonly<Record<number, Photo['kind']>> = { 0: 'photo', 1: 'video', 2: 'audio' };
const MOVIES = /^\.(?:mov|mp4|m4v|qt|3gp|avi|mpg)$/;

/** Where the original is, below `Media/`; undefined where the record names no file. */
export function pathIn(row: Row): string | undefined {
  const fileName = textIn(row, 'fileName');
  return fileName ? mediaPath(textIn(row, 'directory') ?? '', fileName) : undefined;
}

export function kindIn(row: Row): Photo['kind'] {
  const kind = KINDS[numberIn(row, 'kind') ?? -1];
  if (kind !== undefined) return kind;
  const extension = extensionOf(textIn(row, 'fileName') ?? '');
  return extension === '' ? 'unknown' : MOVIES.test(extension) ? 'video' : 'photo';
}

export function traitsIn(row: Row): PhotoTrait[] {
  const traits = new Set<PhotoTrait>();
  const subtype = SUBTYPES[numberIn(row, 'subtype') ?? 0];
  if (subtype !== undefined) traits.add(subtype);
  if (flagIn(row, 'isScreenshot') === true) traits.add('screenshot');
  if (numberIn(row, 'playbackStyle') === 2 || row['contentType'] === 'com.compuserve.gif') traits.add('animated');
  if ((numberIn(row, 'depthType') ?? 0) > 0) traits.add('portrait');
  if ((numberIn(row, 'spatialType') ?? 0) > 0) traits.add('spatial');
  if (textIn(row, 'burst')) traits.add('burst');
  return [...traits];
}

/** By the kind of the record (`ZSAVEDASSETTYPE`, since iOS 15 also `ZBUNDLESCOPE`), what it names, or where its file is. */
export function originIn(row: Row): PhotoOrigin {
  const saved = numberIn(row, 'savedType');
  const scope = numberIn(row, 'scope');
  const directory = textIn(row, 'directory') ?? '';
  if (saved === 12 || scope === 3 || saved === 8 || scope === 2) return 'shared-with-you';
  const isShared = saved === 4 || scope === 1 || (numberIn(row, 'collectionShare') ?? 0) > 0;
  if (isShared || /PhotoCloudSharingData/i.test(directory)) return 'shared-album';
  if (/PhotoStreamsData/i.test(directory)) return 'photo-stream';
  return /PhotoData\/Sync\b/i.test(directory) ? 'synced' : 'library';
}

/** Whether iCloud holds this photo, as far as its record says. */
export function isInCloud(row: Row): boolean {
  const states = ['cloudState', 'masterState', 'placeholder'].map((column) => numberIn(row, column) ?? 0);
  return states.some((state) => state > 0) || originIn(row) === 'shared-album';
}

export function isEditedIn(row: Row): boolean | undefined {
  const states = [numberIn(row, 'adjustments'), numberIn(row, 'hasAdjustments')];
  return states.every((state) => state === undefined) ? undefined : states.some((state) => (state ?? 0) > 0);
}

export function offsetIn(row: Row): number | null | undefined {
  const seconds = numberIn(row, 'utcOffsetSeconds');
  return typeof seconds === 'number' && Math.abs(seconds) > MAX_OFFSET_SECONDS ? null : seconds;
}

export function positionInRow(row: Row, tell: () => void): PhotoPosition | null | undefined {
  const latitude = numberIn(row, 'latitude');
  const archive = bytesIn(row, 'locationArchive');
  if (latitude === undefined && archive === undefined) return undefined;
  const position = positionOf(latitude, numberIn(row, 'longitude'), numberIn(row, 'accuracyM'));
  if (position !== null || !archive) return position;
  return readOrTell(() => positionIn(archive), tell) ?? null;
}

export function addressInRow(row: Row, tell: () => void): string | null | undefined {
  const archive = bytesIn(row, 'addressArchive');
  return archive ? (readOrTell(() => addressIn(archive), tell) ?? null) : archive;
}

export function burstIn(row: Row): PhotoBurst | null | undefined {
  const id = textIn(row, 'burst');
  if (!id) return id as null | undefined;
  const pick = numberIn(row, 'burstPick');
  const isPick = typeof pick === 'number' ? (pick & PICKED) !== 0 : numberIn(row, 'visibility') === 0;
  return { id, isPick };
}

const CAMERA_TEXTS = ['make', 'model', 'lens'] as const;
const CAMERA_NUMBERS = ['iso', 'aperture', 'focalLengthMm', 'exposureSeconds'] as const;

export function cameraIn(row: Row): PhotoCamera | null | undefined {
  // Of all photos at once none has it: a list of them is read in brief.
  if (row['make'] === undefined && row['model'] === undefined && row['iso'] === undefined) return undefined;
  const texts = CAMERA_TEXTS.map((field) => [field, textIn(row, field)] as const);
  const numbers = CAMERA_NUMBERS.map((field) => [field, numberIn(row, field)] as const);
  const fields = [...texts, ...numbers];
  if (fields.every(([, value]) => value === undefined)) return undefined;
  const known = fields.filter(([, value]) => value !== undefined && value !== null && value !== 0);
  return known.length === 0 ? null : (Object.fromEntries(known) as PhotoCamera);
}
