import { encodeBinaryPlist } from '../../../formats/index.ts';
import { cocoaSeconds } from '../apple-time.ts';
import type { Library } from '../library.ts';
import { encodeExif, type CameraFacts } from '../media/exif.ts';
import { encodeHeic } from '../media/heic.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { durationSeconds, encodeMovie } from '../media/movie.ts';
import { encodeScreenshot } from '../media/png.ts';
import { landscape, type Scene } from '../media/scene.ts';
import type { Asset } from './photo-rows.ts';
import type { Random } from '../random.ts';

/** One press of the shutter. */
export interface Shot {
  /** The number in the file's name. */
  readonly number: number;
  readonly takenAt: Date;
  readonly uuid: string;
  readonly isOffloaded: boolean;
  readonly isEdited: boolean;
  /** Where the file is when the camera of this phone did not put it into DCIM: below `Media/`. */
  readonly place?: { readonly directory: string; readonly fileName: string };
  /** Default: the clock at home. */
  readonly utcOffsetMinutes?: number;
}

type Made = Omit<Asset, 'uuid'>;
type Size = Pick<CameraFacts, 'widthPx' | 'heightPx'>;

export const PHOTOS_DOMAIN = 'CameraRollDomain';
const FILM = { widthPx: 640, heightPx: 480 };
const THUMBNAIL = { widthPx: 256, heightPx: 192 };
const FRAMES_PER_SECOND = 24;

/** A still in JPEG; an edited one brings the rendering and the recipe of the edit. */
export function makePhoto(library: Library, random: Random, shot: Shot): Made {
  const size = photoSize(library);
  const facts = cameraFacts(library, random, shot, size);
  const scene = landscape(random);
  const bytes = encodeJpeg({ ...size, scene, random, grain: random.between(1, 5), exif: encodeExif(facts) });
  const names = namesOf(shot, 'JPG');
  write(library, shot, names.path, bytes);
  writeThumbnail(library, shot, names, scene);
  if (shot.isEdited) writeEdit(library, shot, names, scene);
  return { ...names, facts, kind: 'photo', uti: 'public.jpeg', sizeBytes: bytes.length, ...flags(shot) };
}

/** A Live Photo: a HEIC and the seconds around it as a film, tied by the identifier both carry. */
export function makeLivePhoto(library: Library, random: Random, shot: Shot): Made {
  const facts = { ...cameraFacts(library, random, shot, photoSize(library)), contentIdentifier: random.uuid() };
  const scene = landscape(random);
  const bytes = encodeHeic(facts, random.bytes(random.between(20_000, 60_000)));
  const names = namesOf(shot, 'HEIC');
  write(library, shot, names.path, bytes);
  const film = encodeMovie({
    facts: { ...facts, ...FILM },
    frames: pan(random, scene, 6),
    framesPerSecond: FRAMES_PER_SECOND,
  });
  write(library, shot, names.path.replace(/HEIC$/, 'MOV'), film);
  writeThumbnail(library, shot, names, scene);
  return { ...names, facts, kind: 'live', uti: 'public.heic', sizeBytes: bytes.length, ...flags(shot) };
}

export function makeScreenshot(library: Library, random: Random, shot: Shot): Made {
  const { bytes, widthPx, heightPx } = encodeScreenshot(random);
  const facts = { ...cameraFacts(library, random, shot, { widthPx, heightPx }) };
  const names = namesOf(shot, 'PNG');
  write(library, shot, names.path, bytes);
  const { location: _none, ...withoutPlace } = facts;
  return {
    ...names,
    facts: withoutPlace,
    kind: 'screenshot',
    uti: 'public.png',
    sizeBytes: bytes.length,
    ...flags(shot),
  };
}

export function makeFilm(library: Library, random: Random, shot: Shot): Made {
  const facts = cameraFacts(library, random, shot, FILM);
  const scene = landscape(random);
  const movie = {
    facts,
    frames: pan(random, scene, library.amounts.videoFrames),
    framesPerSecond: FRAMES_PER_SECOND,
  };
  const bytes = encodeMovie(movie);
  const names = namesOf(shot, 'MOV');
  write(library, shot, names.path, bytes);
  writeThumbnail(library, shot, names, scene);
  const lasting = { durationSeconds: durationSeconds(movie) };
  return {
    ...names,
    facts,
    kind: 'video',
    uti: 'com.apple.quicktime-movie',
    sizeBytes: bytes.length,
    ...lasting,
    ...flags(shot),
  };
}

