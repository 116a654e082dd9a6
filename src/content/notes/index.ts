/** Notes: what they say, what is attached to them, and where they lie. */
export { isInline, type AttachmentKind, type NoteAttachment, type NoteFile } from './attachments/attachment.ts';
export type {
  Highlight,
  NoteDocument,
  NoteParagraph,
  NoteSpan,
  ParagraphStyle,
  TextLook,
  TextSpan,
} from './body/document.ts';
export type { NoteAccount, NoteFolder } from './folders.ts';
export type { LockState } from './locked/locked.ts';
export type { Note, NoteLock } from './note.ts';
export { noteItems, openNotes, type Notes } from './open-notes.ts';
export { byIdentifier, plainText } from './body/plain-text.ts';
export type { NoteTranscript } from './attachments/recording.ts';
export type { NoteTable } from './body/table.ts';
