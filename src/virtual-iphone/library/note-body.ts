/**
 * The body of a note: gzip over Protocol Buffers. Document (2) holds the note (3): its text (2) and runs of
 * attributes (5) that cover it, counted in UTF-16 units.
 */
import { gzipSync } from 'node:zlib';
import { bytesField, varintField } from '../../formats/index.ts';

type ParagraphStyle = 'title' | 'heading' | 'body' | 'monospaced' | 'dotted' | 'dashed' | 'numbered' | 'todo' | 'done';

/** Numbers of paragraph styles; body text has none. */
const STYLES: Readonly<Record<ParagraphStyle, number | undefined>> = {
  title: 0,
  heading: 1,
  body: undefined,
  monospaced: 4,
  dotted: 100,
  dashed: 101,
  numbered: 102,
  todo: 103,
  done: 103,
};

/** One paragraph or part of one. */
export interface NotePiece {
  readonly text: string;
  readonly style?: ParagraphStyle;
  readonly weight?: 'bold' | 'italic';
  readonly isUnderlined?: boolean;
  readonly isStruck?: boolean;
  readonly link?: string;
  /** The object that stands here instead of text; `text` is U+FFFC then. */
  readonly attachment?: { readonly identifier: string; readonly uti: string };
  /** How far a list item is indented. */
  readonly indent?: number;
}

/** The character that stands for an attachment. */
export const OBJECT_MARK = '\uFFFC';

export function encodeNoteBody(pieces: readonly NotePiece[], uuid: Uint8Array): Buffer {
  const text = pieces.map((piece) => piece.text).join('');
  const note = bytesField(3, bytesField(2, text), ...pieces.map((piece) => bytesField(5, attributeRun(piece, uuid))));
  const document = bytesField(2, varintField(1, 0), varintField(2, 0), note);
  const bytes = gzipSync(Buffer.concat([varintField(1, 0), document]));
  // The header's last byte names the system that compressed; the same note is the same bytes everywhere.
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
  const style = piece.style === undefined ? undefined : STYLES[piece.style];
  if (style !== undefined) {
    const isCheckbox = piece.style === 'todo' || piece.style === 'done';
    parts.push(
      bytesField(
        2,
        varintField(1, style),
        ...(piece.indent === undefined ? [] : [varintField(4, piece.indent)]),
        ...(isCheckbox ? [bytesField(5, bytesField(1, uuid), varintField(2, piece.style === 'done' ? 1 : 0))] : []),
      ),
    );
  }
  if (piece.weight !== undefined) parts.push(varintField(5, piece.weight === 'bold' ? 1 : 2));
  if (piece.isUnderlined) parts.push(varintField(6, 1));
  if (piece.isStruck) parts.push(varintField(7, 1));
  if (piece.link !== undefined) parts.push(bytesField(9, piece.link));
  if (piece.attachment) {
    parts.push(bytesField(12, bytesField(1, piece.attachment.identifier), bytesField(2, piece.attachment.uti)));
  }
  return Buffer.concat(parts);
}
