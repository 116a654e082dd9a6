/** Makes JPEGs of pictures, in a thread: decoding one takes up to a second and hundreds of megabytes. */
import { parentPort } from 'node:worker_threads';
import type Sharp from 'sharp';
import { decodeHeif } from './heif.ts';

export interface PictureTask {
  readonly bytes: Uint8Array;
  readonly isHeif: boolean;
  /** Longest edge of the copy; without it, the copy is as large as the original. */
  readonly maxEdgePx?: number;
  /** 1 to 100. */
  readonly quality: number;
}

/** `problem`: `unreadable` pictures, and `no-decoder` where the optional packages are not installed. */
export type PictureOutcome = { readonly jpeg: Uint8Array } | { readonly problem: 'no-decoder' | 'unreadable' };

/** libheif writes about every damaged file to the console, which belongs to the program. */
// oxlint-disable-next-line no-console -- silenced
console.log = () => {};
// oxlint-disable-next-line no-console -- silenced
console.error = () => {};

/** One after another: a thread answers in the order it is asked, and memory is for one picture. */
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (task: PictureTask) => {
  last = last.then(async () => parentPort?.postMessage(await copyOf(task), []));
});

async function copyOf(task: PictureTask): Promise<PictureOutcome> {
  let sharp: typeof Sharp;
  try {
    sharp = (await import('sharp')).default;
  } catch {
    return { problem: 'no-decoder' };
  }
  sharp.cache(false);
  sharp.concurrency(1);
  try {
    const picture = await open(sharp, task);
    if (picture === undefined) return { problem: 'unreadable' };
    const edge = task.maxEdgePx;
    const sized =
      edge === undefined ? picture : picture.resize(edge, edge, { fit: 'inside', withoutEnlargement: true });
    const jpeg = await sized.flatten({ background: '#ffffff' }).jpeg({ quality: task.quality }).toBuffer();
    return { jpeg };
  } catch (error) {
    return { problem: isMissingModule(error) ? 'no-decoder' : 'unreadable' };
  }
}

async function open(
  sharp: typeof Sharp,
  { bytes, isHeif }: PictureTask,
): Promise<ReturnType<typeof Sharp> | undefined> {
  if (!isHeif) return sharp(bytes, { failOn: 'error' }).rotate();
  const pixels = await decodeHeif(bytes);
  if (pixels === undefined) return undefined;
  return sharp(pixels.rgba, { raw: { width: pixels.widthPx, height: pixels.heightPx, channels: 4 } });
}

const isMissingModule = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /MODULE_NOT_FOUND/.test(String(error.code));
