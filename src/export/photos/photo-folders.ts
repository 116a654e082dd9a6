import type { Photo, PhotoAlbum } from '../../content/index.ts';
import { safeName } from '../../shared/text/safe-name.ts';
import { zoneOffsetMs } from '../../shared/time/time-zone.ts';

/** Albums that people see as albums: what they made, what is shared, what came from a computer. */
const ALBUM_KINDS: ReadonlySet<PhotoAlbum['kind']> = new Set(['album', 'shared', 'synced', 'project']);

/** What the clock showed where a photo was taken: "2026-05-01T09:30:00", with its offset from UTC where known. */
export function localTimeOf(photo: Photo, at: Date, timeZone: string): { wall: string; offset: string } {
  const offsetSeconds = photo.utcOffsetSeconds ?? Math.round(zoneOffsetMs(timeZone, at.getTime()) / 1000);
  const wall = new Date(at.getTime() + offsetSeconds * 1000).toISOString().slice(0, 19);
  const minutes = Math.round(Math.abs(offsetSeconds) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return { wall, offset: `${offsetSeconds < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}` };
}

export interface FolderRules {
  readonly layout: 'album' | 'date';
  readonly timeZone: string;
}

/** The folders a photo goes into: one, or in the layout by albums one for each album. */
export function foldersFor(photo: Photo, isListed: boolean, rules: FolderRules): string[][] {
  const byDate = dateFolders(photo, rules.timeZone);
  if (!isListed) return [['Not in the photo library', ...byDate]];
  if (photo.isDeleted === true) return [['Recently Deleted', ...byDate]];
  if (photo.isHidden === true) return [['Hidden', ...byDate]];
  const albums = photo.albums.filter((album) => ALBUM_KINDS.has(album.kind) && !album.isDeleted);
  if (photo.origin === 'shared-album') return [['Shared albums', albumName(albums[0])]];
  if (photo.origin === 'shared-with-you') return [['Shared with You', ...byDate]];
  if (rules.layout === 'date') return [byDate];
  if (albums.length === 0) return [['Not in an album', ...byDate]];
  return albums.map((album) => [...album.folders.filter((name) => name !== ''), albumName(album)]);
}

const albumName = (album: PhotoAlbum | undefined): string => album?.title ?? 'Untitled album';

function dateFolders(photo: Photo, timeZone: string): string[] {
  const at = photo.takenAt ?? photo.modifiedAt;
  if (!at) return ['Undated'];
  const { wall } = localTimeOf(photo, at, timeZone);
  return [wall.slice(0, 4), wall.slice(0, 7)];
}

/**
 * Gives the files of a photo a name of their own in each folder, without an extension, so that what belongs together
 * sorts together: IMG_0001.HEIC, IMG_0001.MOV, IMG_0001 (edited).jpg.
 */
export class StemNames {
  readonly #taken = new Set<string>();

  /** @param fileName as wished for, with an extension. @returns without it. */
  claim(folder: readonly string[], fileName: string): string {
    const wish = stemOf(safeName(fileName));
    const place = folder.join('/');
    for (let number = 1; ; number++) {
      const stem = number === 1 ? wish : `${wish} (${number})`;
      const key = `${place}/${stem}`.normalize('NFC').toUpperCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return stem;
    }
  }
}

function stemOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 ? fileName.slice(0, dot) : fileName;
}

/** With the point, as it is written; '' where there is none. */
export const extensionOf = (fileName: string): string => {
  const name = fileName.slice(fileName.lastIndexOf('/') + 1);
  return name.slice(stemOf(name).length);
};
