/**
 * PNG pictures as a PDF can hold them: without transparency, rows one after the other. The library would have to
 * unpack all others, does so without any bound, and takes the process down with it when one is damaged.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Twice the screen of the largest iPad: photos are no PNG. All of it is in memory several times. */
const MAX_PIXELS = 12_000_000;
const [GREY, RGB, INDEXED, GREY_ALPHA, RGB_ALPHA] = [0, 2, 3, 4, 6];
const CHANNELS: Readonly<Record<number, number>> = {
  [GREY]: 1,
  [RGB]: 3,
  [INDEXED]: 1,
  [GREY_ALPHA]: 2,
  [RGB_ALPHA]: 4,
};

interface Png {
  readonly width: number;
  readonly height: number;
  readonly colorType: number;
  readonly palette: Buffer | undefined;
  /** How solid each colour of the palette is. */
  readonly transparency: Buffer | undefined;
  readonly data: Buffer;
}

export const isPng = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 8)).equals(SIGNATURE);

/**
 * The same picture, on white where it is transparent.
 *
 * @returns undefined for a picture that is damaged, too large, interlaced or of another depth than 8 bits.
 */
export function flatPng(bytes: Buffer): Buffer | undefined {
  const png = parse(bytes);
  if (png === undefined || png.width * png.height > MAX_PIXELS) return undefined;
  const pixels = unpacked(png);
  return pixels && encode(png.width, png.height, onWhite(png, pixels));
}

function parse(bytes: Buffer): Png | undefined {
  const chunks = new Map<string, Buffer[]>();
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (length > bytes.length - at - 12) return undefined;
    chunks.set(type, [...(chunks.get(type) ?? []).slice(0, 10_000), bytes.subarray(at + 8, at + 8 + length)]);
    at += length + 12;
  }
  const header = chunks.get('IHDR')?.[0];
  if (header === undefined || header.length < 13) return undefined;
  const [depth, colorType, isInterlaced] = [header[8], header[9] ?? 255, header[12] !== 0];
  if (depth !== 8 || isInterlaced || CHANNELS[colorType] === undefined) return undefined;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const transparency = colorType === INDEXED ? chunks.get('tRNS')?.[0] : undefined;
  const data = Buffer.concat(chunks.get('IDAT') ?? []);
  return { width, height, colorType, palette: chunks.get('PLTE')?.[0], transparency, data };
}

/** Rows with the filters undone (RFC 2083, 6). */
function unpacked({ width, height, colorType, data }: Png): Buffer | undefined {
  const channels = CHANNELS[colorType] ?? 1;
  const rowBytes = width * channels;
  const size = (rowBytes + 1) * height;
  const packed = inflated(data, size);
  if (packed === undefined || packed.length < size || size === 0) return undefined;
  const pixels = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (rowBytes + 1)] ?? 0;
    if (filter > 4) return undefined;
    const [from, to] = [y * (rowBytes + 1) + 1, y * rowBytes];
    for (let x = 0; x < rowBytes; x++) {
      const left = x >= channels ? (pixels[to + x - channels] ?? 0) : 0;
      const above = y > 0 ? (pixels[to + x - rowBytes] ?? 0) : 0;
      const corner = y > 0 && x >= channels ? (pixels[to + x - rowBytes - channels] ?? 0) : 0;
      pixels[to + x] = (packed[from + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return pixels;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter < 2) return filter === 0 ? 0 : left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function inflated(data: Buffer, size: number): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: size + 1024 });
  } catch {
    // Damaged, or more than the header says: either way no picture.
    return undefined;
  }
}

function onWhite({ width, height, colorType, palette, transparency }: Png, pixels: Buffer): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  const channels = CHANNELS[colorType] ?? 1;
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    const first = pixels[at] ?? 0;
    const isGrey = colorType === GREY || colorType === GREY_ALPHA;
    const alpha =
      colorType === INDEXED
        ? (transparency?.[first] ?? 255)
        : channels % 2 === 0
          ? (pixels[at + channels - 1] ?? 255)
          : 255;
    for (let c = 0; c < 3; c++) {
      const value = colorType === INDEXED ? (palette?.[first * 3 + c] ?? 0) : isGrey ? first : (pixels[at + c] ?? 0);
      rgb[i * 3 + c] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

function encode(width: number, height: number, rgb: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, RGB], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) rgb.copy(rows, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const whole = Buffer.alloc(content.length + 12);
  whole.writeUInt32BE(content.length, 0);
  whole.write(type, 4, 'latin1');
  content.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, content.length + 8)), content.length + 8);
  return whole;
}
