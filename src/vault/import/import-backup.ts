import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ListFile } from '../lists/list-file.ts';
import type { ListFrame } from '../lists/list-frames.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ListWriter } from '../lists/list-writer.ts';
import { isAppError } from '../../shared/errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { packAfterSnapshot } from '../packing/pack-after.ts';
import type { PackingHost } from '../packing/pack-lists.ts';
import { Ingest, type FileToIngest } from './ingest.ts';
import type { BackupFacts } from './inspect-backup.ts';
import { ManifestCheck, type ManifestChecks } from './manifest-check.ts';
import { ScanCache, type KnownFiles } from './scan-cache.ts';
import { scanFolder, type FileRun } from './scan-folder.ts';

/** Entries waiting for their bytes before their lines can be written: bounds memory. */
const MAX_WAITING = 12_288;
const HASH_BYTES = 32;
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

/** The content of the folder is in the vault. */
interface TakenIn {
  readonly kind: 'list';
  readonly list: SnapshotRecord['list'];
}

export interface ImportHost extends PackingHost {
  readonly catalogue: Catalogue;
  readonly objects: ObjectStore;
  readonly now: () => number;
}

/** Something that lines are to be written for, in the order of the list. */
type Waiting = WaitingRun | { readonly kind: 'empty-directory'; readonly directory: string; readonly name: string };

interface WaitingRun {
  readonly kind: 'files';
  readonly run: FileRun;
  /** 32 bytes a file, filled as they become known. */
  readonly hashes: Buffer;
  /** How many files have to be read. */
  readonly readCount: number;
  /** How many of them have not been read yet. */
  unread: number;
  /** Whether the scan cache knows exactly this already. */
  readonly isKnown: boolean;
  /** The lines as the base has them, where they are the same. */
  readonly frames: readonly ListFrame[];
}

/** One import of one folder. */
export class BackupImport {
  readonly #host: ImportHost;
  readonly #facts: BackupFacts;
  readonly #startedAt: Date;
  readonly #cache: ScanCache;
  /** Only where a snapshot may be made. */
  #manifest: ManifestCheck | undefined;
  readonly #waiting: Waiting[] = [];
  #waitingFiles = 0;
  /** What the cache knows of the directory that is being scanned, and how many of its runs have been met. */
  #known: { readonly directory: string; readonly files: KnownFiles; run: number } | undefined;
  readonly #passedOver: string[] = [];
  #files = 0;
  #bytes = 0;
  #readBytes = 0;
  /** The list that the cache stood for when the import began: what it knew of every file then, that list names. */
  readonly #knownList: string | undefined;
  #newBytes = 0;

  constructor(host: ImportHost, facts: BackupFacts) {
    this.#host = host;
    this.#facts = facts;
    this.#startedAt = new Date(host.now());
    this.#cache = new ScanCache(host.catalogue.database, facts.folder);
    this.#knownList = this.#cache.list;
  }

