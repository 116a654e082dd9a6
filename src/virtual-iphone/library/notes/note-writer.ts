import { cocoaSeconds } from '../apple-time.ts';
import type { CoreDataStore } from '../core-data.ts';
import type { Library } from '../library.ts';
import { encodeNoteBody, OBJECT_MARK, titleAndSnippet, type NotePiece } from './note-body.ts';
import {
  lockedArchive,
  lockedWithPasscode,
  makeRowLock,
  NOTE_PASSWORD_HINT,
  unappliedRecord,
  type RowLock,
} from './note-lock.ts';
import type { Random } from '../random.ts';
import type { RowValues } from '../sqlite.ts';

export const NOTES_DOMAIN = 'AppDomainGroup-group.com.apple.notes';
const OBJECTS = 'ZICCLOUDSYNCINGOBJECT';

/** How a note is locked: by what lies in columns, in a record of iCloud, around the content, or by the passcode. */
export type NoteLocking = 'columns' | 'record' | 'archive' | 'passcode';

export interface NewNote {
  readonly identifier: string;
  readonly folder: number;
  readonly made: Date;
  readonly changed: Date;
  readonly isPinned?: boolean;
  readonly isDeleted?: boolean;
  readonly locking?: NoteLocking;
  /** What the note says; attachments are added to the note by the writer it is given. */
  readonly write: (note: NoteContent) => readonly NotePiece[];
}

export interface NewAttachment {
  readonly uti: string;
  readonly identifier?: string;
  readonly title?: string;
  readonly url?: string;
  /** A file under Media. */
  readonly file?: { readonly name: string; readonly bytes?: Uint8Array; readonly withoutGeneration?: boolean };
  /** A picture or pages that stand for it, in FallbackImages or FallbackPDFs. */
  readonly fallback?: { readonly kind: 'image' | 'pdf'; readonly bytes: Uint8Array };
  /** A table, a gallery, a transcript. */
  readonly graph?: Uint8Array;
  /** A small picture of it. */
  readonly preview?: Uint8Array;
  readonly place?: { readonly latitude: number; readonly longitude: number };
  readonly more?: RowValues;
}

/** Writes notes with what belongs to them into NoteStore.sqlite and the folders beside it. */
export class NoteWriter {
  readonly store: CoreDataStore;
  readonly library: Library;
  readonly random: Random;
  readonly account: number;
  readonly accountId: string;

  constructor(parts: Pick<NoteWriter, 'store' | 'library' | 'random' | 'account' | 'accountId'>) {
    this.store = parts.store;
    this.library = parts.library;
    this.random = parts.random;
    this.account = parts.account;
    this.accountId = parts.accountId;
  }

  addNote(wanted: NewNote): void {
    const { random, store } = this;
    const lock = wanted.locking === 'columns' || wanted.locking === 'record' ? makeRowLock(random) : undefined;
    const note = store.add('ICNote', OBJECTS, {
      ZIDENTIFIER: wanted.identifier,
      ZFOLDER: wanted.folder,
      ZACCOUNT7: this.account,
      ZCREATIONDATE3: cocoaSeconds(wanted.made),
      ZMODIFICATIONDATE1: cocoaSeconds(wanted.changed),
      ZISPINNED: wanted.isPinned === true,
      ZISPASSWORDPROTECTED: wanted.locking !== undefined,
      ZPASSWORDHINT: wanted.locking === undefined || wanted.locking === 'passcode' ? null : NOTE_PASSWORD_HINT,
      ZCRYPTOITERATIONCOUNT: 0,
      ZMARKEDFORDELETION: wanted.isDeleted === true,
      ...(wanted.locking === 'columns' && lock?.columns),
    });
    const pieces = wanted.write(new NoteContent(this, note, wanted.made, lock));
    const { title, snippet } = titleAndSnippet(pieces);
    const body = pieces.length === 0 ? null : encodeNoteBody(pieces, random.bytes(16));
    const data = this.#addData(note, body, wanted.locking, lock);
    const hasChecklist = pieces.some(({ style }) => style === 'todo' || style === 'done');
    store.database
      .prepare(`UPDATE ${OBJECTS} SET ZNOTEDATA = ?, ZTITLE1 = ?, ZSNIPPET = ?, ZHASCHECKLIST = ? WHERE Z_PK = ?`)
      .run(data, title, wanted.locking === undefined ? snippet : null, hasChecklist ? 1 : 0, note);
  }

