/**
 * EXIF as an iPhone writes it: a big-endian TIFF with the main directory, the Exif directory (with Apple's maker note,
 * where the two halves of a Live Photo find each other) and the GPS directory.
 */

export interface CameraFacts {
  readonly takenAt: Date;
  /** Minutes east of UTC of the wall clock the picture was taken by. */
  readonly utcOffsetMinutes: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** "iPhone 13" */
  readonly model: string;
  /** "18.5" */
  readonly software: string;
  readonly location?: { readonly latitude: number; readonly longitude: number; readonly altitudeM: number };
  /** Links a Live Photo's picture and film: a UUID. */
  readonly contentIdentifier?: string;
  readonly iso?: number;
}

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const UNIT_BYTES: Record<number, number> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8, [UNDEFINED]: 1, 1: 1 };

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly bytes: Buffer;
}

/** The content of a JPEG's APP1 segment, or of a HEIC's Exif item after its four-byte offset. */
export function encodeExif(facts: CameraFacts): Buffer {
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), encodeTiff(facts)]);
}

export function encodeTiff(facts: CameraFacts): Buffer {
  const local = wallClock(facts);
  const offset = offsetText(facts.utcOffsetMinutes);
  const main = [
    text(0x010f, 'Apple'),
    text(0x0110, facts.model),
    short(0x0112, 1),
    rational(0x011a, 72, 1),
    rational(0x011b, 72, 1),
    short(0x0128, 2),
    text(0x0131, facts.software),
    text(0x0132, local),
  ];
  const exif = [
    rational(0x829a, 1, 121),
    rational(0x829d, 8, 5),
    short(0x8822, 2),
    short(0x8827, facts.iso ?? 64),
    undefinedBytes(0x9000, Buffer.from('0232')),
    text(0x9003, local),
    text(0x9004, local),
    text(0x9010, offset),
    text(0x9011, offset),
    text(0x9012, offset),
    rational(0x920a, 51, 10),
    ...(facts.contentIdentifier === undefined ? [] : [undefinedBytes(0x927c, makerNote(facts.contentIdentifier))]),
    text(0x9291, String(facts.takenAt.getUTCMilliseconds()).padStart(3, '0')),
    short(0xa001, 65535),
    long(0xa002, facts.widthPx),
    long(0xa003, facts.heightPx),
    short(0xa405, 26),
    text(0xa433, 'Apple'),
    text(0xa434, `${facts.model} back dual wide camera 5.1mm f/1.6`),
  ];
  const gps = facts.location ? gpsFields(facts.location, facts.takenAt) : undefined;
  return layOut(main, exif, gps);
}

/** Header, main directory with pointers to the others, then those; offsets count from the header. */
function layOut(main: Field[], exif: Field[], gps: Field[] | undefined): Buffer {
  const header = Buffer.from('MM\0\x2a\0\0\0\x08', 'latin1');
  const pointers = gps ? [long(0x8769, 0), long(0x8825, 0)] : [long(0x8769, 0)];
  const mainBytes = directory([...main, ...pointers], 8).length;
  const exifAt = 8 + mainBytes;
  const exifBytes = directory(exif, exifAt);
  const gpsAt = exifAt + exifBytes.length;
  const filled = gps ? [long(0x8769, exifAt), long(0x8825, gpsAt)] : [long(0x8769, exifAt)];
  const parts = [header, directory([...main, ...filled], 8), exifBytes];
  if (gps) parts.push(directory(gps, gpsAt));
  return Buffer.concat(parts);
}

/** One directory: count, 12-byte entries in order of tag, no next one, then the values too long for an entry. */
function directory(fields: readonly Field[], at: number): Buffer {
  const sorted = fields.toSorted((a, b) => a.tag - b.tag);
  const table = Buffer.alloc(2 + sorted.length * 12 + 4);
  const values: Buffer[] = [];
  let valuesAt = at + table.length;
  table.writeUInt16BE(sorted.length, 0);
  sorted.forEach(({ tag, type, bytes }, i) => {
    const entry = 2 + i * 12;
    table.writeUInt16BE(tag, entry);
    table.writeUInt16BE(type, entry + 2);
    table.writeUInt32BE(bytes.length / (UNIT_BYTES[type] ?? 1), entry + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, entry + 8);
      return;
    }
    table.writeUInt32BE(valuesAt, entry + 8);
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    values.push(padded);
    valuesAt += padded.length;
  });
  return Buffer.concat([table, ...values]);
}

/** Apple's maker note: its own header and a directory whose offsets count from the note; tag 0x11 is the identifier. */
function makerNote(contentIdentifier: string): Buffer {
  const header = Buffer.from('Apple iOS\0\0\x01MM', 'latin1');
  const version = Buffer.alloc(4);
  version.writeInt32BE(15);
  const fields = [{ tag: 0x0001, type: LONG, bytes: version }, text(0x0011, contentIdentifier)];
  return Buffer.concat([header, directory(fields, header.length)]);
}

function gpsFields(location: NonNullable<CameraFacts['location']>, takenAt: Date): Field[] {
  const { latitude, longitude, altitudeM } = location;
  const [date = '', time = ''] = takenAt.toISOString().split('T');
  return [
    text(0x0001, latitude < 0 ? 'S' : 'N'),
    degrees(0x0002, latitude),
    text(0x0003, longitude < 0 ? 'W' : 'E'),
    degrees(0x0004, longitude),
    { tag: 0x0005, type: 1, bytes: Buffer.from([altitudeM < 0 ? 1 : 0]) },
    rational(0x0006, Math.round(Math.abs(altitudeM) * 100), 100),
    rationals(0x0007, [
      [Number(time.slice(0, 2)), 1],
      [Number(time.slice(3, 5)), 1],
      [Number(time.slice(6, 8)), 1],
    ]),
    text(0x001d, date.replaceAll('-', ':')),
  ];
}

function degrees(tag: number, value: number): Field {
  const hundredths = Math.round(Math.abs(value) * 360_000);
  return rationals(tag, [
    [Math.floor(hundredths / 360_000), 1],
    [Math.floor((hundredths % 360_000) / 6000), 1],
    [hundredths % 6000, 100],
  ]);
}

function text(tag: number, value: string): Field {
  return { tag, type: ASCII, bytes: Buffer.from(`${value}\0`, 'latin1') };
}

function short(tag: number, value: number): Field {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return { tag, type: SHORT, bytes };
}

function long(tag: number, value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return { tag, type: LONG, bytes };
}

function rational(tag: number, numerator: number, denominator: number): Field {
  return rationals(tag, [[numerator, denominator]]);
}

function rationals(tag: number, values: readonly (readonly [number, number])[]): Field {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach(([numerator, denominator], i) => {
    bytes.writeUInt32BE(numerator, i * 8);
    bytes.writeUInt32BE(denominator, i * 8 + 4);
  });
  return { tag, type: RATIONAL, bytes };
}

function undefinedBytes(tag: number, bytes: Buffer): Field {
  return { tag, type: UNDEFINED, bytes };
}

/** "2026:11:20 08:15:00" by the clock on the wall. */
export function wallClock({ takenAt, utcOffsetMinutes }: Pick<CameraFacts, 'takenAt' | 'utcOffsetMinutes'>): string {
  const local = new Date(takenAt.getTime() + utcOffsetMinutes * 60_000).toISOString();
  return `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11, 19)}`;
}

/** "+02:00" */
export function offsetText(utcOffsetMinutes: number): string {
  const minutes = Math.abs(utcOffsetMinutes);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${utcOffsetMinutes < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}
