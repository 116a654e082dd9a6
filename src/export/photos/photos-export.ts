import { openPhotos, type Photo, type PhotoCounts, type Photos } from '../../content/index.ts';
import { PictureCopier } from '../../media/index.ts';
import { sentence } from '../../shared/text/sentence.ts';
import { zoneOffsetMs } from '../../shared/time/time-zone.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { isAbout, isWithin } from '../text/times.ts';
import { Gallery } from './gallery.ts';
import { photoData } from './photo-data.ts';
import { withOwnFacts } from './photo-facts.ts';
import { COLUMNS, missingLine, rowOf } from './tables.ts';
import { ThumbnailWriter } from './thumbnails.ts';
import { missingInWords, photosInWords } from './words.ts';
import { PhotoWriter, type WrittenPhoto } from './write-photo.ts';

const TITLE = 'Photos';
const SIDECARS = { xmp: 'xmp', json: 'json', html: 'none' } as const;

/**
 * Photos and videos as they are, in folders by date or by album, with what the phone knows of them beside each: as XMP,
 * as JSON, or on the pages alone. In the format `csv` a table and no photos.
 */
export const photosExport: ContentExport = {
  kind: 'photos',
  title: TITLE,
  formats: ['xmp', 'json', 'html', 'csv'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using photos = await openPhotos(request.backup);
    if (photos === undefined) return undefined;
    return await new PhotosRun(photos, request).run();
  },
};

/** What is counted while photos are taken out. */
interface Tally {
  written: number;
  missing: number;
  unreadable: number;
  copiesFailed: number;
  /** Live Photos that are there without the film that makes them live. */
  stillsOnly: number;
  unlisted: number;
  problems: number;
}

