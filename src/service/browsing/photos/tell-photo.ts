import type { PhotoDetails, PhotoSummary } from '../../../contract/index.ts';
import type { Photo, PhotoResource } from '../../../content/index.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { fileRef } from '../files/file-ref.ts';
import type { Unlocked } from '../unlocked.ts';
import { isoOf, orNone, shortId, textOrNone } from '../values.ts';
import { offsetMs } from './photo-rows.ts';

export function tellPhoto(photo: Photo, n: number): PhotoSummary {
  const { takenAt } = photo;
  const local = takenAt ? isoOf(new Date(takenAt.getTime() + offsetMs(photo, takenAt.getTime()))) : undefined;
  return {
    n,
    id: photo.key,
    kind: photo.kind,
    name: nameOfPhoto(photo),
    takenAt: isoOf(takenAt),
    local: local?.slice(0, 19),
    widthPx: positive(photo.widthPx),
    heightPx: positive(photo.heightPx),
    durationSeconds: photo.kind === 'video' ? orNone(photo.durationSeconds) : undefined,
    isLive: photo.traits.includes('live'),
    isFavorite: photo.isFavorite === true ? true : undefined,
    state: photo.state,
  };
}

export const nameOfPhoto = ({ originalName, fileName, key }: Photo): string =>
  textOrNone(originalName) ?? textOrNone(fileName) ?? key;

export function tellDetails(unlocked: Unlocked, photo: Photo, n: number): PhotoDetails {
  const { position, camera } = photo;
  return {
    ...tellPhoto(photo, n),
    traits: [...photo.traits],
    addedAt: isoOf(photo.addedAt),
    modifiedAt: isoOf(photo.modifiedAt),
    deletedAt: isoOf(photo.deletedAt),
    isHidden: photo.isHidden === true ? true : undefined,
    isEdited: photo.isEdited === true ? true : undefined,
    timeZone: textOrNone(photo.timeZone),
    position: position ? { ...position } : undefined,
    address: textOrNone(photo.address),
    title: textOrNone(photo.title),
    caption: textOrNone(photo.caption),
    keywords: [...(photo.keywords ?? [])],
    people: [...(photo.people ?? [])],
    sizeBytes: positive(photo.sizeBytes),
    contentType: textOrNone(photo.contentType),
    camera: camera ? { ...camera } : undefined,
    albums: photo.albums.map(({ id, title }) => ({ id: shortId(id), title: title ?? '' })),
    files: photo.resources
      .filter(({ role }) => role !== 'edit-recipe')
      .map((resource) => {
        const entry = entryOf(unlocked, resource);
        const state = resource.state === 'smaller-copy' ? 'in-backup' : resource.state;
        const name = resource.place.relativePath.split('/').at(-1) ?? '';
        return { ...fileRef(entry, { name, state }), role: resource.role };
      }),
  };
}

/** The file of a resource; undefined where the backup lacks it. */
export function entryOf({ backup }: Unlocked, resource: PhotoResource | undefined): ManifestEntry | undefined {
  const entry = resource && backup.find(resource.place.domain, resource.place.relativePath);
  return entry?.kind === 'file' ? entry : undefined;
}

/** Whole numbers above zero; a damaged list may hold anything. */
const positive = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(Math.round(value)) && value > 0 ? Math.round(value) : undefined;
