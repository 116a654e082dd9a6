import type { Photo } from '../../content/index.ts';
import { localTimeOf } from './photo-folders.ts';

/** Everything that is known of a photo, for other programs. Times have the offset of the clock they were taken by. */
export function photoData(photo: Photo, timeZone: string, files: readonly string[]): unknown {
  const { albums, resources, ...fields } = photo;
  const time = (at: Date | null | undefined): string | null | undefined => {
    if (!at) return at;
    const { wall, offset } = localTimeOf(photo, at, timeZone);
    return `${wall}${offset}`;
  };
  return {
    ...fields,
    takenAt: time(photo.takenAt),
    addedAt: time(photo.addedAt),
    modifiedAt: time(photo.modifiedAt),
    deletedAt: time(photo.deletedAt),
    albums: albums.map(({ id, kind, title, folders }) => ({ id, kind, title, folders })),
    resources: resources.map(({ role, state, place }) => ({ role, state, path: place.relativePath })),
    files,
  };
}
