import type { Photo, PhotoResource } from '../../../content/index.ts';
import { notThere, openContent, type Content } from '../files/stored-content.ts';
import type { PictureShop } from '../pictures/picture-shop.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandLibrary, demandPhoto } from './photo-pages.ts';
import { entryOf, nameOfPhoto } from './tell-photo.ts';

/** A small JPEG: what the phone made of it, else one made here. @throws {AppError} CONTENT_NOT_FOUND, CANCELLED */
export async function photoThumbnail(
  unlocked: Unlocked,
  pictures: PictureShop,
  n: number,
  signal: AbortSignal,
): Promise<Content> {
  const photo = await demandPhoto(unlocked, n);
  const stored = (await demandLibrary(unlocked)).photos.thumbnailOf(photo);
  const made = resourceOf(photo, photo.kind === 'video' ? [] : ['original', 'edited', 'alternate']);
  return pictures.thumbnail(unlocked, entryOf(unlocked, made), nameOf(photo, made), signal, stored);
}

/** As large as a screen: the edited one where there is one, and what is left of it where the original is elsewhere. */
export async function photoView(
  unlocked: Unlocked,
  pictures: PictureShop,
  n: number,
  signal: AbortSignal,
): Promise<Content> {
  const photo = await demandPhoto(unlocked, n);
  if (photo.kind === 'video') return photoThumbnail(unlocked, pictures, n, signal);
  const resource = resourceOf(photo, ['edited', 'original', 'alternate']);
  const entry = entryOf(unlocked, resource);
  if (entry === undefined) return photoThumbnail(unlocked, pictures, n, signal);
  const name = nameOf(photo, resource);
  const content = await openContent(unlocked, entry, name);
  if (content.isInline) return content;
  return pictures.view(unlocked, entry, name, signal);
}

/** To be kept, as it came out of the camera. @throws {AppError} CONTENT_NOT_FOUND */
export async function photoOriginal(unlocked: Unlocked, n: number): Promise<Content> {
  const photo = await demandPhoto(unlocked, n);
  const resource = resourceOf(photo, ['original']);
  const content = await openContent(unlocked, entryOf(unlocked, resource), nameOfPhoto(photo));
  return { ...content, isInline: false };
}

/** What moves: a film, or the seconds around a Live Photo. @throws {AppError} CONTENT_NOT_FOUND */
export async function photoFilm(unlocked: Unlocked, n: number): Promise<Content> {
  const photo = await demandPhoto(unlocked, n);
  const roles =
    photo.kind === 'video' ? (['edited', 'original'] as const) : (['edited-live-video', 'live-video'] as const);
  const resource = resourceOf(photo, roles);
  if (resource === undefined) throw notThere('nothing of this moves, or its film is not in the backup');
  return openContent(unlocked, entryOf(unlocked, resource), nameOf(photo, resource));
}

/** The first of these that the backup has. */
function resourceOf({ resources }: Photo, roles: readonly PhotoResource['role'][]): PhotoResource | undefined {
  const here = resources.filter(({ state }) => state === 'in-backup' || state === 'smaller-copy');
  return roles.map((role) => here.find((each) => each.role === role)).find((each) => each !== undefined);
}

const nameOf = (photo: Photo, resource: PhotoResource | undefined): string =>
  resource?.place.relativePath.split('/').at(-1) ?? nameOfPhoto(photo);
