import type {
  FileRef,
  Note as ToldNote,
  NoteAttachment as ToldAttachment,
  NoteBlock,
  Notes as ToldNotes,
  NoteSpan as ToldSpan,
  NoteSummary,
  PageQuery,
} from '../../../contract/index.ts';
import {
  byIdentifier,
  isInline,
  type Note,
  type NoteAttachment,
  type NoteDocument,
  type NoteFile,
  type Notes,
  type NoteSpan,
} from '../../../content/index.ts';
import { fileRef } from '../files/file-ref.ts';
import { isInline as isShown, mediaTypeOf } from '../files/media-type.ts';
import { contentOfBytes, notThere, type Content } from '../files/stored-content.ts';
import { notesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, orNone, pageFrom, safeLink, textOrNone } from '../values.ts';

/** Text and attachments of notes that are kept for reading them: a phone has thousands, and few are long. */
interface AllNotes {
  readonly notes: Notes;
  /** Pinned ones first, then newest first. */
  readonly sorted: readonly Note[];
}

const allNotes = (unlocked: Unlocked): Promise<AllNotes | undefined> =>
  unlocked.once('all notes', async () => {
    const password = await (await notePassword(unlocked)).current();
    const notes = await notesIn(unlocked, password);
    if (notes === undefined) return undefined;
    const all = await Array.fromAsync(notes.notes());
    return { notes, sorted: all.toSorted(byPinAndTime) };
  });

function byPinAndTime(a: Note, b: Note): number {
  const [first, second] = [a, b].map(({ isPinned, isDeleted }) => (isPinned === true && !isDeleted ? 0 : 1));
  return (first ?? 0) - (second ?? 0) || timeOf(b) - timeOf(a);
}

const timeOf = ({ modifiedAt, createdAt }: Note): number => (modifiedAt ?? createdAt)?.getTime() ?? 0;

/** The password of locked notes, while the version is open. */
class NotePasswordHolder {
  #password: string | undefined;

  set(password: string): void {
    this.#password = password;
  }

  async current(): Promise<string | undefined> {
    return this.#password;
  }
}

const notePassword = (unlocked: Unlocked): Promise<NotePasswordHolder> =>
  unlocked.once('note password', () => Promise.resolve(new NotePasswordHolder()));

/**
 * Tries a password on the locked notes of a version; they stay open as long as the version does.
 *
 * @returns how many are open, and how many are locked still.
 */
export async function unlockNotes(unlocked: Unlocked, password: string): Promise<{ open: number; locked: number }> {
  (await notePassword(unlocked)).set(password);
  await unlocked.forget('all notes', 'notes');
  const { sorted } = demandKind(await allNotes(unlocked), 'notes');
  const locked = sorted.filter(({ lock }) => lock !== undefined);
  const open = locked.filter(({ lock }) => lock?.state === 'open').length;
  return { open, locked: locked.length - open };
}

/** @param query.folder only the notes of this one. */
export async function listNotes(
  unlocked: Unlocked,
  query: PageQuery & { folder?: string | undefined },
): Promise<ToldNotes> {
  const { notes, sorted } = demandKind(await allNotes(unlocked), 'notes');
  const inFolder = Map.groupBy(sorted, ({ folder }) => folder?.identifier);
  const found = query.folder === undefined ? sorted : (inFolder.get(query.folder) ?? []);
  return {
    ...pageFrom(found, query, tellSummary),
    folders: notes.folders
      .filter(({ isSmart }) => !isSmart)
      .map(({ identifier, name, path, account, isTrash }) => ({
        id: identifier,
        name,
        path: [...path],
        account: account?.name,
        notes: inFolder.get(identifier)?.length ?? 0,
        isTrash,
      })),
  };
}

/** A note as blocks that a page can show without any HTML of it. @throws {AppError} CONTENT_NOT_FOUND */
export async function readNote(unlocked: Unlocked, id: string): Promise<ToldNote> {
  const note = await findNote(unlocked, id);
  const { attachments: _count, excerpt: _excerpt, ...summary } = tellSummary(note);
  return {
    ...summary,
    blocks: note.document && blocksOf(note.document),
    attachments: [...byIdentifier(note.attachments).values()].map(tellAttachment),
    problem: note.problem,
  };
}