  async *run(signal: AbortSignal | undefined): AsyncGenerator<ImportProgress | ImportedBackup, undefined> {
    const { snapshots } = this.#host;
    const { udid, folder } = this.#facts;
    await using manifest = new ManifestCheck(folder);
    this.#manifest = manifest;
    for await (const event of this.takeIn(signal)) {
      if (event.kind === 'progress') {
        yield event;
        continue;
      }
      const known = snapshots.list(udid).find((record) => record.list.sha256 === event.list.sha256);
      const record = known ?? this.#record(event.list, await manifest.outcome());
      if (known === undefined) {
        await snapshots.add(record);
        await packAfterSnapshot(this.#host, udid);
      }
      yield { kind: 'imported', folder, record, isNew: known === undefined, passedOver: this.#passedOver };
    }
  }

  /** Takes in the bytes and the list of the folder, durably; no snapshot is made of them. */
  async *takeIn(signal: AbortSignal | undefined): AsyncGenerator<ImportProgress | TakenIn, undefined> {
    const { lists, objects } = this.#host;
    await using list = lists.begin();
    await using ingest = new Ingest(objects);
    using base = this.#openBase();
    let nextProgress = performance.now() + PROGRESS_EVERY_MS;
    for (const entry of scanFolder(this.#facts.folder)) {
      if (entry.kind === 'files') await this.#take(entry, base, ingest);
      else if (entry.kind === 'empty-directory') this.#waiting.push(entry);
      else this.#passedOver.push(joinPath(entry.directory, entry.name));
      this.#writeLines(list.writer, base);
      while (this.#waitingFiles >= MAX_WAITING) {
        await ingest.next();
        this.#writeLines(list.writer, base);
      }
      if (performance.now() < nextProgress) continue;
      signal?.throwIfAborted();
      yield this.#progress();
      nextProgress = performance.now() + PROGRESS_EVERY_MS;
    }
    await ingest.drain();
    this.#writeLines(list.writer, base);
    yield this.#progress();
    await objects.flush({ publish: true });
    const summary = await list.finish();
    this.#cache.finish(summary.sha256);
    yield { kind: 'list', list: summary };
  }

  /** Finds out which files of a run have to be read, and has them read. */
  async #take(run: FileRun, base: ListFile | undefined, ingest: Ingest): Promise<void> {
    const { directory, names, stamps } = run;
    const number = this.#known?.directory === directory ? this.#known.run + 1 : 0;
    const known = number > 0 && this.#known ? this.#known.files : this.#cache.knownIn(directory);
    this.#known = { directory, files: known, run: number };
    // What the base names is there, which spares a look for each object.
    const trusted = base !== undefined && base.sha256 === this.#knownList ? base : undefined;
    const hashes = Buffer.allocUnsafe(names.length * HASH_BYTES);
    const toRead: number[] = [];
    let inPlace = 0;
    for (const [at, name] of names.entries()) {
      const found = known.findUnchanged(name, stamps, at);
      const hash = found === -1 ? undefined : known.hashAt(found);
      if (known.isAt(found, number, at)) inPlace++;
      if (hash === undefined || !(trusted || this.#host.objects.has(hash))) toRead.push(at);
      else hashes.set(hash, at * HASH_BYTES);
    }
    const isKnown = toRead.length === 0 && inPlace === names.length && known.countIn(number) === names.length;
    const frames = isKnown && trusted && run.isWholeDirectory ? framesOfFiles(trusted, directory, names.length) : [];
    const readCount = toRead.length;
    const waiting: WaitingRun = { kind: 'files', run, hashes, readCount, unread: readCount, isKnown, frames };
    this.#waiting.push(waiting);
    this.#waitingFiles += names.length;
    if (readCount > 0) this.#manifest?.begin();
    for (const at of toRead) await ingest.add(this.#reading(waiting, at));
  }

  #reading(waiting: WaitingRun, at: number): FileToIngest {
    const { directory, names, stamps } = waiting.run;
    return {
      path: `${this.#facts.folder}/${joinPath(directory, names[at] ?? '')}`,
      stamp: stamps.get(at),
      onStored: ({ hash, sizeBytes, isNew }) => {
        waiting.hashes.set(hash, at * HASH_BYTES);
        waiting.unread--;
        this.#readBytes += sizeBytes;
        if (isNew) this.#newBytes += sizeBytes;
      },
    };
  }

  /** Writes the lines of what waits, up to the first run with bytes that are not known yet. */
  #writeLines(writer: ListWriter, base: ListFile | undefined): void {
    const firstUnready = this.#waiting.findIndex((each) => each.kind === 'files' && each.unread > 0);
    const ready = this.#waiting.splice(0, firstUnready === -1 ? this.#waiting.length : firstUnready);
    if (ready.length === 0) return;
    this.#cache.transaction(() => {
      for (const each of ready) {
        if (each.kind === 'files') this.#writeRun(each, writer, base);
        else writer.add(each.directory, { kind: 'directory', name: each.name });
      }
    });
  }

  #writeRun({ run, hashes, isKnown, frames }: WaitingRun, writer: ListWriter, base: ListFile | undefined): void {
    const { directory, names, stamps } = run;
    const settledBefore = this.#startedAt.getTime() - UNSETTLED_MS;
    for (const [at, name] of names.entries()) {
      const sizeBytes = stamps.sizeAt(at);
      this.#bytes += sizeBytes;
      if (base === undefined || frames.length === 0) {
        const sha256 = hashes.toString('hex', at * HASH_BYTES, (at + 1) * HASH_BYTES);
        writer.add(directory, { kind: 'file', name, sizeBytes, sha256 });
      }
      if (!isKnown && stamps.changedAt(at) >= settledBefore) stamps.forget(at);
    }
    if (base !== undefined) for (const frame of frames) writer.addFrame(frame, base.readFrame(frame));
    this.#cache.put(directory, isKnown ? undefined : { names, stamps, hashes });
    this.#files += names.length;
    this.#waitingFiles -= names.length;
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

  #record(list: SnapshotRecord['list'], checks: ManifestChecks): SnapshotRecord {
    const { udid, takenAt, encrypted, device } = this.#facts;
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

/** The frames of a directory that hold `count` files and nothing else; none when they do not. */
function framesOfFiles(list: ListFile, directory: string, count: number): readonly ListFrame[] {
  const frames = list.framesOf(directory);
  const lines = frames.reduce((sum, frame) => sum + (frame.lines === frame.files ? frame.files : Number.NaN), 0);
  return lines === count ? frames : [];
}
