import { createHash } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import { PictureCopier, readMediaFacts, type PictureCopy, type PictureFacts } from '../../../media/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { shownAsByName } from '../files/media-type.ts';
import { contentOfBytes, notThere, wholeFile, type Content } from '../files/stored-content.ts';
import type { Unlocked } from '../unlocked.ts';
import { SealedCache } from './sealed-cache.ts';
import { Turnstile } from './turnstile.ts';

/** The longest edge of a small picture: two of them beside each other on a telephone with a fine screen. */
const THUMBNAIL_PX = 400;
/** A picture to be looked at; larger ones are for keeping, as the original. */
const VIEW_PX = 2560;
/** What a phone has stored as a small picture. */
const MAX_STORED_BYTES = 4 * 1024 * 1024;
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
const CACHE_BYTES = 512 * 1024 * 1024;
/** Pictures in memory at once, waiting for one of two threads. */
const MAX_AT_WORK = 3;

/** Pictures as browsers show them: those the phone has made, those that were made before, and new ones. */
export class PictureShop implements AsyncDisposable {
  readonly #cache: SealedCache;
  readonly #turnstile = new Turnstile(MAX_AT_WORK);
  #copier: PictureCopier | undefined;

  constructor(stateDir: string) {
    this.#cache = new SealedCache(join(stateDir, 'cache', 'thumbnails'), CACHE_BYTES);
  }

  /**
   * A small JPEG of a picture.
   *
   * @param stored what the phone made of it, where there is such a file.
   * @throws {AppError} CONTENT_NOT_FOUND where there is none and none can be made, CANCELLED
   */
  async thumbnail(
    unlocked: Unlocked,
    entry: ManifestEntry | undefined,
    name: string,
    signal?: AbortSignal,
    stored?: ManifestEntry,
  ): Promise<Content> {
    const ready = stored && (await this.#stored(unlocked, stored));
    const jpeg = ready ?? (await this.#small(unlocked, entry, name, signal));
    return contentOfBytes(jpeg, { name: withEnding(name, '.jpg'), type: 'image/jpeg', isInline: true });
  }

  /** A JPEG large enough for a screen, of a picture in a format that browsers do not show. @throws as `thumbnail` */
  async view(
    unlocked: Unlocked,
    entry: ManifestEntry | undefined,
    name: string,
    signal?: AbortSignal,
  ): Promise<Content> {
    const jpeg = await this.#made(unlocked, entry, name, VIEW_PX, signal);
    return contentOfBytes(jpeg, { name: withEnding(name, '.jpg'), type: 'image/jpeg', isInline: true });
  }

  /** A JPEG as large as the original, with what it says of itself. */
  async fullCopy(unlocked: Unlocked, entry: ManifestEntry, name: string): Promise<Buffer | undefined> {
    const bytes = await wholeFile(unlocked, entry, MAX_PICTURE_BYTES);
    const copy = await this.#copierNow().fullCopy(bytes, await factsOf(bytes, name));
    return 'jpeg' in copy ? copy.jpeg : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#copier?.[Symbol.asyncDispose]();
    this.#copier = undefined;
  }

  async #stored(unlocked: Unlocked, stored: ManifestEntry): Promise<Buffer | undefined> {
    try {
      const bytes = await wholeFile(unlocked, stored, MAX_STORED_BYTES);
      return isJpeg(bytes) ? bytes : undefined;
    } catch (error) {
      if (isAppError(error, 'CONTENT_NOT_FOUND', 'FORMAT_INVALID')) return undefined;
      throw error;
    }
  }

  async #small(
    unlocked: Unlocked,
    entry: ManifestEntry | undefined,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    if (entry?.kind !== 'file') throw notThere();
    const secret = await secretOf(unlocked);
    const key = secret && `${THUMBNAIL_PX} ${identityOf(unlocked, entry)}`;
    const known = secret && key ? await this.#cache.get(secret, key) : undefined;
    if (known !== undefined) return known;
    const jpeg = await this.#made(unlocked, entry, name, THUMBNAIL_PX, signal);
    if (secret && key) await this.#cache.put(secret, key, jpeg);
    return jpeg;
  }

  async #made(
    unlocked: Unlocked,
    entry: ManifestEntry | undefined,
    name: string,
    maxEdgePx: number,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    // A film needs a program to be decoded that is no part of this one.
    if (entry?.kind !== 'file' || shownAsByName(name) === 'film') throw notThere('there is no small picture of this');
    using _place = await this.#turnstile.pass(signal);
    const bytes = await wholeFile(unlocked, entry, MAX_PICTURE_BYTES);
    const facts = await factsOf(bytes, name);
    const copy: PictureCopy = await this.#copierNow().thumbnail(bytes, facts, maxEdgePx);
    if ('jpeg' in copy) return copy.jpeg;
    // What cameras put into their pictures is tiny and not always upright: better than nothing.
    const inside = maxEdgePx === THUMBNAIL_PX ? facts?.thumbnail : undefined;
    if (inside !== undefined && isJpeg(inside)) return inside;
    throw copy.problem === 'no-decoder' ? noDecoder() : notThere('no small picture can be made of this');
  }

  #copierNow(): PictureCopier {
    this.#copier ??= new PictureCopier();
    return this.#copier;
  }
}

/** Known only to who has the password. Versions without encryption are not cached: what is made of them lies nowhere. */
async function secretOf(unlocked: Unlocked): Promise<Buffer | undefined> {
  return unlocked.once('thumbnail secret', () =>
    Promise.resolve(unlocked.backup.classKeys?.deriveSecret('thumbnails')),
  );
}

/** The same for the same content: by what the vault calls its bytes, else by its name and how it was listed. */
function identityOf({ backup, record }: Unlocked, entry: ManifestEntry): string {
  const sha256 = backup.source.locate?.(backup.manifest.contentPath(entry.fileId))?.sha256;
  return sha256 ?? createHash('sha256').update(`${record.id} ${entry.fileId}`).digest('hex');
}

async function factsOf(bytes: Uint8Array, name: string): Promise<PictureFacts | undefined> {
  const facts = await readMediaFacts(oneChunk(bytes), name);
  return facts !== undefined && 'format' in facts ? (facts as PictureFacts) : undefined; // only pictures have a format
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
}

function noDecoder(): Error {
  return notThere('this picture cannot be shown without the optional packages sharp and libheif-js');
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
const withEnding = (name: string, ending: string): string => `${basename(name, extname(name))}${ending}`;
