import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Photo, PhotoResource } from '../../content/index.ts';
import type { PictureCopier, PictureFacts } from '../../media/index.ts';
import { readMediaFacts } from '../../media/index.ts';
import type { ExportFolder, WrittenFile } from '../folder/export-folder.ts';
import type { Backup } from '../../snapshot/index.ts';
import { jsonText } from '../text/json.ts';
import { photoData } from './photo-data.ts';
import { extensionOf, foldersFor, StemNames, type FolderRules } from './photo-folders.ts';
import { problemOr, readResource, type ReadFile, type ReadProblem } from './photo-reader.ts';
import { xmpSidecar } from './xmp.ts';

/** What was written of a photo. Paths are relative to the folder. */
export interface WrittenPhoto {
  readonly photo: Photo;
  /** The original, or what there is of it, or the JPEG copy: what a page shows first. */
  readonly viewPath: string | undefined;
  readonly files: readonly string[];
  /** What their names begin with. */
  readonly stem: string;
  /** Of resources that the backup names and that could not be read. */
  readonly problems: readonly ReadProblem[];
  /** The original in memory, for making a small picture of it. */
  readonly held: { readonly bytes: Buffer; readonly facts: PictureFacts | undefined } | undefined;
  /** Whether a JPEG copy was asked for and could not be made. */
  readonly copyFailed: boolean;
}

export interface PhotoWriterOptions extends FolderRules {
  readonly backup: Backup;
  readonly folder: ExportFolder;
  readonly sidecars: 'json' | 'none' | 'xmp';
  /** Makes JPEG copies where it is given. */
  readonly copier: PictureCopier | undefined;
}

const HEIF = /\.(?:heic|heif|hif|avif)$/i;
const JPEG = /\.jpe?g$/i;
const PICTURE = /\.(?:jpe?g|jpe|heic|heif|hif|avif|png|gif|tiff?|webp|bmp|dng)$/i;

/** Writes photos into folders, everything that belongs to one beside each other. */
export class PhotoWriter {
  readonly #options: PhotoWriterOptions;
  readonly #names = new StemNames();

  constructor(options: PhotoWriterOptions) {
    this.#options = options;
  }

