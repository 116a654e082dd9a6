/** Notes: what they say, what is attached to them, and where they lie. */
export { isInline, type AttachmentKind, type NoteAttachment, type NoteFile } from './attachment.ts';
export type {
  Highlight,
  NoteDocument,
  NoteParagraph,
  NoteSpan,
  ParagraphStyle,
  TextLook,
  TextSpan,
} from './document.ts';
export type { NoteAccount, NoteFolder } from './folders.ts';
export type { LockState } from './locked.ts';
export type { Note, NoteLock } from './note.ts';
export { noteItems, openNotes, type Notes } from './open-notes.ts';
export { byIdentifier, plainText } from './plain-text.ts';
export type { NoteTranscript } from './recording.ts';
export type { NoteTable } from './table.ts';
