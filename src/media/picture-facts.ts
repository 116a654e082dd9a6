import { boxAt, boxesIn } from '../formats/index.ts';
import { exifFacts, type ExifFacts } from './exif.ts';
import type { FileStart } from './file-start.ts';

/** What a picture says of itself; `tiff` is its EXIF as it is, to be put into copies. */
export interface PictureFacts extends ExifFacts {
  readonly format: 'heic' | 'jpeg' | 'png' | 'tiff';
  readonly tiff?: Buffer;
  /** What its colours mean (ICC), where a HEIC says it. */
  readonly colourProfile?: Buffer;
}

const FIRST_BYTES = 128 * 1024;
const MAX_SEGMENTS = 200;
const MAX_EXTENTS = 64;
const EXIF_MARK = Buffer.from('Exif\0\0', 'latin1');

/** @returns undefined for what is no picture of a known format. */
export async function pictureFacts(file: FileStart): Promise<PictureFacts | undefined> {
  const start = await file.read(FIRST_BYTES);
  if (start[0] === 0xff && start[1] === 0xd8) return jpegFacts(start);
  if (start.toString('latin1', 4, 8) === 'ftyp') return heicFacts(file, start);
  if (start.toString('latin1', 1, 4) === 'PNG' && start.length >= 24) {
    return { format: 'png', widthPx: start.readUInt32BE(16), heightPx: start.readUInt32BE(20) };
  }
  const isTiff = /^(?:II\*\0|MM\0\*)/.test(start.toString('latin1', 0, 4));
  return isTiff ? { format: 'tiff', ...exifFacts(start), tiff: start } : undefined;
}

/** Segments of a marker, a length in two bytes and content, up to where the picture itself begins. */
function jpegFacts(start: Buffer): PictureFacts {
  let tiff: Buffer | undefined;
  let size: { widthPx: number; heightPx: number } | undefined;
  let at = 2;
  for (let i = 0; i < MAX_SEGMENTS && at + 4 <= start.length && start[at] === 0xff; i++) {
    const marker = start[at + 1] ?? 0;
    if (marker === 0xda) break;
    const content = start.subarray(at + 4, at + 2 + start.readUInt16BE(at + 2));
    if (marker === 0xe1 && content.subarray(0, 6).equals(EXIF_MARK)) tiff ??= content.subarray(6);
    // Start of frame: C0 to CF but for the tables of Huffman and arithmetic codes.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && content.length >= 5) size = { heightPx: content.readUInt16BE(1), widthPx: content.readUInt16BE(3) };
    at += 2 + start.readUInt16BE(at + 2);
  }
  return { format: 'jpeg', ...(tiff && { ...exifFacts(tiff), tiff }), ...size };
}

/** HEIF (ISO/IEC 23008-12): an item of type Exif, which the `meta` box says where to find. */
async function heicFacts(file: FileStart, start: Buffer): Promise<PictureFacts | undefined> {
  if (!/^(?:heic|heix|mif1|msf1|hevc|avif)/.test(start.toString('latin1', 8, 12))) return undefined;
  const meta = boxAt(start, 'meta')?.subarray(4);
  const colourProfile = meta && profileIn(meta);
  const common = { format: 'heic', ...(colourProfile && { colourProfile }) } as const;
  const place = meta && exifPlace(meta);
  if (place === undefined) return common;
  const bytes = await file.read(place.at + place.sizeBytes);
  const item = bytes.subarray(place.at, place.at + place.sizeBytes);
  // Before the TIFF: how many bytes come before it, most often "Exif" and two zeros.
  const tiff = item.length < 4 ? item : item.subarray(4 + item.readUInt32BE(0));
  return { ...common, ...exifFacts(tiff), tiff };
}

/** The first colour profile among the properties of the pictures; those of the tiles are the same. */
function profileIn(meta: Buffer): Buffer | undefined {
  const properties = boxAt(meta, 'iprp', 'ipco');
  if (properties === undefined) return undefined;
  for (const { type, start, end } of boxesIn(properties)) {
    const kind = properties.toString('latin1', start, start + 4);
    if (type === 'colr' && (kind === 'prof' || kind === 'rICC')) return properties.subarray(start + 4, end);
  }
  return undefined;
}

function exifPlace(meta: Buffer): { at: number; sizeBytes: number } | undefined {
  const info = boxAt(meta, 'iinf');
  const locations = boxAt(meta, 'iloc');
  if (info === undefined || locations === undefined || info.length < 8) return undefined;
  for (const { type, start, end } of boxesIn(info, info[0] === 0 ? 6 : 8)) {
    // infe, version 2 or 3: id (u16 or u32), protection (u16), type.
    const version = info[start] ?? 0;
    const idBytes = version === 3 ? 4 : 2;
    if (type !== 'infe' || version < 2 || end - start < 4 + idBytes + 6) continue;
    if (info.toString('latin1', start + 6 + idBytes, start + 10 + idBytes) !== 'Exif') continue;
    return itemPlace(locations, info.readUIntBE(start + 4, idBytes));
  }
  return undefined;
}

/** iloc: for each item, its id and pieces, in numbers of sizes that the box gives. An item in several pieces is left. */
function itemPlace(iloc: Buffer, wanted: number): { at: number; sizeBytes: number } | undefined {
  const version = iloc[0] ?? 0;
  let at = 4;
  const read = (bytes: number): number => {
    const value = bytes === 0 ? 0 : at + bytes <= iloc.length ? iloc.readUIntBE(at, Math.min(bytes, 6)) : NaN;
    at += bytes;
    return value;
  };
  const sizes = read(2);
  const [offsetBytes = 0, lengthBytes = 0, baseBytes = 0, indexBytes = 0] = [12, 8, 4, 0].map(
    (by) => (sizes >> by) & 15,
  );
  if ([offsetBytes, lengthBytes, baseBytes].some((each) => each > 4)) return undefined;
  const count = read(version < 2 ? 2 : 4);
  for (let i = 0; i < count && at < iloc.length; i++) {
    const id = read(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2);
    const base = read(baseBytes);
    const extents = read(2);
    if (!(extents <= MAX_EXTENTS)) return undefined;
    for (let piece = 0; piece < extents; piece++) {
      if (version > 0) read(indexBytes);
      const offset = read(offsetBytes);
      const sizeBytes = read(lengthBytes);
      const isWhole = id === wanted && extents === 1 && method === 0;
      if (isWhole && sizeBytes > 0) return { at: base + offset, sizeBytes };
    }
  }
  return undefined;
}
