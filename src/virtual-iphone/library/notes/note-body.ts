/**
 * The body of a note: gzip over Protocol Buffers. Document (2) holds the note (3): its text (2) and runs of
 * attributes (5) that cover it, counted in UTF-16 units.
 */
import { gzipSync } from 'node:zlib';
import { bytesField, floatField, varintField } from '../../../formats/index.ts';

type ParagraphStyle =
  | 'title'
  | 'heading'
  | 'subheading'
  | 'body'
  | 'monospaced'
  | 'dotted'
  | 'dashed'
  | 'numbered'
  | 'todo'
  | 'done';

/** Numbers of paragraph styles; body text has none. */
const STYLES: Readonly<Record<ParagraphStyle, number | undefined>> = {
  title: 0,
  heading: 1,
  subheading: 2,
  body: undefined,
  monospaced: 4,
  dotted: 100,
  dashed: 101,
  numbered: 102,
  todo: 103,
  done: 103,
};
const ALIGNMENTS = { center: 1, right: 2, justified: 3 } as const;
const WEIGHTS = { bold: 1, italic: 2, both: 3 } as const;
const HIGHLIGHTS = { purple: 1, pink: 2, orange: 3, mint: 4, blue: 5 } as const;

/** One paragraph or part of one. */
export interface NotePiece {
  readonly text: string;
  readonly style?: ParagraphStyle;
  readonly weight?: keyof typeof WEIGHTS;
  readonly isUnderlined?: boolean;
  readonly isStruck?: boolean;
  readonly raised?: 'super' | 'sub';
  readonly highlight?: keyof typeof HIGHLIGHTS;
  /** Red, green and blue from 0 to 1. */
  readonly colour?: readonly [number, number, number];
  readonly link?: string;
  /** The object that stands here instead of text; `text` is U+FFFC then. */
  readonly attachment?: { readonly identifier: string; readonly uti: string };
  /** How far a list item is indented. */
  readonly indent?: number;
  readonly alignment?: keyof typeof ALIGNMENTS;
  readonly isQuoted?: boolean;
  /** The number that a list begins with. */
  readonly startsAt?: number;
}

/** The character that stands for an attachment. */
export const OBJECT_MARK = '\uFFFC';

export function encodeNoteBody(pieces: readonly NotePiece[], uuid: Uint8Array): Buffer {
  const document = bytesField(2, varintField(1, 0), varintField(2, 0), bytesField(3, encodeNoteText(pieces, uuid)));
  return packed(Buffer.concat([varintField(1, 0), document]));
}

/** The text and its runs, as they stand in a note and in the cells of a table. */
export function encodeNoteText(pieces: readonly NotePiece[], uuid: Uint8Array): Buffer {
  const text = pieces.map((piece) => piece.text).join('');
  return Buffer.concat([bytesField(2, text), ...pieces.map((piece) => bytesField(5, attributeRun(piece, uuid)))]);
}

/** The header's last byte names the system that compressed; the same note is the same bytes everywhere. */
export function packed(content: Uint8Array): Buffer {
  const bytes = gzipSync(content);
  bytes[9] = 19;
  return bytes;
}

/** What a list of notes shows: the first line as title, the next as snippet. */
export function titleAndSnippet(pieces: readonly NotePiece[]): { title: string; snippet: string } {
  const lines = pieces
    .map((piece) => piece.text)
    .join('')
    .split('\n')
    .map((line) => line.replaceAll(OBJECT_MARK, '').trim())
    .filter((line) => line !== '');
  return { title: lines[0] ?? 'New Note', snippet: (lines[1] ?? '').slice(0, 100) };
}

function attributeRun(piece: NotePiece, uuid: Uint8Array): Buffer {
  const parts = [varintField(1, piece.text.length)];
  const paragraph = paragraphFields(piece, uuid);
  if (paragraph.length > 0) parts.push(bytesField(2, ...paragraph));
  if (piece.weight !== undefined) parts.push(varintField(5, WEIGHTS[piece.weight]));
  if (piece.isUnderlined) parts.push(varintField(6, 1));
  if (piece.isStruck) parts.push(varintField(7, 1));
  if (piece.raised !== undefined) parts.push(varintField(8, piece.raised === 'super' ? 1 : -1));
  if (piece.link !== undefined) parts.push(bytesField(9, piece.link));
  if (piece.colour) {
    parts.push(bytesField(10, ...piece.colour.map((level, i) => floatField(i + 1, level)), floatField(4, 1)));
  }
  if (piece.attachment) {
    parts.push(bytesField(12, bytesField(1, piece.attachment.identifier), bytesField(2, piece.attachment.uti)));
  }
  if (piece.highlight !== undefined) parts.push(varintField(14, HIGHLIGHTS[piece.highlight]));
  return Buffer.concat(parts);
}

function paragraphFields(piece: NotePiece, uuid: Uint8Array): Buffer[] {
  const style = piece.style === undefined ? undefined : STYLES[piece.style];
  const isCheckbox = piece.style === 'todo' || piece.style === 'done';
  return [
    ...(style === undefined ? [] : [varintField(1, style)]),
    ...(piece.alignment === undefined ? [] : [varintField(2, ALIGNMENTS[piece.alignment])]),
    ...(piece.indent === undefined ? [] : [varintField(4, piece.indent)]),
    ...(isCheckbox ? [bytesField(5, bytesField(1, uuid), varintField(2, piece.style === 'done' ? 1 : 0))] : []),
    ...(piece.startsAt === undefined ? [] : [varintField(7, piece.startsAt)]),
    ...(piece.isQuoted ? [varintField(8, 1)] : []),
  ];
}