/**
 * A file of an attachment, decrypted where the note was locked and is open.
 *
 * @throws {AppError} CONTENT_NOT_FOUND
 */
export async function noteFile(
  unlocked: Unlocked,
  id: string,
  attachment: string,
  part: 'file' | 'picture',
): Promise<Content> {
  const { notes } = demandKind(await allNotes(unlocked), 'notes');
  const found = byIdentifier((await findNote(unlocked, id)).attachments).get(attachment);
  const file = demandItem(found, 'attachment')[part];
  if (file?.state !== 'in-backup') throw notThere('this file of the note is locked, or not in the backup');
  const bytes = await bytesOf(notes, file);
  const type = mediaTypeOf(bytes);
  return contentOfBytes(bytes, { name: file.name, type: type.type, isInline: isShown(type) });
}

const MAX_LOCKED_BYTES = 128 * 1024 * 1024;

async function bytesOf(notes: Notes, file: NoteFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of notes.chunks(file)) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_LOCKED_BYTES) throw notThere('this file of a locked note is too large to be opened here');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks, sizeBytes);
}

async function findNote(unlocked: Unlocked, id: string): Promise<Note> {
  const { sorted } = demandKind(await allNotes(unlocked), 'notes');
  return demandItem(
    sorted.find(({ key }) => key === id),
    'note',
  );
}

const EXCERPT = 160;

function tellSummary(note: Note): NoteSummary {
  const { title, text } = note;
  const words = text.trimStart();
  const rest = words.startsWith(title) ? words.slice(title.length) : words;
  return {
    id: note.key,
    title,
    excerpt: rest.replaceAll(/\s+/g, ' ').trim().slice(0, EXCERPT),
    folder: note.folder?.identifier,
    account: note.account?.name,
    createdAt: isoOf(note.createdAt),
    modifiedAt: isoOf(note.modifiedAt),
    isPinned: note.isPinned === true ? true : undefined,
    isDeleted: note.isDeleted,
    lock: note.lock?.state,
    attachments: note.attachments.filter(({ kind }) => !isInline(kind)).length,
  };
}

function blocksOf({ paragraphs }: NoteDocument): NoteBlock[] {
  return paragraphs.map(({ spans, ...look }) => ({ ...look, spans: spans.map(tellSpan) }));
}

function tellSpan(span: NoteSpan): ToldSpan {
  const { link, ...rest } = span;
  const safe = safeLink(link);
  const look = safe === undefined ? {} : { link: safe };
  if ('text' in rest) return { ...rest, ...look };
  const { object, uti: _uti, ...looks } = rest;
  return { ...looks, ...look, attachment: object };
}

function tellAttachment(attachment: NoteAttachment): ToldAttachment {
  const { kind, table, transcript } = attachment;
  return {
    id: attachment.identifier,
    kind,
    isInline: isInline(kind),
    isInText: attachment.isInText,
    title: textOrNone(attachment.title),
    text: textOrNone(attachment.text),
    link: safeLink(attachment.target),
    file: tellFile(attachment.file),
    picture: tellFile(attachment.picture),
    table: table && { isRightToLeft: table.isRightToLeft, rows: table.rows.map((row) => row.map(blocksOf)) },
    transcript: transcript && transcript.turns.map(({ text }) => text).join('\n'),
    recognised: textOrNone(attachment.recognised),
    durationSeconds: orNone(attachment.durationSeconds),
    parts: attachment.parts.map(({ identifier }) => identifier),
    problem: attachment.problem,
  };
}

/** What was locked comes by a way of its own: its bytes in the backup are sealed once more. */
function tellFile(file: NoteFile | undefined): FileRef | undefined {
  if (file === undefined) return undefined;
  const ref = fileRef(file.entry, { name: file.name, state: file.state });
  if (file.state === 'in-backup' && file.lock === undefined) return ref;
  const { file: _file, ...rest } = ref;
  return rest;
}
