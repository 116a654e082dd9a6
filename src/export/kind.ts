import type { ContentKind } from '../content/index.ts';
import type { Backup } from '../snapshot/index.ts';
import type { ExportFolder } from './folder/export-folder.ts';
import type { EarlierVersion } from './merge/merge-versions.ts';

/** What a person may ask for beyond a kind and a format; each kind takes what concerns it. */
export interface ExportOptions {
  /** Only conversations with one of these people: names, numbers or addresses, or parts of them. */
  readonly people?: readonly string[];
  /** Only these conversations of Messages, by their keys. */
  readonly conversations?: readonly string[];
  /** Only these chats of WhatsApp, by their keys. */
  readonly chats?: readonly string[];
  /** Only what happened from here… */
  readonly from?: Date;
  /** …until before here. */
  readonly until?: Date;
  /** JPEG copies beside photos in formats that few programs open. */
  readonly jpegCopies?: boolean;
  /** How photos are put into folders. */
  readonly layout?: 'date' | 'album';
  /** What the owner has thrown away and the phone still keeps. */
  readonly deleted?: boolean;
  /** Opens locked notes. Never written anywhere. */
  readonly notePassword?: string;
}

export interface ExportRequest {
  readonly backup: Backup;
  /** For this kind alone: files go to its root, or to folders that the kind itself needs. */
  readonly folder: ExportFolder;
  /** One of the formats of the kind. */
  readonly format: string;
  /** An IANA name ("Europe/Berlin"), for times that people read. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly options: ExportOptions;
  /**
   * Older backups of the device, the oldest first. Kinds of which phones keep the last only (calls, Safari's history)
   * are merged with what these hold; the others take no notice.
   */
  readonly earlier?: readonly EarlierVersion[] | undefined;
  /** Told now and then; `total` where it is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

export interface ExportSummary {
  /** Messages, contacts, photos: what people count. */
  readonly items: number;
  /** Sentences: what could not be taken out, and why. */
  readonly notes: readonly string[];
  /** Where to begin reading, relative to the folder: "index.html". */
  readonly startPage?: string;
}

/** One kind of content that can be taken out, in the formats it has. */
export interface ContentExport {
  readonly kind: ContentKind;
  /** As people say it: "Messages", "Voice memos". */
  readonly title: string;
  /** The first is what comes when nothing is asked for. */
  readonly formats: readonly [string, ...string[]];
  /**
   * Writes everything of this kind into the folder.
   *
   * @returns undefined when the backup holds nothing of it.
   * @throws {AppError} FORMAT_INVALID when the layout of its data is not known, OUT_OF_SPACE, STORAGE_FAILED, CANCELLED
   */
  run(request: ExportRequest): Promise<ExportSummary | undefined>;
}
