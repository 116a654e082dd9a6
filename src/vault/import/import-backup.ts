import { join } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ListFile } from '../lists/list-file.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { ListWriter } from '../lists/list-writer.ts';
import { isAppError } from '../../shared/errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { Ingest } from './ingest.ts';
import { checkManifest, type BackupFacts } from './inspect-backup.ts';
import { ScanCache, type KnownFile } from './scan-cache.ts';
import { sameStamp, scanFolder, type FileStamp, type ScannedEntry } from './scan-folder.ts';

/** Entries waiting for their bytes before their lines can be written: bounds memory. */
const MAX_WAITING = 8192;
const PROGRESS_EVERY_MS = 100;
/**
 * A file changed so shortly before it was looked at may change again without its times telling: clocks of file
 * systems tick every few milliseconds, those of some every two seconds.
 */
const UNSETTLED_MS = 2500;

export interface ImportProgress {
  readonly kind: 'progress';
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Of these, what had to be read. */
  readonly readBytes: number;
}

export interface ImportedBackup {
  readonly kind: 'imported';
  readonly folder: string;
  readonly record: SnapshotRecord;
  /** False when the vault already had this backup. */
  readonly isNew: boolean;
  /** Links and the like that were not taken in, relative to the folder. */
  readonly passedOver: readonly string[];
}

export interface ImportHost {
  readonly catalogue: Catalogue;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
  readonly now: () => number;
}

/** What is known about the files of one directory before any is read. */
interface DirectoryKnowledge {
  readonly scanned: Map<string, KnownFile>;
  /** Hashes that the newest snapshot has under these names: objects that are certainly there. */
  readonly stored: Map<string, string>;
}

interface WaitingFile {
  readonly directory: string;
  readonly name: string;
  readonly stamp: FileStamp;
  sha256: string | undefined;
  isRead: boolean;
}

/** One import of one folder. */
export class BackupImport {
  readonly #host: ImportHost;
  readonly #facts: BackupFacts;
  readonly #startedAt: Date;
  readonly #cache: ScanCache;
  readonly #waiting: (WaitingFile | { readonly directory: string; readonly emptyName: string })[] = [];
  /** By directory, what the cache knows and the scan has not met. */
  readonly #unmet = new Map<string, Map<string, KnownFile>>();
  readonly #passedOver: string[] = [];
  #files = 0;
  #bytes = 0;
  #readBytes = 0;
  #newBytes = 0;

  constructor(host: ImportHost, facts: BackupFacts) {
    this.#host = host;
    this.#facts = facts;
    this.#startedAt = new Date(host.now());
    this.#cache = new ScanCache(host.catalogue.database, facts.folder);
  }

