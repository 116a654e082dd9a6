import { cocoaSeconds } from '../apple-time.ts';
import { ascii, box, fullBox, u16, u32, u8 } from './boxes.ts';
import { offsetText, wallClock, type CameraFacts } from './exif.ts';

/** QuickTime counts from 1904; Cocoa from 2001. */
const SECONDS_1904_TO_2001 = 3_061_152_000;
const TIMESCALE = 600;
const IDENTITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

export interface MovieOptions {
  readonly facts: CameraFacts;
  /** Each a whole JPEG of the size in `facts`. */
  readonly frames: readonly Uint8Array[];
  readonly framesPerSecond: number;
}

/**
 * A QuickTime movie of one video track in Motion JPEG, with the metadata an iPhone puts beside it: make, model,
 * software, date, place, and the identifier that ties a Live Photo's film to its picture. It plays.
 */
export function encodeMovie({ facts, frames, framesPerSecond }: MovieOptions): Buffer {
  const fileType = box('ftyp', ascii('qt  '), u32(0), ascii('qt  '));
  const data = box('mdat', ...frames);
  const sampleBytes = frames.map((frame) => frame.length);
  const frameTicks = Math.round(TIMESCALE / framesPerSecond);
  const ticks = frameTicks * frames.length;
  const created = Math.floor(cocoaSeconds(facts.takenAt)) + SECONDS_1904_TO_2001;
  const movie = box(
    'moov',
    fullBox('mvhd', 0, 0, u32(created, created, TIMESCALE, ticks), movieHeaderRest()),
    track({ facts, created, ticks, frameTicks, sampleBytes, dataAt: fileType.length + 8 }),
    metadata(facts),
  );
  return Buffer.concat([fileType, data, movie]);
}

/** Length of a movie of so many frames, as players and Photos count it. */
export function durationSeconds({ frames, framesPerSecond }: Pick<MovieOptions, 'frames' | 'framesPerSecond'>): number {
  return (Math.round(TIMESCALE / framesPerSecond) * frames.length) / TIMESCALE;
}

/** Rate 1, volume 1, the identity matrix, and 2 as the next track's number. */
function movieHeaderRest(): Buffer {
  return Buffer.concat([u32(0x10000), u16(0x100), Buffer.alloc(10), IDENTITY_MATRIX, Buffer.alloc(24), u32(2)]);
}

interface TrackFacts {
  readonly facts: CameraFacts;
  readonly created: number;
  readonly ticks: number;
  readonly frameTicks: number;
  readonly sampleBytes: readonly number[];
  readonly dataAt: number;
}

function track({ facts, created, ticks, frameTicks, sampleBytes, dataAt }: TrackFacts): Buffer {
  const { widthPx, heightPx } = facts;
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), motionJpeg(widthPx, heightPx)),
    fullBox('stts', 0, 0, u32(1, sampleBytes.length, frameTicks)),
    fullBox('stsc', 0, 0, u32(1, 1, sampleBytes.length, 1)),
    fullBox('stsz', 0, 0, u32(0, sampleBytes.length, ...sampleBytes)),
    fullBox('stco', 0, 0, u32(1, dataAt)),
  );
  return box(
    'trak',
    fullBox(
      'tkhd',
      0,
      0x0f,
      u32(created, created, 1, 0, ticks),
      Buffer.alloc(16),
      IDENTITY_MATRIX,
      u32(widthPx * 0x10000, heightPx * 0x10000),
    ),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, u32(created, created, TIMESCALE, ticks), u16(0x55c4, 0)),
      handler('mhlr', 'vide', 'Core Media Video'),
      box(
        'minf',
        fullBox('vmhd', 0, 1, u16(0x40, 0x8000, 0x8000, 0x8000)),
        handler('dhlr', 'url ', 'Core Media Data Handler'),
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        samples,
      ),
    ),
  );
}

/** A visual sample description: 72 dots per inch, one frame a sample, 24 bits, no colour table. */
function motionJpeg(widthPx: number, heightPx: number): Buffer {
  const name = Buffer.alloc(32);
  name.write('\x0cPhoto - JPEG', 'latin1');
  return box(
    'jpeg',
    Buffer.alloc(6),
    u16(1, 0, 0),
    ascii('appl'),
    u32(0, 0x200),
    u16(widthPx, heightPx),
    u32(0x480000, 0x480000, 0),
    u16(1),
    name,
    u16(24, 0xffff),
  );
}

function handler(type: string, subtype: string, name: string): Buffer {
  return fullBox(
    'hdlr',
    0,
    0,
    ascii(type),
    ascii(subtype),
    ascii('appl'),
    Buffer.alloc(8),
    u8(name.length),
    ascii(name),
  );
}

/** QuickTime metadata: a list of keys and, by their place in it, the values. */
function metadata(facts: CameraFacts): Buffer {
  const entries = Object.entries(metadataOf(facts));
  const keys = entries.map(([key]) => box('mdta', ascii(key)));
  const values = entries.map(([, value], i) => {
    const data = box('data', u32(1, 0), Buffer.from(value));
    return Buffer.concat([u32(8 + data.length, i + 1), data]);
  });
  return box(
    'meta',
    fullBox('hdlr', 0, 0, u32(0), ascii('mdta'), Buffer.alloc(12), u8(0)),
    fullBox('keys', 0, 0, u32(entries.length), ...keys),
    box('ilst', ...values),
  );
}

function metadataOf(facts: CameraFacts): Record<string, string> {
  const local = wallClock(facts).replace(/^(....):(..):(..) /, '$1-$2-$3T');
  const prefix = 'com.apple.quicktime';
  return {
    [`${prefix}.make`]: 'Apple',
    [`${prefix}.model`]: facts.model,
    [`${prefix}.software`]: facts.software,
    [`${prefix}.creationdate`]: local + offsetText(facts.utcOffsetMinutes).replace(':', ''),
    ...(facts.location && { [`${prefix}.location.ISO6709`]: iso6709(facts.location) }),
    ...(facts.contentIdentifier !== undefined && { [`${prefix}.content.identifier`]: facts.contentIdentifier }),
  };
}

/** "-33.8688+151.2093+012.500/" */
function iso6709({ latitude, longitude, altitudeM }: NonNullable<CameraFacts['location']>): string {
  return `${signed(latitude, 7, 4)}${signed(longitude, 8, 4)}${signed(altitudeM, 7, 3)}/`;
}

function signed(value: number, width: number, decimals: number): string {
  return (value < 0 ? '-' : '+') + Math.abs(value).toFixed(decimals).padStart(width, '0');
}
