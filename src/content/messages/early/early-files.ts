import type { Backup, ManifestEntry } from '../../../snapshot/index.ts';
import type { ContentDatabase } from '../../source/content-database.ts';
import { numberOf, textOf } from '../../source/row-values.ts';
import { findFile } from '../attachments.ts';
import type { Attachment } from '../message.ts';
import { appendTo } from '../../../shared/append-to.ts';

const PARTS = /^Library\/SMS\/Parts\/(?:.*\/)?(\d+-\d+)(?:\.[^/]*)?$/;

/** What came with a message before iOS 6: parts of an MMS, files of an iMessage. */
export interface EarlyFiles {
  readonly attachments: ReadonlyMap<number, readonly Attachment[]>;
  /** Words that an MMS carries in a part of its own. */
  readonly texts: ReadonlyMap<number, string>;
}

export function earlyFiles(database: ContentDatabase, backup: Pick<Backup, 'find' | 'manifest'>): EarlyFiles {
  const attachments = new Map<number, Attachment[]>();
  const texts = new Map<number, string>();
  const add = (messageId: number, file: Attachment): void => {
    appendTo(attachments, messageId, file);
  };
  if (database.has('msg_pieces', 'message_id')) {
    const files = partFiles(backup);
    const columns = database.select('msg_pieces', 'p', [
      'message_id',
      'part_id',
      'content_type',
      'content_loc',
      'data',
    ]);
    for (const row of database.rows(`SELECT ${columns} FROM msg_pieces p ORDER BY p.ROWID`)) {
      const messageId = numberOf(row['message_id']) ?? 0;
      const type = textOf(row['content_type']) ?? '';
      // A column of type BLOB keeps as text what was put in as text.
      const words = textOf(row['data']);
      if (type === 'application/smil') continue;
      if (type.startsWith('text/plain') && words) {
        texts.set(messageId, texts.has(messageId) ? `${texts.get(messageId)}\n${words}` : words);
        continue;
      }
      const number = `${messageId}-${numberOf(row['part_id']) ?? 0}`;
      add(messageId, attachment(`part ${number}`, textOf(row['content_loc']) ?? number, type, files.get(number)));
    }
  }
  if (database.has('madrid_attachment', 'message_id')) {
    const columns = database.select('madrid_attachment', 'a', [
      'message_id',
      'attachment_guid',
      'filename',
      'mime_type',
    ]);
    for (const row of database.rows(`SELECT ${columns} FROM madrid_attachment a ORDER BY a.ROWID`)) {
      const path = textOf(row['filename']) ?? null;
      const entry = path === null ? undefined : findFile(backup, path);
      const name = path?.split('/').at(-1) ?? 'Attachment';
      const guid = textOf(row['attachment_guid']) ?? name;
      add(numberOf(row['message_id']) ?? 0, attachment(guid, name, textOf(row['mime_type']) ?? '', entry, path));
    }
  }
  return { attachments, texts };
}

/** By the number of the message and that of the part: what comes after it in the name differs. */
function partFiles({ manifest }: Pick<Backup, 'manifest'>): Map<string, ManifestEntry> {
  const files = new Map<string, ManifestEntry>();
  for (const entry of manifest.entries({ domain: 'MediaDomain' })) {
    const number = PARTS.exec(entry.relativePath)?.[1];
    if (number !== undefined && entry.kind === 'file') files.set(number, entry);
  }
  return files;
}

function attachment(
  guid: string,
  name: string,
  mimeType: string,
  entry: ManifestEntry | undefined,
  path: string | null = entry?.relativePath ?? null,
): Attachment {
  return {
    guid,
    name,
    path,
    mimeType: mimeType === '' ? null : mimeType,
    uti: undefined,
    sizeBytes: undefined,
    isSticker: undefined,
    isHidden: undefined,
    createdAt: undefined,
    transcript: undefined,
    state: entry === undefined ? (path === null ? 'not-downloaded' : 'not-in-backup') : 'in-backup',
    entry,
    livePhoto: undefined,
  };
}
