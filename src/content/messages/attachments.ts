import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import type { Row } from '../../database/index.ts';
import { flagOf, numberOf, textOf } from '../source/row-values.ts';
import { fromCocoaTime } from '../../shared/time/apple-time.ts';
import type { Attachment } from './message.ts';

const TEXTS = ['guid', 'filename', 'transfer_name', 'mime_type', 'uti'];
const NUMBERS = ['total_bytes', 'is_sticker', 'hide_attachment', 'created_date'];

/** Columns that some versions of iOS lack, by the field that is missing then. */
export const ATTACHMENT_FIELDS: readonly (readonly [column: string, field: string])[] = [
  ['mime_type', 'attachments.mimeType'],
  ['uti', 'attachments.uti'],
  ['total_bytes', 'attachments.sizeBytes'],
  ['is_sticker', 'attachments.isSticker'],
  ['hide_attachment', 'attachments.isHidden'],
  ['created_date', 'attachments.createdAt'],
];

/** Finds the files of messages in a backup. */
export class AttachmentFiles {
  readonly #backup: Pick<Backup, 'find'>;
  readonly #database: ContentDatabase;
  /** Rows of messages that have files: most have none. */
  readonly #messages: ReadonlySet<number>;

  constructor(backup: Pick<Backup, 'find'>, database: ContentDatabase) {
    this.#backup = backup;
    this.#database = database;
    const hasTables = database.has('attachment', 'guid') && database.has('message_attachment_join', 'attachment_id');
    const sql = 'SELECT DISTINCT message_id FROM message_attachment_join';
    this.#messages = new Set(hasTables ? Array.from(database.arrays(sql), ([id]) => numberOf(id) ?? 0) : []);
  }

  /** Those of the messages of these rows, by row, in the order they were added. */
  of(rowIds: readonly number[]): Map<number, Attachment[]> {
    const byMessage = new Map<number, Attachment[]>();
    const wanted = rowIds.filter((id) => this.#messages.has(id));
    if (wanted.length === 0) return byMessage;
    const columns = [
      this.#database.select('attachment', 'a', TEXTS),
      ...NUMBERS.filter((name) => this.#database.has('attachment', name)).map(
        (name) => `CAST(a.${name} AS REAL) AS ${name}`,
      ),
    ].join(', ');
    const rows = this.#database.rows(
      `SELECT j.message_id AS message_id, ${columns} FROM message_attachment_join j
       JOIN attachment a ON a.ROWID = j.attachment_id
       WHERE j.message_id IN (SELECT value FROM json_each(?)) ORDER BY j.message_id, a.ROWID`,
      [JSON.stringify(wanted)],
    );
    for (const row of rows) {
      const messageId = numberOf(row['message_id']) ?? 0;
      const list = byMessage.get(messageId) ?? [];
      byMessage.set(messageId, list);
      list.push(this.#attachment(row));
    }
    return byMessage;
  }

  #attachment(row: Row): Attachment {
    const path = textOf(row['filename']) ?? null;
    const entry = path === null || path === '' ? undefined : findFile(this.#backup, path);
    const created = row['created_date'];
    return {
      guid: textOf(row['guid']) ?? '',
      name: textOf(row['transfer_name']) ?? path?.split('/').at(-1) ?? 'Attachment',
      path,
      mimeType: textOf(row['mime_type']),
      uti: textOf(row['uti']),
      sizeBytes: numberOf(row['total_bytes']),
      isSticker: flagOf(row['is_sticker']),
      isHidden: flagOf(row['hide_attachment']),
      createdAt: created === undefined ? undefined : created === 0 ? null : (fromCocoaTime(created) ?? null),
      transcript: undefined,
      state: path === null || path === '' ? 'not-downloaded' : entry === undefined ? 'not-in-backup' : 'in-backup',
      entry,
      livePhoto: entry && movingHalf(this.#backup, entry),
    };
  }
}

/** `~` and `/var/mobile` are the same folder, which backups call MediaDomain for what belongs to Messages. */
export function findFile(backup: Pick<Backup, 'find'>, path: string): ManifestEntry | undefined {
  const relative = path.replace(/^(?:~|\/private\/var\/mobile|\/var\/mobile|file:\/\/\/var\/mobile)\/+/, '');
  if (relative.startsWith('/')) return undefined;
  // What was sent straight from the camera roll lies there.
  const isPhoto = /^Media\/(?:DCIM|PhotoData)\//.test(relative);
  for (const domain of isPhoto ? ['CameraRollDomain', 'MediaDomain'] : ['MediaDomain', 'HomeDomain']) {
    // A path may be written with its accents composed in one place and not in the other.
    for (const spelling of new Set([relative, relative.normalize('NFC'), relative.normalize('NFD')])) {
      const entry = backup.find(domain, spelling);
      if (entry?.kind === 'file') return entry;
    }
  }
  return undefined;
}

/** A Live Photo is a picture and a film of the same name, of which only the picture has a row. */
function movingHalf(backup: Pick<Backup, 'find'>, { domain, relativePath }: ManifestEntry): ManifestEntry | undefined {
  const [, stem] = /^(.+)\.(?:heic|jpe?g)$/i.exec(relativePath) ?? [];
  if (stem === undefined) return undefined;
  const film = backup.find(domain, `${stem}.MOV`) ?? backup.find(domain, `${stem}.mov`);
  return film?.kind === 'file' ? film : undefined;
}
