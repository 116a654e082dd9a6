import { PictureCopier, readMediaFacts } from '../../media/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';

const HEIC = /\.hei[cf]$/i;
const MAX_BYTES = 64 * 1024 * 1024;
/** Sharp on any screen, a fifth of the size of the original. */
const EDGE_PX = 1600;
/** Each takes a second and more: what a conversation needs is worth it, ten years of photos only when asked for. */
const MAX_UNASKED = 100;

/** Pictures of HEIC photos that pages and documents can show. */
export class HeicViews implements AsyncDisposable {
  /** Photos of which there is none, because nobody asked for so many or nothing here can decode them. */
  withoutView = 0;
  readonly #backup: Backup;
  readonly #areAllWanted: boolean;
  #copier: PictureCopier | undefined;
  #made = 0;
  #hasDecoder = true;

  constructor(backup: Backup, areAllWanted: boolean) {
    this.#backup = backup;
    this.#areAllWanted = areAllWanted;
  }

  /** @returns undefined for other files, and where there can be none. */
  async jpegOf(entry: ManifestEntry): Promise<Buffer | undefined> {
    if (!HEIC.test(entry.relativePath)) return undefined;
    const jpeg = await this.#make(entry);
    if (jpeg === undefined) this.withoutView++;
    return jpeg;
  }

  async #make(entry: ManifestEntry): Promise<Buffer | undefined> {
    if (!this.#hasDecoder || (!this.#areAllWanted && this.#made >= MAX_UNASKED)) return undefined;
    const bytes = await this.#read(entry);
    if (bytes === undefined) return undefined;
    const facts = await readMediaFacts(once(bytes), entry.relativePath);
    if (facts?.format === 'film') return undefined;
    this.#copier ??= new PictureCopier();
    this.#made++;
    const copy = await this.#copier.thumbnail(bytes, facts, EDGE_PX);
    if ('jpeg' in copy) return copy.jpeg;
    this.#hasDecoder = copy.problem !== 'no-decoder';
    return undefined;
  }

  async #read(entry: ManifestEntry): Promise<Buffer | undefined> {
    try {
      return await this.#backup.bytes(entry, MAX_BYTES);
    } catch (error) {
      if (isNotFound(error) || isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#copier?.[Symbol.asyncDispose]();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
}
