import { createRequire } from 'node:module';

/** A picture as libheif gives it: four bytes a pixel. */
export interface Pixels {
  readonly rgba: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The part of libheif-js that is used; it comes without types of it. */
interface HeifLibrary {
  HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[]; delete?(): void };
}

interface HeifImage {
  get_width(): number;
  get_height(): number;
  display(target: ImageTarget, done: (result: ImageTarget | null) => void): void;
  free(): void;
}

interface ImageTarget {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** 100 million pixels take 400 MB; the largest an iPhone makes have 48. */
const MAX_PIXELS = 100_000_000;

let library: HeifLibrary | undefined;

/**
 * Decodes a HEIC picture, turned upright.
 *
 * @throws {Error} when libheif-js, an optional package, is not installed.
 * @returns undefined when it cannot be decoded.
 */
export async function decodeHeif(bytes: Uint8Array): Promise<Pixels | undefined> {
  library ??= createRequire(import.meta.url)('libheif-js/wasm-bundle') as HeifLibrary; // an untyped package
  const images = new library.HeifDecoder().decode(bytes);
  try {
    const [image] = images;
    const width = image?.get_width() ?? 0;
    const height = image?.get_height() ?? 0;
    if (image === undefined || width * height === 0 || width * height > MAX_PIXELS) return undefined;
    const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
    const drawn = await new Promise<ImageTarget | null>((resolve) => image.display(target, resolve));
    return drawn === null ? undefined : { rgba: new Uint8Array(target.data.buffer), widthPx: width, heightPx: height };
  } finally {
    for (const image of images) image.free();
  }
}