class PhotosRun {
  readonly #photos: Photos;
  readonly #request: ExportRequest;
  readonly #tally: Tally = {
    written: 0,
    missing: 0,
    unreadable: 0,
    copiesFailed: 0,
    stillsOnly: 0,
    unlisted: 0,
    problems: 0,
  };
  /** Photos that nothing is recorded of, with what their files say. */
  #unlisted: readonly Photo[] = [];
  /** Where the files of a photo were written. */
  readonly #files = new Map<string, readonly string[]>();

  constructor(photos: Photos, request: ExportRequest) {
    this.#photos = photos;
    this.#request = request;
  }

  async run(): Promise<ExportSummary> {
    const { folder, format, timeZone } = this.#request;
    this.#unlisted = await this.#readUnlisted();
    const counts = this.#photos.count();
    const gallery = format === 'csv' ? undefined : await this.#writePhotos(counts);
    const items = format === 'csv' ? this.#wanted().reduce((sum) => sum + 1, 0) : this.#tally.written;
    await folder.write([`${TITLE}.csv`], csv(COLUMNS, this.#rows()));
    if (format === 'json') await folder.write([`${TITLE}.json`], jsonArray(this.#data()));
    const missing = [...this.#missingLines()];
    if (missing.length > 0) {
      const head = `Photos and videos that are not in this backup. Times are those of where they were taken, else of ${timeZone}.\n\n`;
      await folder.write(['Not in this backup.txt'], [head, ...missing.map((line) => `${line}\n`)]);
    }
    const notes = this.#notes(counts, missing.length > 0);
    const startPage = gallery && (await gallery.write(folder, this.#photos, notes));
    return { items, notes, ...(startPage !== undefined && { startPage }) };
  }

  async #writePhotos(counts: PhotoCounts): Promise<Gallery> {
    const { backup, folder, format, timeZone, options, signal, onProgress } = this.#request;
    await using copier = new PictureCopier();
    const gallery = new Gallery(timeZone);
    const thumbnails = new ThumbnailWriter(this.#photos, backup, folder, copier);
    const writer = new PhotoWriter({
      backup,
      folder,
      timeZone,
      layout: options.layout ?? 'date',
      sidecars: SIDECARS[format as keyof typeof SIDECARS] ?? 'xmp', // one of the formats above
      copier: options.jpegCopies === true ? copier : undefined,
    });
    const total = counts.own + counts.inSharedAlbums + counts.sharedWithYou;
    let done = 0;
    for (const photo of this.#wanted()) {
      signal.throwIfAborted();
      const isListed = this.#isListed(photo);
      const written = await writer.write(photo, isListed);
      this.#note(written, isListed);
      gallery.add(written, await thumbnails.write(written), isListed);
      onProgress?.(++done, Math.max(total, done));
    }
    return gallery;
  }

  async #readUnlisted(): Promise<Photo[]> {
    const { backup, timeZone, signal } = this.#request;
    const photos: Photo[] = [];
    for (const file of this.#photos.unlisted()) {
      signal.throwIfAborted();
      photos.push(await withOwnFacts(file, backup, (at) => zoneOffsetMs(timeZone, at.getTime()) / 1000));
    }
    return photos;
  }

  /** What was asked for: those on record, then the files that nothing is recorded of. */
  *#wanted(): Generator<Photo, undefined> {
    const isIndexed = this.#photos.indexProblem === undefined;
    if (isIndexed) yield* this.#photos.all().filter((photo) => this.#isWanted(photo));
    yield* this.#unlisted.filter((photo) => this.#isWanted(photo));
  }

  /** Without an index there is no library that a file could be missing from. */
  #isListed(photo: Photo): boolean {
    return this.#photos.indexProblem !== undefined || !photo.key.startsWith('file:');
  }

  #isWanted(photo: Photo): boolean {
    const { options } = this.#request;
    if (photo.isDeleted === true && options.deleted !== true) return false;
    return isWithin(photo.takenAt ?? photo.modifiedAt, options) && isAbout(photo.people ?? [], options.people);
  }

  #note({ photo, files, problems, copyFailed }: WrittenPhoto, isListed: boolean): void {
    if (files.length > 0) {
      this.#tally.written++;
      this.#files.set(photo.key, files);
    }
    if (problems.includes('missing')) this.#tally.missing++;
    if (problems.includes('unreadable')) this.#tally.unreadable++;
    if (copyFailed) this.#tally.copiesFailed++;
    const film = photo.resources.find(({ role }) => role === 'live-video');
    if (photo.state === 'in-backup' && film && film.state !== 'in-backup') this.#tally.stillsOnly++;
    if (!isListed) this.#tally.unlisted++;
    if (photo.problem !== undefined) this.#tally.problems++;
  }

  *#rows(): Generator<ReturnType<typeof rowOf>, undefined> {
    for (const photo of this.#wanted()) yield rowOf(photo, this.#filesOf(photo), this.#request.timeZone);
  }

  *#data(): Generator<unknown, undefined> {
    for (const photo of this.#wanted()) yield photoData(photo, this.#request.timeZone, this.#filesOf(photo));
  }

  #filesOf(photo: Photo): readonly string[] {
    return this.#files.get(photo.key) ?? [];
  }

  *#missingLines(): Generator<string, undefined> {
    for (const photo of this.#wanted()) {
      const isOwn = photo.origin !== 'shared-album' && photo.origin !== 'shared-with-you';
      if (isOwn && photo.state !== 'in-backup') yield missingLine(photo, this.#request.timeZone);
    }
  }

  #notes(counts: PhotoCounts, hasList: boolean): string[] {
    const { missing, unreadable, copiesFailed, stillsOnly, unlisted, problems } = this.#tally;
    const { indexProblem, indexDamage } = this.#photos;
    const deletedLeftOut = this.#request.options.deleted === true ? 0 : counts.deleted;
    return [
      indexProblem &&
        `${sentence(indexProblem)} Every photo whose file is there was taken out, without albums and favourites.`,
      indexDamage && sentence(indexDamage),
      ...(hasList ? missingInWords(counts) : []),
      deletedLeftOut > 0 &&
        `Left out, as they are in “Recently Deleted”: ${photosInWords(deletedLeftOut)}. Add --deleted to have them.`,
      stillsOnly > 0 && `Live Photos whose moving part is not in this backup: ${stillsOnly}.`,
      missing > 0 && `Named by the backup and not in it: files of ${photosInWords(missing)}.`,
      unreadable > 0 && `Could not be decrypted: files of ${photosInWords(unreadable)}.`,
      copiesFailed > 0 && `No JPEG copy could be made of ${photosInWords(copiesFailed)}; the originals are there.`,
      unlisted > 0 && `In the backup and not in the photo library: ${photosInWords(unlisted)}.`,
      problems > 0 && `Something of the record could not be read of ${photosInWords(problems)}.`,
    ].filter((note) => typeof note === 'string');
  }
}
