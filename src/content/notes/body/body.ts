/**
 * The body of a note as it is stored since iOS 9: gzip over a protobuf message. It holds the whole text and then, for
 * stretches of it one after another, how they look:
 *
 *   document (2) → version (2), note (3) → text (2), runs (5)
 *   run      length in UTF-16 units (1), paragraph (2), font (3), weight (5), underlined (6), struck (7),
 *            superscript (8), link (9), colour (10), attachment (12), highlight (14)
 */
import { decodeProtobuf, type ProtobufMessage } from '../../../formats/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import { EMPTY_DOCUMENT, type NoteDocument } from './document.ts';
import { unpacked } from '../packed.ts';
import { paragraphsOf } from './paragraphs.ts';
import { runsOf } from './runs.ts';

/** The largest notes met hold some MB of text. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Reads the body of a note. An empty one is a blank note.
 *
 * @throws {FormatError} when it is no note, or one beyond 32 MB.
 */
export function decodeNoteBody(bytes: Uint8Array): NoteDocument {
  if (bytes.length === 0) return EMPTY_DOCUMENT;
  const root = decodeProtobuf(unpacked(bytes, MAX_BODY_BYTES));
  const note = root.message(2)?.message(3) ?? root.message(3);
  if (note === undefined) throw new FormatError('this is not the body of a note');
  return decodeNoteText(note);
}

/** Reads text with its runs: of a note, or of a cell of a table. */
export function decodeNoteText(note: ProtobufMessage): NoteDocument {
  const { runs, isDamaged } = runsOf(note.allBytes(5));
  const paragraphs = paragraphsOf(note.text(2) ?? '', runs);
  return isDamaged ? { paragraphs, problem: 'formatting-damaged' } : { paragraphs };
}