  /** @param isListed whether the phone's index of photos has it. */
  async write(photo: Photo, isListed: boolean): Promise<WrittenPhoto> {
    const [first = ['Undated'], ...others] = foldersFor(photo, isListed, this.#options);
    const written = await this.#writeInto(first, photo);
    for (const each of others) await this.#copyInto(each, written);
    return written;
  }

  async #writeInto(folder: readonly string[], photo: Photo): Promise<WrittenPhoto> {
    const resources = photo.resources.filter(({ state }) => state === 'in-backup' || state === 'smaller-copy');
    const nothing = {
      photo,
      viewPath: undefined,
      files: [],
      stem: '',
      problems: [],
      held: undefined,
      copyFailed: false,
    };
    if (resources.length === 0) return nothing;
    const stem = this.#names.claim(folder, nameOf(photo));
    const modifiedAt = photo.takenAt ?? undefined;
    const files: string[] = [];
    const problems: ReadProblem[] = [];
    let held: WrittenPhoto['held'];
    let viewPath: string | undefined;
    let copyFailed = false;
    const hasJpeg = resources.some(({ role, place }) => role === 'alternate' && JPEG.test(place.relativePath));
    for (const resource of resources) {
      const path = resource.place.relativePath;
      const read = await readResource(this.#options.backup, resource, PICTURE.test(path));
      const content = typeof read === 'string' ? read : await this.#writeFile(folder, stem, resource, read, modifiedAt);
      if (typeof read === 'string' || typeof content === 'string') {
        problems.push(typeof read === 'string' ? read : content === 'missing' ? 'missing' : 'unreadable');
        continue;
      }
      files.push(content.path);
      if (resource.role === 'original') viewPath = content.path;
      const isView = resource.role === 'original' || resource.role === 'edited';
      const facts = isView && read.bytes ? await factsOf(read.bytes, path) : undefined;
      if (isView && read.bytes) held ??= { bytes: read.bytes, facts };
      if (!isView || !HEIF.test(path) || !read.bytes || hasJpeg || this.#options.copier === undefined) continue;
      const copy = await this.#writeJpeg(folder, `${stem}${SUFFIXES[resource.role]}`, read.bytes, facts, modifiedAt);
      if (copy === undefined) copyFailed = true;
      else {
        files.push(copy);
        if (resource.role === 'original') viewPath = copy;
      }
    }
    const sidecar = files[0] && (await this.#writeSidecar(folder, files[0], photo, files));
    if (sidecar) files.push(sidecar);
    return { photo, viewPath: viewPath ?? files[0], files, stem, problems, held, copyFailed };
  }

  #writeFile(
    folder: readonly string[],
    stem: string,
    { role, state, place }: PhotoResource,
    read: ReadFile,
    takenAt: Date | undefined,
  ): Promise<ReadProblem | WrittenFile> {
    const extension = extensionOf(place.relativePath);
    const isList = extension.toLowerCase() === '.plist';
    const suffix = state === 'smaller-copy' ? ' (smaller copy)' : isList ? ' (edit)' : SUFFIXES[role];
    const name = `${stem}${suffix}${extension}`;
    const modifiedAt = takenAt ?? read.modifiedAt;
    const options = modifiedAt === undefined ? {} : { modifiedAt };
    return problemOr(() => this.#options.folder.write([...folder, name], read.bytes ?? read.stream(), options));
  }

  async #writeJpeg(
    folder: readonly string[],
    stem: string,
    bytes: Buffer,
    facts: PictureFacts | undefined,
    modifiedAt: Date | undefined,
  ): Promise<string | undefined> {
    const copy = await this.#options.copier?.fullCopy(bytes, facts);
    if (copy === undefined || 'problem' in copy) return undefined;
    const options = modifiedAt === undefined ? {} : { modifiedAt };
    return (await this.#options.folder.write([...folder, `${stem}.jpg`], copy.jpeg, options)).path;
  }

  async #writeSidecar(
    folder: readonly string[],
    original: string,
    photo: Photo,
    files: readonly string[],
  ): Promise<string | undefined> {
    const { sidecars, timeZone } = this.#options;
    if (sidecars === 'none') return undefined;
    const name = `${original.slice(original.lastIndexOf('/') + 1)}.${sidecars}`;
    const text = sidecars === 'xmp' ? xmpSidecar(photo, timeZone) : jsonText(photoData(photo, timeZone, files));
    return (await this.#options.folder.write([...folder, name], text)).path;
  }

  /** The same files in the folder of another album: read from where they were just written, not from the backup. */
  async #copyInto(folder: readonly string[], { photo, files, stem: oldStem }: WrittenPhoto): Promise<void> {
    if (files.length === 0) return;
    const stem = this.#names.claim(folder, nameOf(photo));
    for (const path of files) {
      const wish = `${stem}${path.slice(path.lastIndexOf('/') + 1 + oldStem.length)}`;
      const options = photo.takenAt ? { modifiedAt: photo.takenAt } : {};
      await this.#options.folder.write(
        [...folder, wish],
        createReadStream(join(this.#options.folder.dir, path)),
        options,
      );
    }
  }
}

/** What goes between the name of a photo and the extension of one of its files. */
const SUFFIXES: Readonly<Record<PhotoResource['role'], string>> = {
  original: '',
  'live-video': '',
  raw: '',
  alternate: '',
  edited: ' (edited)',
  'edited-live-video': ' (edited)',
  'edit-recipe': '',
};

const nameOf = (photo: Photo): string => photo.originalName ?? photo.fileName ?? 'Untitled.jpg';

async function factsOf(bytes: Buffer, fileName: string): Promise<PictureFacts | undefined> {
  const facts = await readMediaFacts(oneChunk(bytes), fileName);
  return facts?.format === 'film' ? undefined : facts;
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer, undefined> {
  yield bytes;
}