  #addData(note: number, body: Buffer | null, locking: NoteLocking | undefined, lock: RowLock | undefined): number {
    const add = (values: RowValues): number => this.store.add('ICNoteData', 'ZICNOTEDATA', { ZNOTE: note, ...values });
    if (locking === 'archive') return add({ ZDATA: lockedArchive(this.random, body ?? Buffer.alloc(0)) });
    if (locking === 'passcode') return add({ ZDATA: lockedWithPasscode(this.random) });
    if (lock === undefined) return add({ ZDATA: body });
    const { content, iv, tag } = lock.lock(body ?? Buffer.alloc(0));
    if (locking === 'columns') return add({ ZDATA: content, ZCRYPTOINITIALIZATIONVECTOR: iv, ZCRYPTOTAG: tag });
    this.store.database
      .prepare(`UPDATE ${OBJECTS} SET ZUNAPPLIEDENCRYPTEDRECORDDATA = ? WHERE Z_PK = ?`)
      .run(unappliedRecord(lock, { iv, tag }), note);
    return add({ ZDATA: content });
  }
}

/** One note while it is written: what is attached to it. */
export class NoteContent {
  readonly #writer: NoteWriter;
  readonly #note: number;
  readonly #made: Date;
  readonly #lock: RowLock | undefined;

  constructor(writer: NoteWriter, note: number, made: Date, lock: RowLock | undefined) {
    this.#writer = writer;
    this.#note = note;
    this.#made = made;
    this.#lock = lock;
  }

  /** Something that stands in the text by itself. */
  attach(wanted: NewAttachment): NotePiece {
    const { identifier } = this.add(wanted);
    return { text: OBJECT_MARK, attachment: { identifier, uti: wanted.uti } };
  }

