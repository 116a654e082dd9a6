import type { MessageAttachment } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import type { HeicViews } from './heic-views.ts';

/** What became of a file that was sent. */
export interface Copy {
  /** Relative to the export folder; undefined when there is no copy. */
  readonly path: string | undefined;
  readonly state: MessageAttachment['state'] | 'unreadable';
  /** The film of a Live Photo. */
  readonly filmPath?: string | undefined;
  /** A picture of it that pages can show, where they cannot show the file itself. */
  readonly viewPath?: string | undefined;
}

const FOLDER = 'Attachments';

/** Puts the files of messages beside the conversations, each once. */
export class AttachmentCopies {
  /** How many could not be taken out, by reason. */
  readonly missing = { 'not-in-backup': 0, 'not-downloaded': 0, unreadable: 0 };
  readonly #backup: Backup;
  readonly #folder: ExportFolder;
  readonly #copies = new Map<string, Copy>();
  /** Why the last file could not be written. */
  #lost: 'not-in-backup' | 'unreadable' = 'unreadable';

  constructor(backup: Backup, folder: ExportFolder) {
    this.#backup = backup;
    this.#folder = folder;
  }

  /**
   * @param title of the conversation, which names the folder for its files.
   * @param views makes pictures of what pages cannot show.
   */
  async copy(attachment: MessageAttachment, title: string, views?: HeicViews): Promise<Copy> {
    const { entry, state, livePhoto, name } = attachment;
    const known = entry && this.#copies.get(entry.fileId);
    if (known !== undefined) return known;
    const path = entry && (await this.#write(entry, title, name));
    const film = path === undefined || livePhoto === undefined ? undefined : livePhoto;
    const filmPath = film && (await this.#write(film, title, filmName(path ?? '', film)));
    const view = path === undefined || entry === undefined ? undefined : await views?.jpegOf(entry);
    const viewName = `${path?.split('/').at(-1) ?? name}.jpg`;
    const viewPath = view && (await this.#folder.write([FOLDER, title, viewName], view)).path;
    return this.#keep(attachment, {
      path,
      state: entry !== undefined && path === undefined ? this.#lost : state,
      filmPath,
      viewPath,
    });
  }

  /** What there is of a file, without a copy of it. */
  lookUp(attachment: MessageAttachment): Copy {
    const { state, entry } = attachment;
    const known = entry && this.#copies.get(entry.fileId);
    return known ?? this.#keep(attachment, { path: undefined, state });
  }

  #keep({ entry }: MessageAttachment, copy: Copy): Copy {
    if (copy.state !== 'in-backup') this.missing[copy.state]++;
    // What is not there is only counted: a phone may miss tens of thousands.
    if (entry !== undefined) this.#copies.set(entry.fileId, copy);
    return copy;
  }

  /** @returns undefined when the backup lost the content, or cannot decrypt it. */
  async #write(entry: ManifestEntry, title: string, name: string): Promise<string | undefined> {
    try {
      const modifiedAt = modifiedAtOf(entry);
      const file = await this.#folder.write([FOLDER, title, name], this.#backup.chunks(entry), {
        ...(modifiedAt && { modifiedAt }),
      });
      return file.path;
    } catch (error) {
      if (isNotFound(error)) this.#lost = 'not-in-backup';
      else if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) this.#lost = 'unreadable';
      else throw error;
      return undefined;
    }
  }
}

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
