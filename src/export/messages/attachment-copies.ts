import type { MessageAttachment } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { TargetError } from '../../shared/backup-target.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';

/** What became of a file that was sent. */
export interface Copy {
  /** Relative to the export folder; undefined when there is no copy. */
  readonly path: string | undefined;
  readonly state: MessageAttachment['state'] | 'unreadable';
  /** The film of a Live Photo. */
  readonly filmPath?: string | undefined;
}

const FOLDER = 'Attachments';

/** Puts the files of messages beside the conversations, each once. */
export class AttachmentCopies {
  /** How many could not be taken out, by reason. */
  readonly missing = { 'not-in-backup': 0, 'not-downloaded': 0, unreadable: 0 };
  readonly #backup: Backup;
  readonly #folder: ExportFolder;
  readonly #copies = new Map<string, Copy>();

  constructor(backup: Backup, folder: ExportFolder) {
    this.#backup = backup;
    this.#folder = folder;
  }

  /** @param title of the conversation, which names the folder for its files. */
  async copy(attachment: MessageAttachment, title: string): Promise<Copy> {
    const { entry, state, livePhoto, name } = attachment;
    const key = entry?.fileId ?? `missing ${attachment.guid}`;
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const path = entry && (await this.#write(entry, title, name));
    const film = path === undefined || livePhoto === undefined ? undefined : filmName(path, livePhoto);
    const filmPath =
      film === undefined || livePhoto === undefined ? undefined : await this.#write(livePhoto, title, film);
    const copy: Copy = { path, state: entry !== undefined && path === undefined ? this.#lost : state, filmPath };
    if (copy.state !== 'in-backup') this.missing[copy.state]++;
    this.#copies.set(key, copy);
    return copy;
  }

  #lost: 'not-in-backup' | 'unreadable' = 'unreadable';

  /** @returns undefined when the backup lost the content, or cannot decrypt it. */
  async #write(entry: ManifestEntry, title: string, name: string): Promise<string | undefined> {
    try {
      const modifiedAt = modifiedAtOf(entry);
      const file = await this.#folder.write([FOLDER, title, name], this.#backup.chunks(entry), {
        ...(modifiedAt && { modifiedAt }),
      });
      return file.path;
    } catch (error) {
      if (isMissing(error)) this.#lost = 'not-in-backup';
      else if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) this.#lost = 'unreadable';
      else throw error;
      return undefined;
    }
  }
}

const isMissing = (error: unknown): boolean => error instanceof TargetError && error.reason === 'not-found';

/** Beside the picture and named like it, so that photo programs know they belong together. */
function filmName(path: string, { relativePath }: ManifestEntry): string {
  const name = path.split('/').at(-1) ?? path;
  return `${name.replace(/\.[^.]+$/, '')}${/\.[^./]+$/.exec(relativePath)?.[0] ?? '.MOV'}`;
}

function modifiedAtOf(entry: ManifestEntry): Date | undefined {
  try {
    return entry.details().modifiedAt;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}
