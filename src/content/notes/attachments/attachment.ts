import type { ManifestEntry } from '../../../snapshot/index.ts';
import type { Recorded } from '../../source/row-values.ts';
import type { LockParts } from '../locked/locked.ts';
import type { NoteTranscript } from './recording.ts';
import type { NoteTable } from '../body/table.ts';

export type AttachmentKind =
  | 'audio'
  | 'calculation'
  | 'calendar'
  | 'contact'
  | 'document'
  | 'drawing'
  | 'gallery'
  | 'hashtag'
  | 'image'
  | 'link'
  | 'map'
  | 'mention'
  | 'note-link'
  | 'pdf'
  | 'scan'
  | 'table'
  | 'video';

/** A file that belongs to a note. */
export interface NoteFile {
  /** What it is called; not unique, and not safe as a name on a disk. */
  readonly name: string;
  /** `locked`: it is there, and the password that would open it is not. */
  readonly state: 'in-backup' | 'not-in-backup' | 'locked';
  readonly entry: ManifestEntry | undefined;
  /** How its content is opened, where it is that of a locked note. */
  readonly lock?: { readonly parts: LockParts; readonly key: Buffer };
}

/** Something in a note that is not text: a picture, a table, a link, a hashtag. */
export interface NoteAttachment {
  readonly identifier: string;
  readonly kind: AttachmentKind;
  /** Apple's type identifier: "public.jpeg". */
  readonly uti: string | undefined;
  /** Whether the text says where it stands. What does not stand in the text comes after it. */
  readonly isInText: boolean;
  readonly title: Recorded<string>;
  /** What stands in the text for it: "#travel", "@Anna", "= 42". */
  readonly text: Recorded<string>;
  /** Where it leads: an address, or `applenotes:` and the identifier of a note. As stored: check before use. */
  readonly target: Recorded<string>;
  readonly createdAt: Recorded<Date>;
  readonly modifiedAt: Recorded<Date>;
  readonly sizeBytes: Recorded<number>;
  readonly widthPx: Recorded<number>;
  readonly heightPx: Recorded<number>;
  readonly durationSeconds: Recorded<number>;
  readonly place: { readonly latitude: number; readonly longitude: number } | undefined;
  /** What the phone has read in it: handwriting, print. */
  readonly recognised: Recorded<string>;
  /** The thing itself. */
  readonly file: NoteFile | undefined;
  /** How it looks, for drawings, scans and whatever is shown by a preview. */
  readonly picture: NoteFile | undefined;
  /** As pages: of scans. */
  readonly pages: NoteFile | undefined;
  readonly table: NoteTable | undefined;
  readonly transcript: NoteTranscript | undefined;
  /** Pictures of a gallery, the tracks of a recording. */
  readonly parts: readonly NoteAttachment[];
  /** `missing`: the text refers to it, the database has it no more. */
  readonly problem?: 'unreadable' | 'locked' | 'missing';
}

/** Of an attachment that nothing is known of but what it is. */
export const NO_DETAILS: Omit<NoteAttachment, 'identifier' | 'kind' | 'uti' | 'isInText' | 'problem'> = {
  title: undefined,
  text: undefined,
  target: undefined,
  createdAt: undefined,
  modifiedAt: undefined,
  sizeBytes: undefined,
  widthPx: undefined,
  heightPx: undefined,
  durationSeconds: undefined,
  place: undefined,
  recognised: undefined,
  file: undefined,
  picture: undefined,
  pages: undefined,
  table: undefined,
  transcript: undefined,
  parts: [],
};

const KINDS: ReadonlyMap<string, AttachmentKind> = new Map(
  Object.entries({
    'com.apple.notes.inlinetextattachment.hashtag': 'hashtag',
    'com.apple.notes.inlinetextattachment.mention': 'mention',
    'com.apple.notes.inlinetextattachment.link': 'note-link',
    'com.apple.notes.inlinetextattachment.calculateresult': 'calculation',
    'com.apple.notes.inlinetextattachment.calculategraphexpression': 'calculation',
    'com.apple.notes.table': 'table',
    'com.apple.notes.gallery': 'gallery',
    'com.apple.notes.sketch': 'drawing',
    'com.apple.drawing': 'drawing',
    'com.apple.drawing.2': 'drawing',
    'com.apple.paper': 'drawing',
    'com.apple.paper.doc.scan': 'scan',
    'com.apple.paper.doc.pdf': 'pdf',
    'com.adobe.pdf': 'pdf',
    'public.url': 'link',
    'public.file-url': 'link',
    'public.vcard': 'contact',
    'com.apple.ical.ics': 'calendar',
    'com.apple.mapkit.map-item': 'map',
    'public.geojson': 'map',
  } as const),
);

const IMAGE = /image|jpe?g|png|heic|heif|tiff|gif|webp|\.bmp|\.ico$|icns|photoshop/;
const AUDIO = /audio|mp3|waveform|\.m4a|\.caf|midi/;
const VIDEO = /movie|video|mpeg|\.avi$|quicktime|\.m4v/;

/** What an attachment is, by its type identifier: the ones Notes makes by name, all others by what they say. */
export function kindOf(uti: string | undefined): AttachmentKind {
  const type = uti?.toLowerCase() ?? '';
  const known = KINDS.get(type);
  if (known !== undefined) return known;
  if (type.startsWith('com.apple.drawing') || type.startsWith('com.apple.paper')) return 'drawing';
  if (type.startsWith('com.apple.notes.inlinetextattachment')) return 'calculation';
  if (IMAGE.test(type)) return 'image';
  if (AUDIO.test(type)) return 'audio';
  return VIDEO.test(type) ? 'video' : 'document';
}

/** Whether it is a word in the text rather than something that stands by itself. */
export const isInline = (kind: AttachmentKind): boolean =>
  kind === 'hashtag' || kind === 'mention' || kind === 'note-link' || kind === 'calculation';
