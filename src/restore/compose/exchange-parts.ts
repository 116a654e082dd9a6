import { createHash } from 'node:crypto';
import { TargetError } from '../../shared/target/backup-target.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import {
  decodeMbFile,
  encodeMbFile,
  FileIdSet,
  fileIdOf,
  type Backup,
  type ManifestEntry,
  type MbFile,
} from '../../snapshot/index.ts';
import { carriedRecord, passageOf, prove, type FreshKeys, type Passage } from './carry.ts';
import { blocked } from './check-selection.ts';
import type { TakenFiles } from './composed-source.ts';
import type { GatheredEntry, GatheredParts } from './gather-parts.ts';
import type { EditableList } from './editable-list.ts';
import type { Part } from './parts.ts';
import { checkDetails, checkPlace, foldersOf, odd } from './places.ts';

/** A file that the older backup lists and does not have whole: the device keeps its own, where it has one. */
export interface LeftOut {
  readonly domain: string;
  readonly relativePath: string;
  readonly problem: 'missing' | 'damaged' | 'no-key';
}

/** What was exchanged in the list. */
export interface Exchanged {
  readonly filesTaken: number;
  readonly bytesTaken: number;
  /** Files that only the device has: not in the composed backup. They go, or stay beside: see `SelectionPlan.removes`. */
  readonly filesDropped: number;
  readonly leftOut: readonly LeftOut[];
}

export interface ExchangeProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ExchangeRequest {
  readonly list: EditableList;
  readonly current: Backup;
  readonly gathered: GatheredParts;
  readonly fresh: FreshKeys;
  readonly parts: readonly Part[];
  readonly removes: boolean;
  readonly totals: { readonly files: number; readonly bytes: number };
  readonly signal: AbortSignal | undefined;
}

/** Replaces the rows of the parts in the list by those of the older backup. @throws as `composeBackup` */
export async function* exchangeParts(
  request: ExchangeRequest,
): AsyncGenerator<ExchangeProgress, Exchanged & { taken: TakenFiles }> {
  const exchange = new Exchange(request);
  yield* exchange.takeAll();
  exchange.addFolders();
  exchange.dropOthers();
  return exchange.result();
}

/** Databases are of no use in part, and neither are their `-wal`s without them. */
const DATABASE = /\.(?:db|sqlite3?|sqlitedb|storedata)(?:-wal|-journal)?$/i;
const WAITING_LOG = /-(?:wal|journal)$/;

