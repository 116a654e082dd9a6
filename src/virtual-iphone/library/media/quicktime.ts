import { cocoaSeconds } from '../apple-time.ts';
import { ascii, box, fullBox, u16, u32, u8 } from './boxes.ts';

/** QuickTime counts from 1904; Cocoa from 2001. */
const SECONDS_1904_TO_2001 = 3_061_152_000;
const IDENTITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** A file of one track: what it holds and how it is cut into samples. */
export interface TrackFile {
  /** "qt  " or "M4A " */
  readonly brand: string;
  readonly madeAt: Date;
  /** "vide" or "soun" */
  readonly handler: string;
  /** vmhd or smhd */
  readonly mediaHeader: Uint8Array;
  /** The entry of the sample description. */
  readonly description: Uint8Array;
  /** Ticks in a second. */
  readonly timescale: number;
  readonly ticksPerSample: number;
  readonly samples: readonly Uint8Array[];
  /** Bytes of one sample where all are alike and `samples` are many at once. */
  readonly sampleBytes?: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** By key: "com.apple.quicktime.make". */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The same, of the track. */
  readonly trackMetadata?: Readonly<Record<string, string>>;
  /** A box among the user data of the track. */
  readonly trackUserData?: Uint8Array;
}

/** Lays out a file: its type, the samples, then the movie that describes them. */
export function encodeTrackFile(file: TrackFile): Buffer {
  const fileType = box('ftyp', ascii(file.brand), u32(0), ascii(file.brand));
  const data = box('mdat', ...file.samples);
  const count = file.sampleBytes === undefined ? file.samples.length : (data.length - 8) / file.sampleBytes;
  const ticks = count * file.ticksPerSample;
  const made = Math.floor(cocoaSeconds(file.madeAt)) + SECONDS_1904_TO_2001;
  const movie = box(
    'moov',
    fullBox('mvhd', 0, 0, u32(made, made, file.timescale, ticks), movieHeaderRest()),
    box(
      'trak',
      trackHeader(file, made, ticks),
      box(
        'mdia',
        fullBox('mdhd', 0, 0, u32(made, made, file.timescale, ticks), u16(0x55c4, 0)),
        handlerBox('mhlr', file.handler, 'Core Media Handler'),
        box(
          'minf',
          file.mediaHeader,
          handlerBox('dhlr', 'url ', 'Core Media Data Handler'),
          box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
          sampleTable(file, count, fileType.length + 8),
        ),
      ),
      ...(file.trackMetadata ? [metadataBox(file.trackMetadata)] : []),
      ...(file.trackUserData ? [box('udta', file.trackUserData)] : []),
    ),
    ...(file.metadata ? [metadataBox(file.metadata)] : []),
  );
  return Buffer.concat([fileType, data, movie]);
}

/** Rate 1, volume 1, the identity matrix, and 2 as the next track's number. */
function movieHeaderRest(): Buffer {
  return Buffer.concat([u32(0x10000), u16(0x100), Buffer.alloc(10), IDENTITY_MATRIX, Buffer.alloc(24), u32(2)]);
}

function trackHeader({ widthPx = 0, heightPx = 0, handler }: TrackFile, made: number, ticks: number): Buffer {
  const volume = handler === 'soun' ? u16(0, 0, 0x100, 0) : u16(0, 0, 0, 0);
  const size = u32(widthPx * 0x10000, heightPx * 0x10000);
  return fullBox('tkhd', 0, 0x0f, u32(made, made, 1, 0, ticks), Buffer.alloc(8), volume, IDENTITY_MATRIX, size);
}

/** All samples lie in one chunk, one after another. */
function sampleTable(file: TrackFile, count: number, dataAt: number): Buffer {
  const sizes =
    file.sampleBytes === undefined
      ? u32(0, count, ...file.samples.map(({ length }) => length))
      : u32(file.sampleBytes, count);
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), file.description),
    fullBox('stts', 0, 0, u32(1, count, file.ticksPerSample)),
    fullBox('stsc', 0, 0, u32(1, 1, count, 1)),
    fullBox('stsz', 0, 0, sizes),
    fullBox('stco', 0, 0, u32(1, dataAt)),
  );
}

function handlerBox(type: string, subtype: string, name: string): Buffer {
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
function metadataBox(metadata: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(metadata);
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
