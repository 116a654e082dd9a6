/**
 * EXIF (CIPA DC-008): a TIFF file within a picture. Read are the facts that people ask for; everything is looked up by
 * tag in at most four directories of at most 500 entries, so that no file can make it long.
 *
 *   offset 0  "MM" or "II", for big or little endian; 2  u16 42; 4  u32 where the first directory is
 *   directory: u16 count; entries of u16 tag, u16 type, u32 count, 4 bytes with the value or where it is; u32 next
 */

/** What a picture says of itself. Absent is what it does not say. */
export interface ExifFacts {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  readonly software?: string;
  /** By the clock of the camera: "2026-05-01T09:30:00". */
  readonly takenAtLocal?: string;
  /** "+02:00" */
  readonly utcOffset?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly altitudeM?: number;
  readonly iso?: number;
  readonly aperture?: number;
  readonly exposureSeconds?: number;
  readonly focalLengthMm?: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** 1 to 8, as TIFF has it: 1 is upright. */
  readonly orientation?: number;
  /** A small JPEG of the picture. */
  readonly thumbnail?: Buffer;
}

const MAX_ENTRIES = 500;
const MAX_TEXT_BYTES = 1000;
const UNIT_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8 };

/** @param tiff begins with "MM" or "II". @returns nothing known when it is no TIFF. */
export function exifFacts(tiff: Buffer): ExifFacts {
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'MM' && order !== 'II')) return {};
  const reader = new TiffReader(tiff, order === 'II');
  if (reader.u16(2) !== 42) return {};
  const main = reader.directory(reader.u32(4));
  const exif = reader.directory(main?.number(0x8769));
  const gps = reader.directory(main?.number(0x8825));
  const small = reader.directory(main?.next);
  const facts = {
    make: main?.text(0x010f),
    model: main?.text(0x0110),
    software: main?.text(0x0131),
    orientation: within(main?.number(0x0112), 1, 8),
    lens: exif?.text(0xa434),
    takenAtLocal: localTime(exif?.text(0x9003) ?? exif?.text(0x9004) ?? main?.text(0x0132)),
    utcOffset: offset(exif?.text(0x9011) ?? exif?.text(0x9010)),
    exposureSeconds: exif?.number(0x829a),
    aperture: exif?.number(0x829d),
    iso: exif?.number(0x8827),
    focalLengthMm: exif?.number(0x920a),
    widthPx: exif?.number(0xa002),
    heightPx: exif?.number(0xa003),
    ...position(gps),
    thumbnail: thumbnail(tiff, small),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

class TiffReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  /** NaN beyond the end. */
  u16(at: number): number {
    if (!(at >= 0 && at + 2 <= this.#bytes.length)) return NaN;
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    if (!(at >= 0 && at + 4 <= this.#bytes.length)) return NaN;
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  bytes(at: number, length: number): Buffer {
    return this.#bytes.subarray(at, at + length);
  }

  directory(at: number | undefined): Directory | undefined {
    const count = at === undefined || at < 8 ? NaN : this.u16(at);
    return at === undefined || !(count > 0 && count <= MAX_ENTRIES) ? undefined : new Directory(this, at, count);
  }
}

/** One directory: the values of its tags. Of a list of values, the first. */
class Directory {
  readonly #reader: TiffReader;
  /** Where the entry of a tag is. */
  readonly #entries = new Map<number, number>();
  /** Where the next directory is. */
  readonly next: number;

  constructor(reader: TiffReader, at: number, count: number) {
    this.#reader = reader;
    for (let i = 0; i < count; i++) this.#entries.set(reader.u16(at + 2 + i * 12), at + 2 + i * 12);
    this.next = reader.u32(at + 2 + count * 12);
  }

  text(tag: number): string | undefined {
    const place = this.#place(tag);
    if (place === undefined) return undefined;
    const [text = ''] = this.#reader
      .bytes(place.at, Math.min(place.count, MAX_TEXT_BYTES))
      .toString('utf8')
      .split('\0');
    return text.trim() === '' ? undefined : text.trim();
  }

  number(tag: number): number | undefined {
    return this.numbers(tag, 1)[0];
  }

  numbers(tag: number, atMost: number): number[] {
    const place = this.#place(tag);
    if (place === undefined) return [];
    const unitBytes = UNIT_BYTES[place.type] ?? 1;
    return Array.from({ length: Math.min(place.count, atMost) }, (_, i) =>
      this.#valueAt(place.at + i * unitBytes, place.type),
    ).filter(Number.isFinite);
  }

  /** Where the bytes of a value begin, and how many values there are. */
  #place(tag: number): { at: number; type: number; count: number } | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return undefined;
    const type = this.#reader.u16(entry + 2);
    const count = this.#reader.u32(entry + 4);
    const sizeBytes = (UNIT_BYTES[type] ?? NaN) * count;
    if (!Number.isFinite(sizeBytes)) return undefined;
    const at = sizeBytes <= 4 ? entry + 8 : this.#reader.u32(entry + 8);
    return at + sizeBytes <= this.#reader.sizeBytes ? { at, type, count } : undefined;
  }

  #valueAt(at: number, type: number): number {
    if (type === 3) return this.#reader.u16(at);
    if (type === 4) return this.#reader.u32(at);
    if (type === 9) return this.#reader.u32(at) | 0;
    if (type === 5) return this.#reader.u32(at) / this.#reader.u32(at + 4);
    if (type === 10) return (this.#reader.u32(at) | 0) / (this.#reader.u32(at + 4) | 0);
    return type === 1 || type === 7 ? (this.#reader.bytes(at, 1)[0] ?? NaN) : NaN;
  }
}

function position(gps: Directory | undefined): Pick<ExifFacts, 'altitudeM' | 'latitude' | 'longitude'> {
  if (gps === undefined) return {};
  const latitude = degrees(gps, 0x0002, gps.text(0x0001) === 'S');
  const longitude = degrees(gps, 0x0004, gps.text(0x0003) === 'W');
  if (latitude === undefined || longitude === undefined) return {};
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return {};
  const height = gps.number(0x0006);
  return {
    latitude,
    longitude,
    ...(height !== undefined && { altitudeM: gps.number(0x0005) === 1 ? -height : height }),
  };
}

function degrees(gps: Directory, tag: number, isNegative: boolean): number | undefined {
  const [whole, minutes = 0, seconds = 0] = gps.numbers(tag, 3);
  if (whole === undefined) return undefined;
  const value = whole + minutes / 60 + seconds / 3600;
  return isNegative ? -value : value;
}

/** "2026:05:01 09:30:00" as ISO has it. */
function localTime(text: string | undefined): string | undefined {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text ?? '');
  if (parts === null || parts[1] === '0000') return undefined;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`;
  return Number.isNaN(Date.parse(`${iso}Z`)) ? undefined : iso;
}

const offset = (text: string | undefined): string | undefined =>
  text !== undefined && /^[+-](?:0\d|1[0-4]):[0-5]\d$/.test(text) ? text : undefined;

const within = (value: number | undefined, low: number, high: number): number | undefined =>
  value !== undefined && Number.isInteger(value) && value >= low && value <= high ? value : undefined;

/** The second directory says where the small picture is. */
function thumbnail(tiff: Buffer, directory: Directory | undefined): Buffer | undefined {
  const at = directory?.number(0x0201);
  const sizeBytes = directory?.number(0x0202);
  if (at === undefined || sizeBytes === undefined || at + sizeBytes > tiff.length) return undefined;
  const bytes = tiff.subarray(at, at + sizeBytes);
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? bytes : undefined;
}
