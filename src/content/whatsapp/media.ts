import type { Row } from '../../database/index.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { hasFile, type WhatsAppMessageKind } from './message-kinds.ts';
import { mediaPlaces, type WhatsAppPlaces } from './places.ts';

/** What comes with a message: a file, a place, a card. */
export interface WhatsAppMedia {
  /** As the app has it: relative to its folder of messages. */
  readonly path: Recorded<string>;
  /** Whether its file is in the backup; undefined for what has none. */
  readonly state: 'in-backup' | 'not-in-backup' | 'not-downloaded' | undefined;
  readonly file: ManifestEntry | undefined;
  readonly thumbnail: ManifestEntry | undefined;
  readonly mimeType: string | undefined;
  readonly sizeBytes: Recorded<number>;
  readonly durationSeconds: Recorded<number>;
  readonly widthPx: number | undefined;
  readonly heightPx: number | undefined;
  /** Caption of a picture, name of a document, title of a page or place. */
  readonly title: Recorded<string>;
  readonly url: Recorded<string>;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly vcards: readonly string[];
}

const VCARD_SEPARATOR = '_$!<VCard-Separator>!$_';

/** Finds the files of messages in a backup. */
export class MediaFinder {
  readonly #backup: Backup;
  readonly #places: WhatsAppPlaces;

  constructor(backup: Backup, places: WhatsAppPlaces) {
    this.#backup = backup;
    this.#places = places;
  }

  find(path: string): ManifestEntry | undefined {
    for (const { domain, relativePath } of mediaPlaces(this.#places, path)) {
      const entry = this.#backup.find(domain, relativePath);
      if (entry?.kind === 'file') return entry;
    }
    return undefined;
  }
}

/** @returns undefined when the message has no row of media, or one that only keeps what it replies to. */
export function mediaIn(row: Row, kind: WhatsAppMessageKind, files: MediaFinder): WhatsAppMedia | undefined {
  if (row['mediaRow'] === undefined || row['mediaRow'] === null) return undefined;
  const path = textOf(row['ZMEDIALOCALPATH']);
  if (!path && !hasFile(kind) && kind !== 'location' && kind !== 'contact' && kind !== 'link' && kind !== 'unknown') {
    return undefined;
  }
  const file = path ? files.find(path) : undefined;
  const thumbnailPath = textOf(row['ZXMPPTHUMBPATH']) || textOf(row['ZTHUMBNAILLOCALPATH']);
  const card = textOf(row['ZVCARDSTRING']);
  const [first, second] = [numberOf(row['ZLATITUDE']) ?? undefined, numberOf(row['ZLONGITUDE']) ?? undefined];
  const isPlace = kind === 'location';
  const isPicture = kind === 'image' || kind === 'video' || kind === 'gif' || kind === 'sticker';
  return {
    path,
    state: file ? 'in-backup' : path ? 'not-in-backup' : hasFile(kind) ? 'not-downloaded' : undefined,
    file,
    thumbnail: thumbnailPath ? files.find(thumbnailPath) : undefined,
    mimeType: card && /^[\w.+-]+\/[\w.+-]+/.test(card) ? card : undefined,
    sizeBytes: numberOf(row['ZFILESIZE']),
    durationSeconds: numberOf(row['ZMOVIEDURATION']),
    // The same two columns hold the size of a picture, where it is one.
    widthPx: isPicture && first ? first : undefined,
    heightPx: isPicture && second ? second : undefined,
    title: textOf(row['ZTITLE']),
    url: textOf(row['ZMEDIAURL']),
    latitude: isPlace ? first : undefined,
    longitude: isPlace ? second : undefined,
    vcards: card?.includes('BEGIN:VCARD') === true ? card.split(VCARD_SEPARATOR) : [],
  };
}