  /** A word that stands in the text: a tag, a person, the result of a calculation. */
  inline(kind: string, text: string, token: string | null = null): NotePiece {
    const uti = `com.apple.notes.inlinetextattachment.${kind}`;
    const identifier = this.#writer.random.uuid();
    this.#writer.store.add('ICInlineAttachment', OBJECTS, {
      ZIDENTIFIER: identifier,
      ZNOTE1: this.#note,
      ZTYPEUTI1: uti,
      ZALTTEXT: text,
      ZTOKENCONTENTIDENTIFIER: token,
      ZCREATIONDATE2: cocoaSeconds(this.#made),
    });
    return { text: OBJECT_MARK, attachment: { identifier, uti } };
  }

  /** Something that belongs to the note and is not in its text: a picture of a gallery. */
  add(wanted: NewAttachment, parent?: string): { identifier: string; key: number } {
    const { random, store, account } = this.#writer;
    const identifier = wanted.identifier ?? random.uuid();
    const open: RowValues = { ZTITLE: wanted.title, ZURLSTRING: wanted.url, ZMERGEABLEDATA1: wanted.graph };
    const key = store.add('ICAttachment', OBJECTS, {
      ZIDENTIFIER: identifier,
      ZTYPEUTI: wanted.uti,
      ZNOTE: this.#note,
      ZACCOUNT1: account,
      ZCREATIONDATE: cocoaSeconds(this.#made),
      ZMODIFICATIONDATE: cocoaSeconds(this.#made),
      ZFILESIZE: wanted.file?.bytes?.length ?? 0,
      ...(parent !== undefined && { ZPARENTATTACHMENT: this.#keyOf(parent) }),
      ...(this.#lock ? this.#locked(wanted, this.#lock) : open),
      ...wanted.more,
    });
    if (wanted.file) this.#addMedia(key, wanted.file);
    if (wanted.fallback) this.#addFallback(key, identifier, wanted.fallback);
    if (wanted.preview) this.#addPreview(key, identifier, wanted.preview);
    if (wanted.place) {
      const { latitude, longitude } = wanted.place;
      store.add('ICLocation', 'ZICLOCATION', { ZATTACHMENT: key, ZLATITUDE: latitude, ZLONGITUDE: longitude });
    }
    return { identifier, key };
  }

  #keyOf(identifier: string): number {
    const sql = `SELECT Z_PK AS key FROM ${OBJECTS} WHERE ZIDENTIFIER = ?`;
    return Number(this.#writer.store.database.prepare(sql).get(identifier)?.['key'] ?? 0);
  }

  /** What a locked attachment says lies in one sealed piece of JSON. */
  #locked({ title, url, graph }: NewAttachment, lock: RowLock): RowValues {
    const values = { title, urlString: url, mergeableData: graph && Buffer.from(graph).toString('base64') };
    const { content, iv, tag } = lock.lock(Buffer.from(JSON.stringify(values)));
    return { ...lock.columns, ZENCRYPTEDVALUESJSON: content, ZCRYPTOINITIALIZATIONVECTOR: iv, ZCRYPTOTAG: tag };
  }

  #addMedia(attachment: number, { name, bytes, withoutGeneration }: NonNullable<NewAttachment['file']>): void {
    const { random, store, account, accountId } = this.#writer;
    const identifier = random.uuid();
    const generation = withoutGeneration ? undefined : `1_${random.uuid()}`;
    const sealed = bytes && this.#lock?.lock(bytes);
    const values = this.#lock?.lock(Buffer.from(JSON.stringify({ filename: name })));
    const media = store.add('ICMedia', OBJECTS, {
      ZIDENTIFIER: identifier,
      ZFILENAME: this.#lock ? null : name,
      ZGENERATION1: generation,
      ZACCOUNT6: account,
      ZATTACHMENT1: attachment,
      ...this.#lock?.columns,
      ...(values && {
        ZENCRYPTEDVALUESJSON: values.content,
        ZCRYPTOINITIALIZATIONVECTOR: values.iv,
        ZCRYPTOTAG: values.tag,
      }),
      ...(sealed && { ZASSETCRYPTOINITIALIZATIONVECTOR: sealed.iv, ZASSETCRYPTOTAG: sealed.tag }),
    });
    store.database.prepare(`UPDATE ${OBJECTS} SET ZMEDIA = ? WHERE Z_PK = ?`).run(media, attachment);
    if (bytes === undefined) return;
    const folder = `Accounts/${accountId}/Media/${identifier}${generation === undefined ? '' : `/${generation}`}`;
    this.#write(`${folder}/${sealed ? identifier : name.replaceAll('/', '_')}`, sealed?.content ?? bytes);
  }

  #addFallback(attachment: number, identifier: string, { kind, bytes }: NonNullable<NewAttachment['fallback']>): void {
    const { random, store, accountId } = this.#writer;
    const generation = `1_${random.uuid()}`;
    const [folder, column, name] =
      kind === 'image'
        ? (['FallbackImages', 'ZFALLBACKIMAGEGENERATION', 'FallbackImage.jpeg'] as const)
        : (['FallbackPDFs', 'ZFALLBACKPDFGENERATION', 'FallbackPDF.pdf'] as const);
    const sealed = this.#lock?.lock(bytes);
    store.database.prepare(`UPDATE ${OBJECTS} SET ${column} = ? WHERE Z_PK = ?`).run(generation, attachment);
    if (sealed) {
      store.database
        .prepare(
          `UPDATE ${OBJECTS} SET ZFALLBACKIMAGECRYPTOINITIALIZATIONVECTOR = ?, ZFALLBACKIMAGECRYPTOTAG = ? WHERE Z_PK = ?`,
        )
        .run(sealed.iv, sealed.tag, attachment);
    }
    const path = `Accounts/${accountId}/${folder}/${identifier}/${generation}/${name}${sealed ? '.encrypted' : ''}`;
    this.#write(path, sealed?.content ?? bytes);
  }

  #addPreview(attachment: number, owner: string, bytes: Uint8Array): void {
    const { store, accountId } = this.#writer;
    const identifier = `${owner}-1-192x144-0`;
    store.add('ICAttachmentPreviewImage', OBJECTS, {
      ZIDENTIFIER: identifier,
      ZATTACHMENT: attachment,
      ZWIDTH: 192,
      ZHEIGHT: 144,
      ZSCALE: 1,
    });
    this.#write(`Accounts/${accountId}/Previews/${identifier}.jpg`, bytes);
  }

  #write(path: string, bytes: Uint8Array): void {
    this.#writer.library.disk.writeFile(NOTES_DOMAIN, path, bytes, { modifiedAt: this.#made });
  }
}
