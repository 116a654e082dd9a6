import type { Photo, PhotoCamera } from '../../content/index.ts';
import { readMediaFacts, type FilmFacts, type PictureFacts } from '../../media/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { problemOr } from './photo-reader.ts';

/**
 * A photo that only its file is known of, with what the file itself says: when and where it was taken, with which
 * camera. Without a time zone in it, the time is taken as that of `zoneOffsetSeconds`.
 */
export async function withOwnFacts(
  photo: Photo,
  backup: Backup,
  zoneOffsetSeconds: (at: Date) => number,
): Promise<Photo> {
  const original = photo.resources.find(({ role, state }) => role === 'original' && state === 'in-backup');
  const entry = original && backup.find(original.place.domain, original.place.relativePath);
  if (entry === undefined || photo.takenAt !== undefined) return photo;
  const facts = await problemOr(() => readMediaFacts(backup.chunks(entry), photo.fileName ?? ''));
  if (facts === undefined || typeof facts === 'string') return photo;
  const { latitude, longitude, widthPx, heightPx } = { widthPx: undefined, heightPx: undefined, ...facts };
  const position = latitude !== undefined && longitude !== undefined && { position: { latitude, longitude } };
  return {
    ...photo,
    ...takenIn(facts, zoneOffsetSeconds),
    ...position,
    ...(widthPx !== undefined && { widthPx }),
    ...(heightPx !== undefined && { heightPx }),
    ...(facts.format === 'film' && { durationSeconds: facts.durationSeconds }),
    camera: cameraIn(facts),
  };
}

function takenIn(
  facts: FilmFacts | PictureFacts,
  zoneOffsetSeconds: (at: Date) => number,
): Pick<Partial<Photo>, 'takenAt' | 'utcOffsetSeconds'> {
  const text = facts.format === 'film' ? facts.takenAt : facts.takenAtLocal;
  if (text === undefined) return {};
  const offset = facts.format === 'film' ? /(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[0] : facts.utcOffset;
  const wall = new Date(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(wall.getTime())) return {};
  const seconds = offset === undefined ? zoneOffsetSeconds(wall) : offsetSeconds(offset);
  return { takenAt: new Date(wall.getTime() - seconds * 1000), utcOffsetSeconds: seconds };
}

function offsetSeconds(offset: string): number {
  const [hours = 0, minutes = 0] = offset === 'Z' ? [0, 0] : offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function cameraIn(facts: FilmFacts | PictureFacts): PhotoCamera | null {
  const { make, model } = facts;
  const { lens, iso, aperture, exposureSeconds, focalLengthMm } =
    facts.format === 'film' ? ({} as PictureFacts) : facts;
  const known = Object.entries({ make, model, lens, iso, aperture, exposureSeconds, focalLengthMm });
  const camera: PhotoCamera = Object.fromEntries(known.filter(([, value]) => value !== undefined));
  return Object.keys(camera).length === 0 ? null : camera;
}
