import type { Photo, PhotoAlbum, Photos } from '../../content/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import { localTimeOf } from './photo-folders.ts';
import { indexPage, photoPage, type PageLink } from './gallery-pages.ts';
import { nameOf } from './tables.ts';
import type { WrittenPhoto } from './write-photo.ts';
import { appendTo } from '../../shared/append-to.ts';

/** One photo on a page. Paths are relative to the folder of the export. */
export interface Tile {
  readonly name: string;
  readonly caption: string | undefined;
  /** By the clock of the place: "2026-05-01T09:30:00". */
  readonly wall: string | undefined;
  readonly viewPath: string | undefined;
  readonly thumbnail: string | undefined;
  readonly kind: Photo['kind'];
  readonly state: Photo['state'];
  readonly durationSeconds: number | undefined;
  readonly isFavorite: boolean;
  readonly isLive: boolean;
}

/** As many as scroll well on an old computer. */
const TILES_PER_PAGE = 400;
const ALBUMS_SHOWN: ReadonlySet<PhotoAlbum['kind']> = new Set(['album', 'import', 'project', 'shared', 'synced']);
const UNDATED = 'Undated';

/** Collects what was written and makes pages of it: by months, by albums, and for what is kept apart. */
export class Gallery {
  readonly #sections = new Map<string, Tile[]>();
  readonly #byKey = new Map<string, Tile>();
  readonly #timeZone: string;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  add({ photo, viewPath }: WrittenPhoto, thumbnail: string | undefined, isListed: boolean): void {
    const wall = photo.takenAt ? localTimeOf(photo, photo.takenAt, this.#timeZone).wall : undefined;
    const tile: Tile = {
      name: nameOf(photo),
      caption: photo.caption ?? photo.title ?? undefined,
      wall,
      viewPath,
      thumbnail,
      kind: photo.kind,
      state: photo.state,
      durationSeconds: photo.kind === 'video' ? (photo.durationSeconds ?? undefined) : undefined,
      isFavorite: photo.isFavorite === true,
      isLive: photo.traits.includes('live'),
    };
    const section = sectionOf(photo, isListed) ?? wall?.slice(0, 7) ?? UNDATED;
    appendTo(this.#sections, section, tile);
    // Pages of albums show nothing that its owner hid or threw away.
    if (photo.isHidden !== true && photo.isDeleted !== true) this.#byKey.set(photo.key, tile);
  }

  /** Writes all pages. @returns the path of the one to begin with. */
  async write(folder: ExportFolder, photos: Photos, notes: readonly string[]): Promise<string> {
    const months: PageLink[] = [];
    const apart: PageLink[] = [];
    for (const section of [...this.#sections.keys()].toSorted().toReversed()) {
      const tiles = (this.#sections.get(section) ?? []).toSorted(byTime);
      const links = await writePages(folder, section, tiles);
      if (/^\d{4}-\d\d$/.test(section)) months.push(...links);
      else apart.push(...links);
    }
    const albums: PageLink[] = [];
    for (const album of photos.albums) {
      if (!ALBUMS_SHOWN.has(album.kind) || album.isDeleted) continue;
      const tiles = [...photos.keysIn(album)].flatMap((key) => this.#byKey.get(key) ?? []);
      if (tiles.length === 0) continue;
      const title = [...album.folders, album.title ?? 'Untitled album'].filter((name) => name !== '').join(' › ');
      albums.push(...(await writePages(folder, `Album ${title}`, tiles, title)));
    }
    const total = (count: 'photos' | 'videos'): number =>
      [...months, ...apart].reduce((sum, link) => sum + link[count], 0);
    const content = indexPage({ photos: total('photos'), videos: total('videos'), months, albums, apart, notes });
    return (await folder.write(['index.html'], content)).path;
  }
}

async function writePages(
  folder: ExportFolder,
  name: string,
  tiles: readonly Tile[],
  title = name,
): Promise<PageLink[]> {
  const links: PageLink[] = [];
  for (let from = 0, number = 1; from < tiles.length; from += TILES_PER_PAGE, number++) {
    const shown = tiles.slice(from, from + TILES_PER_PAGE);
    const suffix = number === 1 ? '' : ` ${number}`;
    const heading =
      tiles.length > TILES_PER_PAGE ? { title, number, of: Math.ceil(tiles.length / TILES_PER_PAGE) } : { title };
    const { path } = await folder.write(['gallery', `${name}${suffix}.html`], photoPage(heading, shown));
    const videos = shown.filter(({ kind }) => kind === 'video').length;
    const cover = shown.find(({ thumbnail }) => thumbnail !== undefined)?.thumbnail;
    links.push({
      title,
      number: tiles.length > TILES_PER_PAGE ? number : undefined,
      path,
      photos: shown.length - videos,
      videos,
      cover,
    });
  }
  return links;
}

function sectionOf(photo: Photo, isListed: boolean): string | undefined {
  if (!isListed) return 'Not in the photo library';
  if (photo.isDeleted === true) return 'Recently Deleted';
  if (photo.isHidden === true) return 'Hidden';
  if (photo.origin === 'shared-with-you') return 'Shared with You';
  return photo.origin === 'shared-album' ? 'Shared albums' : undefined;
}

const byTime = (a: Tile, b: Tile): number => {
  const [first, second] = [a.wall ?? '', b.wall ?? ''];
  return first < second ? -1 : first > second ? 1 : a.name < b.name ? -1 : 1;
};
