import type { ShownAs } from '../../../contract/index.ts';
import { fileTypeOf } from '../../../snapshot/index.ts';

/** What a browser may show inside a page: by what the bytes are, never by what a name or a phone says. */
export interface MediaType {
  readonly type: string;
  readonly shownAs: ShownAs;
}

/** For everything else: loaded, never shown. */
const UNKNOWN_TYPE: MediaType = { type: 'application/octet-stream', shownAs: 'other' };

/** So many first bytes tell. */
export const TELLING_BYTES = 64;

const BRANDS: readonly (readonly [brands: RegExp, type: MediaType])[] = [
  [/^(?:hei[cxms]|mif1|msf1|hevc)/, { type: 'image/heic', shownAs: 'picture' }],
  [/^avif/, { type: 'image/avif', shownAs: 'picture' }],
  [/^M4[AB] /, { type: 'audio/mp4', shownAs: 'sound' }],
  // Browsers play QuickTime films by what is in them, and only when they are called by the other name.
  [/^(?:qt {2}|mp4|isom|iso\d|avc1|M4V|3gp|3g2|dash|MSNV)/, { type: 'video/mp4', shownAs: 'film' }],
];

const STARTS: readonly (readonly [start: RegExp, type: MediaType])[] = [
  [/^\xff\xd8\xff/, { type: 'image/jpeg', shownAs: 'picture' }],
  [/^\x89PNG\r\n/, { type: 'image/png', shownAs: 'picture' }],
  [/^GIF8[79]a/, { type: 'image/gif', shownAs: 'picture' }],
  [/^RIFF....WEBP/s, { type: 'image/webp', shownAs: 'picture' }],
  [/^(?:II\*\0|MM\0\*)/, { type: 'image/tiff', shownAs: 'picture' }],
  [/^BM....\0\0\0\0/s, { type: 'image/bmp', shownAs: 'picture' }],
  [/^RIFF....WAVE/s, { type: 'audio/wav', shownAs: 'sound' }],
  [/^(?:ID3|\xff[\xfb\xf3\xf2])/, { type: 'audio/mpeg', shownAs: 'sound' }],
  [/^OggS/, { type: 'audio/ogg', shownAs: 'sound' }],
  [/^\xff[\xf1\xf9]/, { type: 'audio/aac', shownAs: 'sound' }],
  [/^#!AMR/, { type: 'audio/amr', shownAs: 'sound' }],
  [/^caff\0/, { type: 'audio/x-caf', shownAs: 'sound' }],
  // Films from before there was a brand begin with a box of theirs.
  [/^....(?:moov|mdat|wide|free|skip)/s, { type: 'video/mp4', shownAs: 'film' }],
  [/^%PDF-/, { type: 'application/pdf', shownAs: 'document' }],
];

/** @param start the first bytes of a file. */
export function mediaTypeOf(start: Uint8Array): MediaType {
  const text = Buffer.from(start.subarray(0, TELLING_BYTES)).toString('latin1');
  if (text.slice(4, 8) === 'ftyp') {
    return BRANDS.find(([brands]) => brands.test(text.slice(8, 12)))?.[1] ?? UNKNOWN_TYPE;
  }
  return STARTS.find(([beginning]) => beginning.test(text))?.[1] ?? UNKNOWN_TYPE;
}

/** Types that browsers show as they are. PDF is none: a page in it may run scripts. */
const INLINE: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'video/mp4',
  'audio/mp4',
  'audio/wav',
  'audio/mpeg',
  'audio/ogg',
  'audio/aac',
  'audio/x-caf',
]);

export const isInline = ({ type }: MediaType): boolean => INLINE.has(type);

const SHOWN_AS: Readonly<Record<string, ShownAs>> = {
  image: 'picture',
  video: 'film',
  audio: 'sound',
  document: 'document',
};

/** What a file probably is, by its name: for lists, where no file is opened. */
export function shownAsByName(name: string): ShownAs {
  return SHOWN_AS[fileTypeOf(name) ?? ''] ?? 'other';
}
