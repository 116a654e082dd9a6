import type { Row } from '../../../database/index.ts';
import type { ContentDatabase } from '../../source/content-database.ts';
import { bytesOf, numberOf, textOf } from '../../source/row-values.ts';
import { isComplete, type LockParts } from '../locked/locked.ts';
import { unappliedRecordOf, type UnappliedRecord } from '../locked/locked-archive.ts';
import { OBJECTS, type StoreSchema } from '../store-schema.ts';
import { appendTo } from '../../../shared/append-to.ts';

/** Attributes of attachments and of what stands inline; which release calls them what is found out by `StoreSchema`. */
const ATTACHMENT = {
  identifier: ['ZIDENTIFIER'],
  uti: ['ZTYPEUTI'],
  note: ['ZNOTE'],
  parent: ['ZPARENTATTACHMENT'],
  media: ['ZMEDIA'],
  title: ['ZTITLE'],
  userTitle: ['ZUSERTITLE'],
  url: ['ZURLSTRING'],
  altText: ['ZALTTEXT'],
  token: ['ZTOKENCONTENTIDENTIFIER'],
  size: ['ZFILESIZE'],
  width: ['ZSIZEWIDTH'],
  height: ['ZSIZEHEIGHT'],
  duration: ['ZDURATION'],
  created: ['ZCREATIONDATE'],
  modified: ['ZMODIFICATIONDATE'],
  deleted: ['ZMARKEDFORDELETION'],
  location: ['ZLOCATION'],
  imageGeneration: ['ZFALLBACKIMAGEGENERATION'],
  pdfGeneration: ['ZFALLBACKPDFGENERATION'],
  handwriting: ['ZHANDWRITINGSUMMARY'],
  print: ['ZOCRSUMMARY'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

const LOCK = {
  salt: ['ZCRYPTOSALT'],
  rounds: ['ZCRYPTOITERATIONCOUNT'],
  wrappedKey: ['ZCRYPTOWRAPPEDKEY'],
  iv: ['ZCRYPTOINITIALIZATIONVECTOR'],
  tag: ['ZCRYPTOTAG'],
  assetIv: ['ZASSETCRYPTOINITIALIZATIONVECTOR'],
  assetTag: ['ZASSETCRYPTOTAG'],
  imageIv: ['ZFALLBACKIMAGECRYPTOINITIALIZATIONVECTOR'],
  imageTag: ['ZFALLBACKIMAGECRYPTOTAG'],
  pdfIv: ['ZFALLBACKPDFCRYPTOINITIALIZATIONVECTOR'],
  pdfTag: ['ZFALLBACKPDFCRYPTOTAG'],
  record: ['ZUNAPPLIEDENCRYPTEDRECORD', 'ZUNAPPLIEDENCRYPTEDRECORDDATA'],
  values: ['ZENCRYPTEDVALUESJSON'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export interface MediaRow {
  readonly pk: number;
  readonly identifier: string;
  readonly fileName: string | undefined;
  readonly generation: string | undefined;
}

export interface PreviewRow {
  readonly pk: number;
  readonly identifier: string;
  readonly generation: string | undefined;
  readonly pixels: number;
}

/** What a row says about its lock, column by column. */
export interface LockColumns {
  readonly parts: Partial<LockParts>;
  readonly record: UnappliedRecord | undefined;
  /** Texts and graphs of a locked attachment, in the column and in the record: either may be the one that opens. */
  readonly values: readonly Uint8Array[];
  /** For the file on disk: its key is the row's, its IV and tag are its own. */
  readonly fileParts: (file: 'asset' | 'image' | 'pdf') => LockParts | undefined;
}

/**
 * Rows of everything in notes that is not a note: light ones, all in memory, as they refer to each other in every
 * direction. What is heavy in them is read when it is needed.
 */
export class AttachmentRows {
  readonly #database: ContentDatabase;
  readonly #schema: StoreSchema;
  readonly #byIdentifier = new Map<string, Row>();
  readonly #byNote = new Map<number, Row[]>();
  readonly #byParent = new Map<number, Row[]>();
  readonly #media = new Map<number, MediaRow>();
  readonly #mediaOfAttachment = new Map<number, MediaRow>();
  readonly #previews = new Map<number, PreviewRow[]>();
  readonly #places = new Map<number, { latitude: number; longitude: number }>();

  constructor(database: ContentDatabase, schema: StoreSchema) {
    this.#database = database;
    this.#schema = schema;
    this.#readAttachments();
    this.#readMedia();
    this.#readPreviews();
    this.#readPlaces();
  }

  find(identifier: string): Row | undefined {
    return this.#byIdentifier.get(identifier);
  }

  ofNote(note: number): readonly Row[] {
    return this.#byNote.get(note) ?? [];
  }

  partsOf(attachment: number): readonly Row[] {
    return this.#byParent.get(attachment) ?? [];
  }

  mediaOf(row: Row): MediaRow | undefined {
    return this.#media.get(numberOf(row['media']) ?? 0) ?? this.#mediaOfAttachment.get(Number(row['pk']));
  }

  /** The largest comes first. */
  previewsOf(attachment: number): readonly PreviewRow[] {
    return this.#previews.get(attachment) ?? [];
  }

  placeOf(attachment: number): { latitude: number; longitude: number } | undefined {
    return this.#places.get(attachment);
  }

  /** The object that the row keeps as a graph: a table, a gallery, a transcript. */
  graphOf(pk: number): Uint8Array | undefined {
    const value = this.#schema.value('o', 'ZMERGEABLEDATA', ['ZMERGEABLEDATA1']);
    if (value === undefined) return undefined;
    return (
      bytesOf(this.#database.get(`SELECT ${value} AS graph FROM ${OBJECTS} o WHERE o.Z_PK = ?`, pk)?.['graph']) ??
      undefined
    );
  }

  lockOf(pk: number): LockColumns {
    const select = this.#schema.select('o', LOCK);
    return lockColumnsOf(this.#database.get(`SELECT ${select} FROM ${OBJECTS} o WHERE o.Z_PK = ?`, pk) ?? {});
  }

  #readAttachments(): void {
    const select = this.#schema.select('o', ATTACHMENT);
    const where = this.#schema.isOf('o', 'ICAttachment', 'ICInlineAttachment');
    for (const row of this.#database.rows(`SELECT ${select} FROM ${OBJECTS} o WHERE ${where} ORDER BY o.Z_PK`)) {
      const identifier = textOf(row['identifier']);
      if (identifier) this.#byIdentifier.set(identifier, row);
      append(this.#byNote, numberOf(row['note']), row);
      append(this.#byParent, numberOf(row['parent']), row);
    }
  }

  #readMedia(): void {
    const select = this.#schema.select('o', {
      identifier: ['ZIDENTIFIER'],
      fileName: ['ZFILENAME'],
      generation: ['ZGENERATION', 'ZGENERATION1'],
      attachment: ['ZATTACHMENT', 'ZATTACHMENT1'],
    });
    const sql = `SELECT ${select} FROM ${OBJECTS} o WHERE ${this.#schema.isOf('o', 'ICMedia')}`;
    for (const row of this.#database.rows(sql)) {
      const media: MediaRow = {
        pk: Number(row['pk']),
        identifier: textOf(row['identifier']) ?? '',
        fileName: textOf(row['fileName']) || undefined,
        generation: textOf(row['generation']) || undefined,
      };
      this.#media.set(media.pk, media);
      this.#mediaOfAttachment.set(numberOf(row['attachment']) ?? 0, media);
    }
  }

  #readPreviews(): void {
    const select = this.#schema.select('o', {
      identifier: ['ZIDENTIFIER'],
      generation: ['ZGENERATION'],
      attachment: ['ZATTACHMENT'],
      width: ['ZWIDTH'],
      height: ['ZHEIGHT'],
    });
    const sql = `SELECT ${select} FROM ${OBJECTS} o WHERE ${this.#schema.isOf('o', 'ICAttachmentPreviewImage')}`;
    for (const row of this.#database.rows(sql)) {
      append(this.#previews, numberOf(row['attachment']), {
        pk: Number(row['pk']),
        identifier: textOf(row['identifier']) ?? '',
        generation: textOf(row['generation']) || undefined,
        pixels: (numberOf(row['width']) ?? 0) * (numberOf(row['height']) ?? 0),
      });
    }
    for (const previews of this.#previews.values()) previews.sort((a, b) => b.pixels - a.pixels);
  }

  #readPlaces(): void {
    if (!['ZATTACHMENT', 'ZLATITUDE', 'ZLONGITUDE'].every((column) => this.#database.has('ZICLOCATION', column)))
      return;
    for (const row of this.#database.rows('SELECT ZATTACHMENT, ZLATITUDE, ZLONGITUDE FROM ZICLOCATION')) {
      const [latitude, longitude] = [numberOf(row['ZLATITUDE']), numberOf(row['ZLONGITUDE'])];
      if (typeof latitude !== 'number' || typeof longitude !== 'number') continue;
      this.#places.set(numberOf(row['ZATTACHMENT']) ?? 0, { latitude, longitude });
    }
  }
}

function append<T>(map: Map<number, T[]>, key: number | null | undefined, value: T): void {
  if (key) appendTo(map, key, value);
}

/** What the columns of a lock say, by the names that `LOCK` gives them. */
export function lockColumnsOf(row: Row): LockColumns {
  const parts = partsIn(row, 'iv', 'tag');
  const record = unappliedRecordOf(bytesOf(row['record']));
  return {
    parts,
    record,
    values: [bytesOf(row['values']), record?.lockedValues].filter((each) => each !== null && each !== undefined),
    fileParts: (file) => {
      const own = partsIn(row, `${file}Iv`, `${file}Tag`);
      const { salt, rounds, wrappedKey } = record?.parts ?? {};
      const all = { ...own, ...(!own.wrappedKey && { salt, rounds, wrappedKey }) } as Partial<LockParts>;
      return isComplete(all) ? all : undefined;
    },
  };
}

function partsIn(row: Row, iv: string, tag: string): Partial<LockParts> {
  const parts = {
    salt: bytesOf(row['salt']),
    rounds: numberOf(row['rounds']),
    wrappedKey: bytesOf(row['wrappedKey']),
    iv: bytesOf(row[iv]),
    tag: bytesOf(row[tag]),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null && value !== undefined));
}
