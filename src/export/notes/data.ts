import {
  plainText,
  byIdentifier,
  type Note,
  type NoteAttachment,
  type NoteDocument,
  type NoteFile,
} from '../../content/index.ts';
import type { CsvValue } from '../text/csv.ts';
import type { TakenFile, TakenFiles } from './taken-files.ts';

/** A note as data: every field, its text plain and with its formatting, its attachments with what is in them. */
export function noteData(note: Note, files: ReadonlyMap<string, TakenFiles>): object {
  const { key, store, account, folder, document, attachments, lock, ...rest } = note;
  const all = byIdentifier(attachments);
  return {
    id: key,
    store,
    title: rest.title,
    account: account?.name,
    folder: folder?.path,
    created: rest.createdAt,
    modified: rest.modifiedAt,
    pinned: rest.isPinned,
    deleted: rest.isDeleted,
    locked: lock !== undefined,
    ...(lock && { lock }),
    ...(rest.problem && { problem: rest.problem }),
    text: document === undefined ? null : rest.text,
    paragraphs: document?.paragraphs ?? null,
    attachments: attachments.map((attachment) => attachmentData(attachment, all, files)),
  };
}

function attachmentData(
  { table, file, picture, pages, parts, ...rest }: NoteAttachment,
  all: ReadonlyMap<string, NoteAttachment>,
  files: ReadonlyMap<string, TakenFiles>,
): object {
  const taken = files.get(rest.identifier);
  return {
    ...rest,
    file: fileData(file, taken?.file),
    picture: fileData(picture, taken?.picture),
    pages: fileData(pages, taken?.pages),
    ...(table && {
      table: {
        columns: table.columns,
        isRightToLeft: table.isRightToLeft,
        rows: table.rows.map((row) => row.map((cell) => cellData(cell, all))),
      },
    }),
    ...(parts.length > 0 && { parts: parts.map((part) => attachmentData(part, all, files)) }),
  };
}

const cellData = (cell: NoteDocument, all: ReadonlyMap<string, NoteAttachment>): object => ({
  text: plainText(cell, all),
  paragraphs: cell.paragraphs,
});

function fileData(file: NoteFile | undefined, taken: TakenFile | undefined): object | undefined {
  if (file === undefined) return undefined;
  const { domain, relativePath } = file.entry ?? {};
  const place = domain === undefined ? undefined : { domain, relativePath };
  return {
    name: file.name,
    state: taken?.state ?? file.state,
    ...(taken?.state === 'written' && { path: taken.path }),
    ...place,
  };
}

export const NOTE_COLUMNS = [
  'Title',
  'Text',
  'Account',
  'Folder',
  'Created',
  'Modified',
  'Pinned',
  'Deleted',
  'Locked',
  'Attachments',
  'Problem',
  'Id',
] as const;

export function noteRow(note: Note): CsvValue[] {
  return [
    note.title,
    note.text,
    note.account?.name,
    note.folder?.path.join(' / '),
    note.createdAt,
    note.modifiedAt,
    note.isPinned,
    note.isDeleted,
    note.lock !== undefined,
    note.attachments.length,
    note.lock && note.lock.state !== 'open' ? note.lock.state : note.problem,
    note.key,
  ];
}
