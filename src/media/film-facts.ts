import { boxAt, quickTimeMetadata } from '../formats/index.ts';

/** What a film says of itself. Absent is what it does not say. */
export interface FilmFacts {
  readonly format: 'film';
  readonly make?: string;
  readonly model?: string;
  readonly software?: string;
  /** With the offset of the clock where it was taken: "2026-05-01T09:30:00+02:00"; without one, UTC. */
  readonly takenAt?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly durationSeconds?: number;
}

/** QuickTime counts seconds from 1904. */
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);

/** @param movie the content of the file's `moov` box. */
export function filmFacts(movie: Buffer): FilmFacts {
  const meta = boxAt(movie, 'meta');
  const values = meta ? quickTimeMetadata(meta) : new Map<string, Buffer>();
  const text = (name: string): string | undefined => {
    const value = values.get(`com.apple.quicktime.${name}`)?.toString('utf8').trim();
    return value === '' ? undefined : value;
  };
  const header = headerFacts(boxAt(movie, 'mvhd'));
  const facts = {
    make: text('make'),
    model: text('model'),
    software: text('software'),
    takenAt: isoTime(text('creationdate')) ?? header.takenAt,
    durationSeconds: header.durationSeconds,
    ...positionIn(text('location.ISO6709')),
  };
  return { format: 'film', ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
}

/** mvhd: version, flags, made, changed, ticks in a second, ticks in all; times of 32 bits, in version 1 of 64. */
function headerFacts(header: Buffer | undefined): { takenAt?: string; durationSeconds?: number } {
  if (header === undefined || header.length < (header[0] === 1 ? 32 : 20)) return {};
  const isLong = header[0] === 1;
  const made = isLong ? Number(header.readBigUInt64BE(4)) : header.readUInt32BE(4);
  const timescale = header.readUInt32BE(isLong ? 20 : 12);
  const ticks = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  const at = new Date(EPOCH_1904_MS + made * 1000);
  return {
    ...(made > 0 && !Number.isNaN(at.getTime()) && { takenAt: at.toISOString() }),
    ...(timescale > 0 && ticks > 0 && { durationSeconds: ticks / timescale }),
  };
}

/** "2026-05-01T09:30:00+0200" */
function isoTime(text: string | undefined): string | undefined {
  const iso = text?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  return iso === undefined || Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

/** ISO 6709: "+47.6603+009.1758+412.000/". */
function positionIn(text: string | undefined): { latitude?: number; longitude?: number } {
  const parts = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(text ?? '');
  const [latitude, longitude] = [Number(parts?.[1]), Number(parts?.[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : {};
}
