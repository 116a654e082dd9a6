import { isAppError } from '../../shared/errors.ts';
import {
  decodeMbFile,
  FileIdSet,
  fileIdOf,
  type Backup,
  type EntryKind,
  type FileOutline,
  type ManifestEntry,
  type MbFile,
} from '../../snapshot/index.ts';
import { checkFormat } from './check-selection.ts';
import type { Chosen } from './choice.ts';
import { countItems } from './count-items.ts';
import { partsOf, type Part } from './parts.ts';
import { photoObstacle } from './photo-obstacle.ts';
import { foldersOf } from './places.ts';
import { surveyParts, type PartSurvey } from './survey.ts';

/** What a backup has of a part, and how many things a person would count. */
export interface GatheredPart extends PartSurvey {
  readonly items: number | undefined;
}

/** All that is needed of an older backup's list. Its content is read later. */
export interface GatheredParts {
  /** Its list is closed. */
  readonly backup: Backup;
  readonly choice: readonly Chosen[];
  readonly parts: ReadonlyMap<Part, GatheredPart>;
  readonly entries: readonly GatheredEntry[];
  /** Folders that parts lie in and do not belong to any, by id. */
  readonly folders: ReadonlyMap<string, GatheredEntry>;
  /** Ids of all files. */
  readonly files: FileIdSet;
  /** See `photoObstacle`; undefined as well when no photos were chosen. */
  readonly photoObstacle: string | undefined;
}

/**
 * Takes what was chosen out of a backup's list and closes the list, so that the lists of two backups are never held in
 * memory at once: that of an encrypted backup has 1 KB for each file of a phone.
 *
 * @throws {AppError} RESTORE_BLOCKED for a backup from before iOS 10; the signal's reason
 */
export async function gatherParts(
  older: Backup,
  choice: readonly Chosen[],
  signal?: AbortSignal,
): Promise<GatheredParts> {
  checkFormat(older, 'the snapshot');
  const entries: GatheredEntry[] = [];
  const folders = new Map<string, GatheredEntry>();
  const files = new FileIdSet();
  const parts = partsOf(choice);
  const visit = (entry: ManifestEntry, part: Part): void => {
    entries.push(new GatheredEntry(entry, part));
    if (entry.kind === 'file') files.add(entry.fileId);
    noteFolders(older, entry, part, folders);
  };
  const surveys = await surveyParts(older, parts, visit, signal);
  const gathered = new Map<Part, GatheredPart>();
  for (const [part, survey] of surveys) {
    gathered.set(part, { ...survey, items: survey.files === 0 ? undefined : await countItems(older, part) });
  }
  const hasPhotos = parts.some((part) => part.name === 'photos' && surveys.get(part)?.anchor !== undefined);
  const obstacle = hasPhotos ? await photoObstacle(older) : undefined;
  older[Symbol.dispose]();
  return { backup: older, choice, parts: gathered, entries, folders, files, photoObstacle: obstacle };
}

function noteFolders(
  older: Backup,
  { domain, relativePath }: ManifestEntry,
  part: Part,
  folders: Map<string, GatheredEntry>,
): void {
  for (const folder of foldersOf(relativePath)) {
    if (part.hasPath(domain, folder)) return;
    const id = fileIdOf(domain, folder);
    if (folders.has(id)) continue;
    const entry = older.find(domain, folder);
    if (entry?.kind === 'directory') folders.set(id, new GatheredEntry(entry, part));
  }
}

/** An entry of a list that is closed. */
export class GatheredEntry implements ManifestEntry {
  readonly fileId: string;
  readonly domain: string;
  readonly relativePath: string;
  readonly kind: EntryKind;
  readonly part: Part;
  readonly #archive: Buffer;

  constructor(entry: ManifestEntry, part: Part) {
    this.fileId = entry.fileId;
    this.domain = entry.domain;
    this.relativePath = entry.relativePath;
    this.kind = entry.kind;
    this.part = part;
    this.#archive = archiveOf(entry);
  }

  details(): MbFile {
    return decodeMbFile(this.#archive);
  }

  outline(): FileOutline {
    const { sizeBytes, mode, modifiedAt, encryptionKey } = this.details();
    return { sizeBytes, mode, modifiedAt, encryptionKey };
  }

  archive(): Buffer {
    return this.#archive;
  }
}

/** A copy among others; one that cannot be read is empty, and says so when its details are asked for. */
function archiveOf(entry: ManifestEntry): Buffer {
  try {
    return Buffer.from(entry.archive?.() ?? []);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return Buffer.alloc(0);
    throw error;
  }
}
