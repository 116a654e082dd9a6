import { readdir, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Photo } from '../../../content/index.ts';
import type { TakeOutRequest } from '../../../contract/index.ts';
import { findingFiles } from '../../../snapshot/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { inSlices } from '../../../shared/flow/in-slices.ts';
import type { PictureShop } from '../pictures/picture-shop.ts';
import { demandLibrary } from '../photos/photo-pages.ts';
import { entryOf } from '../photos/tell-photo.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem } from '../values.ts';
import type { ZipFile } from './zip-stream.ts';

type Of<T> = Extract<TakeOutRequest, { what: T }>;

/** Files and everything below folders, each below the folder of its domain. */
export async function* chosenFiles({ backup }: Unlocked, { places }: Of<'files'>): AsyncGenerator<ZipFile, undefined> {
  for (const { domain, path } of places) {
    const relativePath = path.replace(/\/+$/, '');
    const itself = relativePath === '' ? undefined : backup.find(domain, relativePath);
    if (itself?.kind === 'file') {
      yield {
        parts: [domain, ...relativePath.split('/')],
        modifiedAt: modifiedAt(itself),
        open: () => backup.chunks(itself),
      };
      continue;
    }
    const below = { domain, relativePath };
    // Whoever waits for the next file of a hundred thousand does not keep others waiting.
    for await (const file of inSlices(findingFiles(backup.manifest, { kind: 'file', below }, () => undefined))) {
      const entry = file && backup.find(file.domain, file.relativePath);
      if (file === undefined || entry === undefined) continue;
      yield {
        parts: [file.domain, ...file.relativePath.split('/')],
        modifiedAt: file.modifiedAt,
        open: () => backup.chunks(entry),
      };
    }
  }
}

/** Photos with what belongs to them, in a folder for each month. */
export async function* chosenPhotos(
  unlocked: Unlocked,
  pictures: PictureShop,
  { numbers, view, asJpeg }: Of<'photos'>,
): AsyncGenerator<ZipFile, undefined> {
  const library = await demandLibrary(unlocked);
  const wanted = numbers ?? demandItem(library.numbersOf(view ?? 'library'), 'album');
  for (let start = 0; start < wanted.length; start += BATCH) {
    for (const { photo } of library.photosOf(wanted.slice(start, start + BATCH))) {
      const at = photo.takenAt ?? photo.modifiedAt ?? undefined;
      const folder = at === undefined ? 'Without a date' : at.toISOString().slice(0, 7);
      for (const resource of photo.resources) {
        const entry = entryOf(unlocked, resource);
        if (entry === undefined || resource.role === 'edit-recipe') continue;
        const name = basename(entry.relativePath);
        const isCopied = asJpeg && /\.(?:heic|heif|hif)$/i.test(name);
        const stem = EDITED.test(resource.role) ? `${stemOfPhoto(photo)} (edited)` : basename(name, extname(name));
        yield {
          parts: [folder, `${stem}${isCopied ? '.jpg' : extname(name)}`],
          modifiedAt: at,
          open: () => (isCopied ? jpegOf(unlocked, pictures, entry, name) : unlocked.backup.chunks(entry)),
        };
      }
    }
  }
}

const BATCH = 100;
/** What editing makes is called the same for every photo. */
const EDITED = /^edited/;

function stemOfPhoto({ fileName, key }: Photo): string {
  const name = fileName ?? key;
  return basename(name, extname(name));
}

/** The original where no copy can be made of it: better under the wrong name than not at all. */
async function* jpegOf(
  unlocked: Unlocked,
  pictures: PictureShop,
  entry: NonNullable<ReturnType<typeof entryOf>>,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  const jpeg = await pictures.fullCopy(unlocked, entry, name);
  if (jpeg === undefined) yield* unlocked.backup.chunks(entry);
  else yield jpeg;
}

function modifiedAt(entry: NonNullable<ReturnType<typeof entryOf>>): Date | undefined {
  try {
    return entry.outline().modifiedAt;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/** Everything that was written into a folder, but for what is hidden in it. */
export async function* folderFiles(dir: string, parts: readonly string[] = []): AsyncGenerator<ZipFile, undefined> {
  const items = await readdir(join(dir, ...parts), { withFileTypes: true });
  for (const item of items.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = [...parts, item.name];
    if (parts.length === 0 && item.name.startsWith('.')) continue;
    if (item.isDirectory()) yield* folderFiles(dir, path);
    else if (item.isFile()) {
      const full = join(dir, ...path);
      yield { parts: path, modifiedAt: (await stat(full)).mtime, open: () => createReadStream(full) };
    }
  }
}
