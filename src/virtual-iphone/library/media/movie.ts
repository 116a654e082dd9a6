import { ascii, box, fullBox, u16, u32 } from './boxes.ts';
import { offsetText, wallClock, type CameraFacts } from './exif.ts';
import { encodeTrackFile } from './quicktime.ts';

const TIMESCALE = 600;

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
  const { widthPx, heightPx } = facts;
  return encodeTrackFile({
    brand: 'qt  ',
    madeAt: facts.takenAt,
    handler: 'vide',
    mediaHeader: fullBox('vmhd', 0, 1, u16(0x40, 0x8000, 0x8000, 0x8000)),
    description: motionJpeg(widthPx, heightPx),
    timescale: TIMESCALE,
    ticksPerSample: Math.round(TIMESCALE / framesPerSecond),
    samples: frames,
    widthPx,
    heightPx,
    metadata: metadataOf(facts),
  });
}

/** Length of a movie of so many frames, as players and Photos count it. */
export function durationSeconds({ frames, framesPerSecond }: Pick<MovieOptions, 'frames' | 'framesPerSecond'>): number {
  return (Math.round(TIMESCALE / framesPerSecond) * frames.length) / TIMESCALE;
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