  async *run(signal: AbortSignal | undefined): AsyncGenerator<ImportProgress | ImportedBackup, undefined> {
    const { lists, objects, snapshots } = this.#host;
    await using list = lists.begin();
    await using ingest = new Ingest(objects);
    using base = this.#openBase();
    let nextProgress = performance.now() + PROGRESS_EVERY_MS;
    for (const entry of scanFolder(this.#facts.folder, (directory) => this.#knowledgeOf(directory, base))) {
      const toRead = this.#take(entry);
      if (toRead !== undefined) await ingest.add(this.#reading(toRead));
      if (this.#waiting.length >= MAX_WAITING) await this.#writeLines(ingest, list.writer);
      if (performance.now() < nextProgress) continue;
      signal?.throwIfAborted();
      yield this.#progress();
      nextProgress = performance.now() + PROGRESS_EVERY_MS;
    }
    await this.#writeLines(ingest, list.writer);
    this.#forgetUnmet();
    yield this.#progress();
    await objects.flush({ publish: true });
    const summary = await list.finish();
    const { udid, folder } = this.#facts;
    const known = snapshots.list(udid).find((record) => record.list.sha256 === summary.sha256);
    const record = known ?? (await this.#record(summary));
    if (known === undefined) await snapshots.add(record);
    yield { kind: 'imported', folder, record, isNew: known === undefined, passedOver: this.#passedOver };
  }

  /** @returns the file when its bytes are not known yet. */
  #take(entry: ScannedEntry<DirectoryKnowledge>): WaitingFile | undefined {
    const { directory, name } = entry;
    if (entry.kind === 'passed-over') {
      this.#passedOver.push(joinPath(directory, name));
      return undefined;
    }
    if (entry.kind === 'empty-directory') {
      this.#waiting.push({ directory, emptyName: name });
      return undefined;
    }
    const sha256 = this.#hashOf(entry.name, entry.stamp, entry.context);
    const file: WaitingFile = { directory, name, stamp: entry.stamp, sha256, isRead: sha256 === undefined };
    this.#waiting.push(file);
    return file.isRead ? file : undefined;
  }

  #hashOf(name: string, stamp: FileStamp, { scanned, stored }: DirectoryKnowledge): string | undefined {
    const known = scanned.get(name);
    scanned.delete(name);
    if (known === undefined || !sameStamp(known.stamp, stamp)) return undefined;
    const isThere = stored.get(name) === known.sha256 || this.#host.objects.has(Buffer.from(known.sha256, 'hex'));
    return isThere ? known.sha256 : undefined;
  }

  #reading(file: WaitingFile) {
    return {
      path: join(this.#facts.folder, file.directory, file.name),
      stamp: file.stamp,
      onStored: ({ hash, sizeBytes, isNew }: { hash: Buffer; sizeBytes: number; isNew: boolean }) => {
        file.sha256 = hash.toString('hex');
        this.#readBytes += sizeBytes;
        if (isNew) this.#newBytes += sizeBytes;
      },
    };
  }

  /** Waits for the bytes of everything that waits, and writes its lines. */
  async #writeLines(ingest: Ingest, writer: ListWriter): Promise<void> {
    await ingest.drain();
    const settledBefore = this.#startedAt.getTime() - UNSETTLED_MS;
    this.#cache.transaction(() => {
      for (const file of this.#waiting.splice(0)) {
        if ('emptyName' in file) {
          writer.add(file.directory, { kind: 'directory', name: file.emptyName });
          continue;
        }
        const { directory, name, stamp, sha256 } = file;
        if (sha256 === undefined) throw new Error(`${name} was not stored`);
        writer.add(directory, { kind: 'file', name, sizeBytes: stamp.sizeBytes, sha256 });
        this.#files++;
        this.#bytes += stamp.sizeBytes;
        const isSettled = Math.max(stamp.modifiedMs, stamp.changedMs) < settledBefore;
        if (file.isRead && isSettled) this.#cache.put(directory, name, { stamp, sha256 });
      }
    });
  }

  #knowledgeOf(directory: string, base: ListFile | undefined): DirectoryKnowledge {
    const stored = new Map<string, string>();
    for (const entry of base?.entriesIn(directory) ?? []) {
      if (entry.kind === 'file') stored.set(entry.name, entry.sha256);
    }
    const scanned = this.#cache.knownIn(directory);
    this.#unmet.set(directory, scanned);
    return { scanned, stored };
  }

  /** Forgets files that are not there any more. */
  #forgetUnmet(): void {
    this.#cache.transaction(() => {
      for (const [directory, files] of this.#unmet) {
        for (const name of files.keys()) this.#cache.remove(directory, name);
      }
    });
  }

  /** The newest snapshot's list, where it can be read: it saves asking for each object whether it is there. */
  #openBase(): ListFile | undefined {
    const [newest] = this.#host.snapshots.list(this.#facts.udid);
    try {
      return newest && this.#host.lists.open(newest.list.sha256);
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) return undefined;
      throw error;
    }
  }

  async #record(list: SnapshotRecord['list']): Promise<SnapshotRecord> {
    const { udid, takenAt, encrypted, device, folder } = this.#facts;
    const checks = await checkManifest(folder);
    return {
      id: this.#host.snapshots.newId(),
      udid,
      takenAt,
      startedAt: this.#startedAt,
      finishedAt: new Date(this.#host.now()),
      kind: 'import',
      encrypted,
      list,
      newBytes: this.#newBytes,
      device,
      checks,
      warnings: this.#passedOver.length + checks.missing,
    };
  }

  #progress(): ImportProgress {
    return {
      kind: 'progress',
      folder: this.#facts.folder,
      files: this.#files,
      bytes: this.#bytes,
      readBytes: this.#readBytes,
    };
  }
}
