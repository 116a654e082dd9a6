import { availableParallelism } from 'node:os';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import type { PictureFacts } from '../picture-facts.ts';
import { withParts } from './jpeg-parts.ts';
import type { PictureOutcome, PictureTask } from './picture-worker.ts';

/** No picture takes so long; what does is made to keep a computer busy. */
const MAX_MS = 60_000;
/** Each decodes in up to 400 MB. */
const MAX_THREADS = 2;
const COPY_QUALITY = 90;
const THUMBNAIL_QUALITY = 72;

export type PictureProblem = 'no-decoder' | 'too-slow' | 'unreadable';

/** A JPEG, or why there is none. */
export type PictureCopy = { readonly jpeg: Buffer } | { readonly problem: PictureProblem };

/**
 * Makes JPEG copies of pictures, HEIC among them, in threads. Needs the optional packages sharp and libheif-js; without
 * them every copy is `no-decoder`. Dispose it to end the threads.
 */
export class PictureCopier implements AsyncDisposable {
  #pool = newPool();
  readonly #maxMs: number;

  constructor({ maxMs = MAX_MS }: { readonly maxMs?: number } = {}) {
    this.#maxMs = maxMs;
  }

  /** As large as the original, with its EXIF and colours; `facts` are those of the original. */
  async fullCopy(bytes: Uint8Array, facts: PictureFacts | undefined): Promise<PictureCopy> {
    const copy = await this.#run({ bytes, isHeif: facts?.format === 'heic', quality: COPY_QUALITY });
    return 'problem' in copy ? copy : { jpeg: withParts(copy.jpeg, facts?.tiff, facts?.colourProfile) };
  }

  /** A small one for a page of many. */
  async thumbnail(bytes: Uint8Array, facts: PictureFacts | undefined, maxEdgePx: number): Promise<PictureCopy> {
    return this.#run({ bytes, isHeif: facts?.format === 'heic', maxEdgePx, quality: THUMBNAIL_QUALITY });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  async #run(task: PictureTask): Promise<PictureCopy> {
    const pool = this.#pool;
    await pool.room();
    const { promise: tooSlow, resolve } = Promise.withResolvers<{ problem: 'too-slow' }>();
    const timer = setTimeout(() => resolve({ problem: 'too-slow' }), this.#maxMs);
    try {
      const outcome = await Promise.race([pool.run(task), tooSlow]);
      if ('problem' in outcome && outcome.problem === 'too-slow') await this.#replace(pool);
      return 'jpeg' in outcome ? { jpeg: Buffer.from(outcome.jpeg) } : outcome;
    } catch {
      // A decoder that ran out of memory takes its thread with it, and nothing else.
      await this.#replace(pool);
      return { problem: 'unreadable' };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the threads of a pool and starts anew. */
  async #replace(pool: WorkerPool<PictureTask, PictureOutcome>): Promise<void> {
    if (this.#pool === pool) this.#pool = newPool();
    await pool[Symbol.asyncDispose]();
  }
}

const newPool = (): WorkerPool<PictureTask, PictureOutcome> =>
  new WorkerPool('./picture-worker', import.meta.url, Math.min(MAX_THREADS, availableParallelism()), 1);
