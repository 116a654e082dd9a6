import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase, type Place } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import type { NoteAttachment, NoteFile } from './attachments/attachment.ts';
import { AttachmentRows } from './attachments/attachment-rows.ts';
import { NOTES_DOMAIN, NoteFiles } from './files.ts';
import type { NoteAccount, NoteFolder } from './folders.ts';
import { LEGACY_PLACE, LegacyNotes } from './legacy/legacy-notes.ts';
import { gcmDecipher, NotePassword } from './locked/locked.ts';
import type { Note } from './note.ts';
import { transcriptText } from './body/plain-text.ts';
import { StoreNotes } from './store-notes.ts';
import { StoreSchema } from './store-schema.ts';

const STORE_PLACE: Place = { domain: NOTES_DOMAIN, relativePath: 'NoteStore.sqlite' };

/** The notes of a backup, open for reading. */
export class Notes implements Disposable {
  readonly accounts: readonly NoteAccount[];
  readonly folders: readonly NoteFolder[];
  /** Fields of notes that this release of iOS does not record. */
  readonly notAvailable: readonly string[];
  readonly #backup: Backup;
  readonly #parts: readonly { readonly notes: StoreNotes | LegacyNotes; readonly database: ContentDatabase }[];

  /** For `openNotes`. */
  constructor(
    backup: Backup,
    store: [StoreNotes, ContentDatabase] | undefined,
    legacy: [LegacyNotes, ContentDatabase] | undefined,
  ) {
    this.#backup = backup;
    this.#parts = [store, legacy]
      .filter((each) => each !== undefined)
      .map(([notes, database]) => ({ notes, database }));
    this.accounts = this.#parts.flatMap(({ notes }) => [...notes.accounts.values()]);
    this.folders = this.#parts.flatMap(({ notes }) => [...notes.folders.values()]);
    this.notAvailable = store?.[0].notAvailable ?? ['isPinned', 'attachments'];
  }

  count(): number {
    return this.#parts.reduce((sum, { notes }) => sum + notes.count(), 0);
  }

  /** All notes, those of iCloud and of the phone first, in the order they were made. */
  async *notes(): AsyncGenerator<Note, undefined> {
    for (const { notes } of this.#parts) yield* notes.notes();
  }

  /**
   * The content of a file of a note, opened where it was locked; a chunk is good until the next.
   *
   * @throws {TargetError} not-found when the backup lacks it.
   * @throws {FormatError} at the end, when what was locked is not what was put in: drop what came before.
   */
  async *chunks({ entry, lock }: NoteFile): AsyncGenerator<Uint8Array, undefined> {
    if (entry === undefined) return;
    if (lock === undefined) {
      yield* this.#backup.chunks(entry);
      return;
    }
    const decipher = gcmDecipher(lock.key, lock.parts);
    for await (const chunk of this.#backup.chunks(entry)) yield decipher.update(chunk);
    try {
      yield decipher.final();
    } catch (cause) {
      throw new FormatError('a locked file of a note is damaged', { cause });
    }
  }

  [Symbol.dispose](): void {
    for (const { database } of this.#parts) database[Symbol.dispose]();
  }
}

/**
 * Opens the notes of a backup: those of NoteStore.sqlite (iOS 9 and later) and those of notes.sqlite (before, and of
 * mail accounts).
 *
 * @param options.password of locked notes; they are listed without it, too.
 * @returns undefined when the backup has no notes database.
 * @throws {FormatError} when none there are can be read.
 */
export async function openNotes(
  backup: Backup,
  options: { password?: string | undefined } = {},
): Promise<Notes | undefined> {
  using opening = new DisposableStack();
  let failure: unknown;
  const read = <T>(place: Place, make: (database: ContentDatabase) => T | undefined) => {
    const open = async () => {
      const database = await openContentDatabase(backup, [place]);
      if (database === undefined) return undefined;
      using closing = new DisposableStack();
      closing.use(database);
      const notes = make(database);
      if (notes === undefined) return undefined;
      opening.use(closing.move());
      return [notes, database] satisfies [T, ContentDatabase];
    };
    return readIfPossible(backup, place.relativePath, open, (error) => (failure ??= error));
  };
  const store = await read(STORE_PLACE, (database) => storeNotes(backup, database, options.password));
  // It stays when all notes have moved to the other, and may be empty.
  const legacy = await read(LEGACY_PLACE, (database) =>
    database.has('ZNOTE') && database.has('ZNOTEBODY') ? new LegacyNotes(database, backup) : undefined,
  );
  if (!store && !legacy) {
    if (failure !== undefined) throw failure;
    return undefined;
  }
  const notes = new Notes(backup, store, legacy);
  opening.move();
  return notes;
}

function storeNotes(backup: Backup, database: ContentDatabase, password: string | undefined): StoreNotes {
  const schema = new StoreSchema(database);
  const files = new NoteFiles(backup);
  return new StoreNotes(database, schema, {
    rows: new AttachmentRows(database, schema),
    files,
    password: new NotePassword(password),
  });
}

/** Notes as things to be searched and followed from version to version. */
export async function* noteItems(notes: Notes): AsyncGenerator<ContentItem, undefined> {
  for await (const note of notes.notes()) {
    const found = note.attachments.flatMap(wordsOf);
    yield {
      kind: 'notes',
      key: note.key,
      at: note.modifiedAt ?? note.createdAt ?? undefined,
      title: note.title,
      text: [note.text, ...found].filter(Boolean).join('\n'),
    };
  }
}

/** Words in attachments that the text does not have: what was read in pictures, what was said. */
function wordsOf({ recognised, transcript, parts }: NoteAttachment): string[] {
  return [recognised ?? '', transcript ? transcriptText(transcript) : '', ...parts.flatMap(wordsOf)];
}