class Exchange {
  readonly #request: ExchangeRequest;
  readonly #asStored = new FileIdSet();
  readonly #encrypted = new FileIdSet();
  readonly #decrypted = new Map<string, { key: Buffer; sizeBytes: number }>();
  readonly #empty = new Set<string>();
  /** Ids of rows that stay: taken ones, and the device's own of files that could not be taken. */
  readonly #staying = new FileIdSet();
  readonly #leftOut: LeftOut[] = [];
  /** Folders that have to be, by domain. */
  readonly #folders = new Map<string, Set<string>>();
  #files = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(request: ExchangeRequest) {
    this.#request = request;
  }

  async *takeAll(): AsyncGenerator<ExchangeProgress, void> {
    const { gathered, parts, list, signal, totals } = this.#request;
    const chosen = new Set(parts);
    for (const entry of gathered.entries) {
      if (!chosen.has(entry.part)) continue;
      signal?.throwIfAborted();
      checkPlace(entry);
      if (this.#staying.has(entry.fileId)) throw odd('a file is listed twice', entry.domain);
      const file = await this.#recordOf(entry);
      this.#staying.add(entry.fileId);
      this.#needFoldersOf(entry);
      if (file === undefined) continue;
      const { fileId, domain, relativePath, kind } = entry;
      list.put({ fileId, domain, relativePath, kind, file });
      if (kind === 'file') {
        this.#files += 1;
        yield { files: this.#files, totalFiles: totals.files, bytes: this.#bytes, totalBytes: totals.bytes };
      }
    }
  }

  /** The row for the composed list; undefined when the file cannot be taken. */
  async #recordOf(entry: GatheredEntry): Promise<Uint8Array | undefined> {
    const { current, gathered, fresh } = this.#request;
    const older = gathered.backup;
    const details = detailsOf(entry);
    if (details === undefined) return this.#leave(entry, 'damaged');
    checkDetails(entry, details);
    if (entry.kind !== 'file') return carriedRecord(entry, details, current.classKeys);
    try {
      const key = older.contentKey(details);
      const passage = passageOf(older, current, entry, fresh);
      const stored = await older.source.read(older.manifest.contentPath(entry.fileId));
      const proof = await prove(stored, details, passage, key);
      if (!proof.isSound) return this.#leave(entry, 'damaged');
      const record = carriedRecord(entry, details, current.classKeys, { passage, key, proof });
      this.#note(entry.fileId, passage, proof.sizeBytes);
      return record;
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      return this.#leave(entry, problem);
    }
  }

  #note(fileId: string, passage: Passage, sizeBytes: number): void {
    this.#bytes += sizeBytes;
    if (passage.kind === 'as-stored') this.#asStored.add(fileId);
    else if (passage.kind === 'encrypt') this.#encrypted.add(fileId);
    else this.#decrypted.set(fileId, { key: passage.key, sizeBytes });
  }

  #leave({ part, domain, relativePath }: GatheredEntry, problem: LeftOut['problem']): undefined {
    const isAnchor = part.anchors.some((each) => each.domain === domain && each.relativePath === relativePath);
    if (isAnchor || DATABASE.test(relativePath)) {
      throw new AppError('SNAPSHOT_CORRUPT', `${domain}/${relativePath} of the snapshot is ${PROBLEM_WORDS[problem]}`, {
        hint: 'Nothing was written to the device. Another snapshot may have it: `holdfast snapshots` lists all.',
        details: { domain, path: relativePath },
      });
    }
    this.#leftOut.push({ domain, relativePath, problem });
    return undefined;
  }

  #needFoldersOf({ domain, relativePath }: ManifestEntry): void {
    let folders = this.#folders.get(domain);
    if (folders === undefined) this.#folders.set(domain, (folders = new Set()));
    for (const folder of foldersOf(relativePath)) folders.add(folder);
  }

  /** Every folder above what was taken is one: those outside the parts as the device has them, else as the older did. */
  addFolders(): void {
    const { list, gathered, current } = this.#request;
    for (const [domain, folders] of this.#folders) {
      for (const folder of folders) {
        const fileId = fileIdOf(domain, folder);
        const kind = list.kindOf(fileId);
        if (kind === 'directory') {
          this.#staying.add(fileId);
          continue;
        }
        if (kind !== undefined && this.#staying.has(fileId)) {
          throw odd('files lie below something that is no folder', domain);
        }
        if (kind !== undefined && !this.#isInParts(domain, folder)) {
          throw blocked(`on the device ${domain}/${folder} is not a folder`, {
            hint: 'Restore a whole snapshot instead.',
          });
        }
        const entry = gathered.folders.get(fileId);
        if (entry === undefined) continue;
        checkPlace(entry);
        const file = carriedRecord(entry, entry.details(), current.classKeys);
        list.put({ fileId, domain, relativePath: folder, kind: 'directory', file });
        this.#staying.add(fileId);
      }
    }
  }

  /** What the parts have on the device and the older backup does not. */
  dropOthers(): void {
    const { list, parts } = this.#request;
    for (const domain of list.domains().filter((each) => parts.some((part) => part.hasDomain(each)))) {
      const dropped = list
        .rowsOf(domain)
        .filter(({ fileId, relativePath }) => !this.#staying.has(fileId) && this.#isInParts(domain, relativePath))
        .toArray();
      for (const row of dropped) {
        if (row.isFile) this.#dropped += 1;
        if (row.isFile && this.#isWaitingLog(domain, row.relativePath)) this.#makeEmpty(domain, row);
        else list.remove(row.row);
      }
    }
  }

  /** Left on the device beside a database that was exchanged, its changes would be put into the wrong one. */
  #isWaitingLog(domain: string, path: string): boolean {
    if (this.#request.removes || !WAITING_LOG.test(path)) return false;
    return this.#staying.has(fileIdOf(domain, path.replace(WAITING_LOG, '')));
  }

  #makeEmpty(domain: string, { fileId, relativePath }: { fileId: string; relativePath: string }): void {
    const archive = this.#request.list.fileOf(fileId);
    if (archive === undefined) return;
    const { digest, encryptionKey: _, ...details } = decodeMbFile(archive);
    const emptied: MbFile = { ...details, sizeBytes: 0, ...(digest && { digest: createHash('sha1').digest() }) };
    this.#request.list.put({ fileId, domain, relativePath, kind: 'file', file: encodeMbFile(emptied) });
    this.#empty.add(fileId);
  }

  #isInParts(domain: string, path: string): boolean {
    return this.#request.parts.some((part) => part.hasDomain(domain) && part.hasPath(domain, path));
  }

  result(): Exchanged & { taken: TakenFiles } {
    return {
      filesTaken: this.#files,
      bytesTaken: this.#bytes,
      filesDropped: this.#dropped,
      leftOut: this.#leftOut,
      taken: {
        asStored: this.#asStored,
        encrypted: this.#encrypted,
        fresh: this.#request.fresh,
        decrypted: this.#decrypted,
        empty: this.#empty,
      },
    };
  }
}

const PROBLEM_WORDS: Readonly<Record<LeftOut['problem'], string>> = {
  missing: 'missing',
  damaged: 'damaged',
  'no-key': 'encrypted with a key that cannot be used',
};

/** What is wrong with one file alone; undefined for what concerns more, such as a disk that is gone. */
function problemOf(error: unknown): LeftOut['problem'] | undefined {
  if (error instanceof TargetError) {
    if (error.reason === 'not-found') return 'missing';
    return isAppError(error.cause) && error.cause.code !== 'SNAPSHOT_CORRUPT' ? undefined : 'damaged';
  }
  if (isAppError(error, 'SNAPSHOT_CORRUPT')) return 'damaged';
  return isAppError(error, 'FORMAT_INVALID') ? 'no-key' : undefined;
}

function detailsOf(entry: ManifestEntry): MbFile | undefined {
  try {
    return entry.details();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
