import type { Note, NoteAttachment, NoteLock } from '../../content/index.ts';

const LOCKS: Readonly<Record<Exclude<NoteLock['state'], 'open'>, string>> = {
  'no-password': 'This note is locked. With the password of your notes it can be taken out as well.',
  'wrong-password': 'This note is locked with another password.',
  'device-passcode': 'This note is locked with the passcode of the device. Only the device itself can open it.',
  'key-missing': 'This note is locked, and what opens it is not in this backup.',
  damaged: 'This note is locked, and what is in it is damaged.',
};

const PROBLEMS: Readonly<Record<NonNullable<Note['problem']>, string>> = {
  unreadable: 'What this note says is damaged and could not be read.',
  'formatting-damaged': 'The formatting of this note is damaged in part; its text is all here.',
  'not-downloaded': 'What this note says was only in iCloud and not on the device when it was backed up.',
};

/** Why a note cannot be shown, or not all of it: a sentence, or undefined when nothing is wrong. */
export function problemWords({ lock, problem }: Note): string | undefined {
  if (lock !== undefined && lock.state !== 'open') {
    const hint = lock.hint ? ` Hint: ${lock.hint}` : '';
    return lock.state === 'device-passcode' ? LOCKS[lock.state] : LOCKS[lock.state] + hint;
  }
  return problem && PROBLEMS[problem];
}

const KINDS: Readonly<Record<NoteAttachment['kind'], string>> = {
  audio: 'Recording',
  calculation: 'Calculation',
  calendar: 'Event',
  contact: 'Contact',
  document: 'Document',
  drawing: 'Drawing',
  gallery: 'Pictures',
  hashtag: 'Tag',
  image: 'Picture',
  link: 'Link',
  map: 'Place',
  mention: 'Person',
  'note-link': 'Note',
  pdf: 'PDF',
  scan: 'Scan',
  table: 'Table',
  video: 'Video',
};

/** What an attachment is called, for people. */
export function attachmentTitle({ title, text, file, kind }: NoteAttachment): string {
  // A locked file is called by its kind: its name is locked as well.
  const name = file?.name === kind ? undefined : file?.name;
  return title?.trim() || text?.trim() || name || KINDS[kind];
}

export const ATTACHMENT_PROBLEMS: Readonly<
  Record<'not-in-backup' | 'locked' | 'damaged' | 'unreadable' | 'missing', string>
> = {
  'not-in-backup': 'not in this backup',
  locked: 'locked',
  damaged: 'damaged',
  unreadable: 'damaged',
  missing: 'no longer there',
};

/** "3:07", "1:02:45" */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

const formats = new Map<string, Intl.DateTimeFormat>();

/** "20 November 2026 at 19:30" */
export function momentWords(at: Date, timeZone: string): string {
  // Making a format takes far longer than using it, and far more memory.
  const known = formats.get(timeZone);
  const format = known ?? new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone });
  if (known === undefined) formats.set(timeZone, format);
  return format.format(at);
}
