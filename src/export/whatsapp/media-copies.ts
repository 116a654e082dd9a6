import type { WhatsAppMessage } from '../../content/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';

/** What became of the file of a message. */
export interface MediaCopy {
  /** Relative to the export folder; undefined when there is no copy. */
  readonly path: string | undefined;
  readonly state: 'in-backup' | 'not-in-backup' | 'not-downloaded' | 'unreadable';
}

/** Puts the files of messages beside the conversations, each once: what was forwarded lies in the backup once as well. */
export class MediaCopies {
  /** How many there are no copies of, by reason. */
  readonly missing = { 'not-in-backup': 0, 'not-downloaded': 0, unreadable: 0 };
  readonly #backup: Backup;
  readonly #folder: ExportFolder;
  readonly #copies = new Map<string, MediaCopy>();

  constructor(backup: Backup, folder: ExportFolder) {
    this.#backup = backup;
    this.#folder = folder;
  }

  /** @param into names of folders: of the app and of the conversation. */
  async copy({ media, kind, sentAt }: WhatsAppMessage, into: readonly string[]): Promise<MediaCopy | undefined> {
    if (media?.state === undefined) return undefined;
    if (media.file === undefined) return this.#missing(media.state === 'in-backup' ? 'not-in-backup' : media.state);
    const known = this.#copies.get(media.file.fileId);
    if (known !== undefined) return known;
    const name = (kind === 'document' && media.title) || media.path?.split('/').at(-1) || kind;
    const copy = await this.#write(media.file, [...into, withExtension(name, media.path ?? '')], sentAt ?? undefined);
    this.#copies.set(media.file.fileId, copy);
    return copy;
  }

  async #write(file: ManifestEntry, parts: readonly string[], modifiedAt: Date | undefined): Promise<MediaCopy> {
    try {
      const { path } = await this.#folder.write(parts, this.#backup.chunks(file), {
        ...(modifiedAt && { modifiedAt }),
      });
      return { path, state: 'in-backup' };
    } catch (error) {
      if (isNotFound(error)) return this.#missing('not-in-backup');
      if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return this.#missing('unreadable');
      throw error;
    }
  }

  #missing(state: keyof MediaCopies['missing']): MediaCopy {
    this.missing[state]++;
    return { path: undefined, state };
  }

  /** Sentences for the summary. */
  notes(): string[] {
    const { missing } = this;
    return [
      ...(missing['not-downloaded'] > 0
        ? [`${files(missing['not-downloaded'])} in WhatsApp were never downloaded to the phone.`]
        : []),
      ...(missing['not-in-backup'] > 0
        ? [`${files(missing['not-in-backup'])} of WhatsApp messages are not in this backup.`]
        : []),
      ...(missing.unreadable > 0 ? [`${files(missing.unreadable)} of WhatsApp messages could not be read.`] : []),
    ];
  }
}

/** A document may be named without its extension, which the path of the file has. */
function withExtension(name: string, path: string): string {
  const extension = /\.\w{1,5}$/.exec(path)?.[0];
  return extension === undefined || /\.\w{1,5}$/.test(name) ? name : `${name}${extension}`;
}

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);
