import type { Recorded } from '../source/row-values.ts';
import type { NoteAttachment } from './attachments/attachment.ts';
import type { NoteDocument } from './body/document.ts';
import type { NoteAccount, NoteFolder } from './folders.ts';
import type { LockState } from './locked/locked.ts';

export interface NoteLock {
  /** `open`: the password has opened it. */
  readonly state: LockState;
  readonly hint: Recorded<string>;
}

export interface Note {
  /** The identifier that Apple gave it, the same on all devices of its owner. */
  readonly key: string;
  /** `legacy`: of the database before iOS 9, which keeps notes of mail accounts to this day. */
  readonly store: 'notes' | 'legacy';
  readonly title: string;
  readonly account: NoteAccount | undefined;
  readonly folder: NoteFolder | undefined;
  readonly createdAt: Recorded<Date>;
  readonly modifiedAt: Recorded<Date>;
  readonly isPinned: Recorded<boolean>;
  /** In "Recently Deleted", or marked to be deleted for good. */
  readonly isDeleted: boolean;
  /** Undefined when it is not locked. */
  readonly lock: NoteLock | undefined;
  /** What it says; undefined when that cannot be read: `lock` or `problem` says why. */
  readonly document: NoteDocument | undefined;
  /** The same as plain text, with what stands in the text for attachments and the cells of tables. */
  readonly text: string;
  readonly attachments: readonly NoteAttachment[];
  /**
   * `unreadable`: its bytes are damaged, `formatting-damaged`: only the text could be read, `not-downloaded`: its text
   * is in iCloud and was not on the phone.
   */
  readonly problem?: 'unreadable' | 'formatting-damaged' | 'not-downloaded';
}

const UNTITLED = 'Untitled note';
const LONGEST_TITLE = 200;

/** The title it has, else the first line that says something. */
export function titleOf(title: Recorded<string>, text: string): string {
  if (title?.trim()) return title.trim();
  const line = /\S[^\n]*/.exec(text)?.[0].trim() ?? '';
  return line === '' ? UNTITLED : line.slice(0, LONGEST_TITLE);
}
