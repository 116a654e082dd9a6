import type { Photos } from '../../content/index.ts';
import type { PictureCopier, PictureCopy } from '../../media/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import { problemOr } from './photo-reader.ts';
import type { WrittenPhoto } from './write-photo.ts';

const MAX_THUMBNAIL_BYTES = 4 * 1024 * 1024;
const EDGE_PX = 360;
const PER_FOLDER = 1000;
/** Each takes a second and more: a few are worth waiting for, a library of them is not. */
const MAX_DECODED_HEIFS = 200;
const RAW = /\.dng$/i;

/**
 * Small pictures for pages of many. The phone has made most of them; others are in the pictures, the rest is made here
 * where that is quick.
 */
export class ThumbnailWriter {
  readonly #photos: Photos;
  readonly #backup: Backup;
  readonly #folder: ExportFolder;
  readonly #copier: PictureCopier;
  #count = 0;
  #decodedHeifs = 0;
  #hasDecoder = true;

  constructor(photos: Photos, backup: Backup, folder: ExportFolder, copier: PictureCopier) {
    this.#photos = photos;
    this.#backup = backup;
    this.#folder = folder;
    this.#copier = copier;
  }

  /** @returns the path of the small picture, undefined where there can be none. */
  async write(written: WrittenPhoto): Promise<string | undefined> {
    const jpeg = (await this.#fromPhone(written)) ?? written.held?.facts?.thumbnail ?? (await this.#made(written));
    if (jpeg === undefined) return undefined;
    const number = ++this.#count;
    const parts = ['gallery', 'thumbnails', String(Math.floor(number / PER_FOLDER)), `${number}.jpg`];
    return (await this.#folder.write(parts, jpeg)).path;
  }

  async #fromPhone({ photo }: WrittenPhoto): Promise<Buffer | undefined> {
    const entry = this.#photos.thumbnailOf(photo);
    if (entry === undefined) return undefined;
    const bytes = await problemOr(() => this.#backup.bytes(entry, MAX_THUMBNAIL_BYTES));
    return typeof bytes !== 'string' && isJpeg(bytes) ? bytes : undefined;
  }

  async #made({ held, photo }: WrittenPhoto): Promise<Buffer | undefined> {
    if (held === undefined || !this.#hasDecoder || RAW.test(photo.fileName ?? '')) return undefined;
    if (held.facts?.format === 'heic' && ++this.#decodedHeifs > MAX_DECODED_HEIFS) return undefined;
    const copy: PictureCopy = await this.#copier.thumbnail(held.bytes, held.facts, EDGE_PX);
    if ('jpeg' in copy) return copy.jpeg;
    if (copy.problem === 'no-decoder') this.#hasDecoder = false;
    return undefined;
  }
}

const isJpeg = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