function photoSize({ amounts }: Library): Size {
  return { widthPx: amounts.photoWidthPx, heightPx: amounts.photoWidthPx * 0.75 };
}

/** Frames of a slow pan over a scene. */
function pan(random: Random, scene: Scene, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    encodeJpeg({ ...FILM, scene: (u) => scene(u + i * 0.004), random, grain: 3 }),
  );
}

interface Names {
  readonly directory: string;
  readonly fileName: string;
  readonly path: string;
}

/** A folder of DCIM takes a thousand pictures. */
function namesOf({ number, place }: Shot, extension: string): Names {
  const directory = place?.directory ?? `DCIM/${100 + Math.floor(number / 1000)}APPLE`;
  const fileName = place?.fileName ?? `IMG_${String(number % 10_000).padStart(4, '0')}.${extension}`;
  return { directory, fileName, path: `Media/${directory}/${fileName}` };
}

function flags({ isOffloaded, isEdited }: Shot): Pick<Asset, 'isOffloaded' | 'isEdited'> {
  return { isOffloaded, isEdited };
}

function cameraFacts({ owner }: Library, random: Random, { takenAt, utcOffsetMinutes }: Shot, size: Size): CameraFacts {
  const isSummer = takenAt.getUTCMonth() >= 3 && takenAt.getUTCMonth() <= 9;
  const isAway = random.chance(0.1);
  const spread = isAway ? 30 : 0.08;
  const location = {
    latitude: round(owner.home.latitude + random.normal() * spread * 0.5),
    longitude: round(owner.home.longitude + random.normal() * spread),
    altitudeM: 400 + random.below(300),
  };
  return {
    takenAt,
    utcOffsetMinutes: utcOffsetMinutes ?? owner.utcOffsetMinutes + (isSummer ? 60 : 0),
    ...size,
    model: owner.cameraModel,
    software: owner.iosVersion,
    iso: random.pick([50, 64, 125, 400, 1250]),
    ...(random.chance(0.85) && Math.abs(location.latitude) < 85 && { location }),
  };
}

/** Writes an original with what iOS remembers of it beside its content, unless it is only in iCloud. */
function write({ disk }: Library, { isOffloaded, takenAt, uuid }: Shot, path: string, bytes: Buffer): void {
  if (isOffloaded) return;
  const uuidBytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  const added = Buffer.alloc(8);
  added.writeDoubleLE(cocoaSeconds(takenAt));
  disk.writeFile(PHOTOS_DOMAIN, path, bytes, {
    modifiedAt: takenAt,
    bornAt: takenAt,
    extendedAttributes: { 'com.apple.assetsd.UUID': uuidBytes, 'com.apple.assetsd.addedDate': added },
  });
}

/** The small picture that Photos shows in its grid; there for originals in iCloud, too. */
function writeThumbnail({ disk }: Library, { takenAt }: Shot, { directory, fileName }: Names, scene: Scene): void {
  const path = `Media/PhotoData/Thumbnails/V2/${directory}/${fileName}/5005.JPG`;
  disk.writeFile(PHOTOS_DOMAIN, path, encodeJpeg({ ...THUMBNAIL, scene }), { modifiedAt: takenAt });
}

function writeEdit(library: Library, { takenAt }: Shot, { directory, fileName }: Names, scene: Scene): void {
  const { disk } = library;
  const base = fileName.slice(0, fileName.lastIndexOf('.'));
  const place = `Media/PhotoData/Mutations/${directory}/${base}/Adjustments`;
  const recipe = encodeBinaryPlist({
    adjustmentBaseVersion: 0,
    adjustmentEditorBundleID: 'com.apple.mobileslideshow',
    adjustmentFormatIdentifier: 'com.apple.photo',
    adjustmentFormatVersion: '1.10',
    adjustmentRenderTypes: 0,
    adjustmentTimestamp: takenAt,
    adjustmentData: Buffer.from('{"adjustments":[{"identifier":"SmartTone","enabled":true}]}'),
  });
  const brighter: Scene = (u) => {
    const column = scene(u);
    return (v) => {
      const [y, cb, cr] = column(v);
      return [Math.min(255, y * 1.2), cb, cr];
    };
  };
  disk.writeFile(PHOTOS_DOMAIN, `${place}/Adjustments.plist`, recipe, { modifiedAt: takenAt });
  disk.writeFile(PHOTOS_DOMAIN, `${place}/FullSizeRender.jpg`, encodeJpeg({ ...photoSize(library), scene: brighter }), {
    modifiedAt: takenAt,
  });
}

function round(degrees: number): number {
  return Math.round(degrees * 10_000) / 10_000;
}
