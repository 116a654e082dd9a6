import { TargetError, type TargetFile } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../backup.ts';
import type { ManifestEntry } from '../manifest/manifest.ts';
import type { MbFile } from '../mb-file/mb-file.ts';
import type { ContentFacts, ContentOutcome } from './check-content.ts';
import type { DeepEvent, DeepFinding, DeepRemark, DeepSummary, FileFinding, NamedFile } from './events.ts';
import { Examples } from './examples.ts';
import { FileKeys } from './file-keys.ts';
import { findingOf } from './findings.ts';
import { LostKeys } from './lost-keys.ts';
import { mayBeLeftOut, missing } from './missing.ts';
import { copyIfWhole } from '../source.ts';
import { ParcelLine } from './parcel.ts';
import { placeOf, type Survey } from './survey.ts';
import { Tally } from './tally.ts';

/** A file that the thread is working on. */
interface Pending {
  readonly file: NamedFile;
  readonly details: MbFile;
}

/** Progress is told after so many files or bytes. */
const TELL_FILES = 200;
const TELL_BYTES = 16 * 1024 * 1024;

/** Goes from file to file, has each read and checked, and gathers what comes of it. */
export class FileWalk implements AsyncDisposable {
  readonly #backup: Backup;
  readonly #surveyed: Survey;
  readonly #line: ParcelLine;
  readonly #maxDatabaseBytes: number;
  /** What was unpacked for the thread, which may not have come to it yet. */
  readonly #copies = new DisposableStack();
  readonly #keys: FileKeys | undefined;
  readonly #lostKeys = new LostKeys();
  readonly #leftOut = new Examples();
  /** In the order in which their outcomes come. */
  readonly #pending: Pending[] = [];
  #news: DeepEvent[] = [];
  #toldFiles = 0;
  #toldBytes = 0;

  readonly #tally = new Tally();

  constructor(backup: Backup, surveyed: Survey, maxDatabaseBytes: number) {
    this.#backup = backup;
    this.#surveyed = surveyed;
    this.#maxDatabaseBytes = maxDatabaseBytes;
    this.#line = new ParcelLine(maxDatabaseBytes);
    this.#keys = backup.classKeys && new FileKeys(backup.classKeys);
  }

  get hasNews(): boolean {
    return (
      this.#news.length > 0 ||
      this.#tally.files - this.#toldFiles >= TELL_FILES ||
      this.#tally.bytes - this.#toldBytes >= TELL_BYTES
    );
  }

  /** Findings and remarks since the last time, and how far it is. */
  *takeEvents(): Generator<DeepEvent, undefined> {
    yield* this.#news.splice(0);
    this.#toldFiles = this.#tally.files;
    this.#toldBytes = this.#tally.bytes;
    const { files: totalFiles, bytes: totalBytes } = this.#surveyed.total;
    yield { kind: 'progress', files: this.#tally.files, totalFiles, bytes: this.#tally.bytes, totalBytes };
  }

  /** Reads one file and has it checked. A log is checked together with its database. */
  visit(entry: ManifestEntry): Promise<void> | undefined {
    const { domain, relativePath } = entry;
    if (relativePath.endsWith('-wal')) {
      const database = this.#backup.find(domain, relativePath.slice(0, -'-wal'.length));
      // Comes, or came, with its database.
      if (database?.kind === 'file' && this.#surveyed.withLog.has(placeOf(domain, database.relativePath)))
        return undefined;
    }
    return this.#visitWithLog(entry);
  }

  /** Waits for what is still being checked. */
  async finish(): Promise<void> {
    await this.#line.finish();
    this.#takeOutcomes();
    for (const finding of this.#lostKeys.findings()) this.#tell(finding);
    for (const finding of this.#keys?.groupFindings() ?? []) this.#tell(finding);
    const { deviceOnly } = this.#keys ?? {};
    if (deviceOnly !== undefined && deviceOnly.files > 0) this.#remark({ kind: 'device-only', ...deviceOnly.facts });
    if (this.#leftOut.files > 0) this.#remark({ kind: 'left-out', ...this.#leftOut.facts });
  }

  /** Counts a finding, and returns it. */
  record<T extends DeepFinding>(finding: T): T {
    this.#tally.find(finding);
    return finding;
  }

  summary(): DeepSummary {
    return this.#tally.summary(this.#keys !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _copies = this.#copies;
    await this.#line[Symbol.asyncDispose]();
  }

  async #visitWithLog(entry: ManifestEntry): Promise<void> {
    const hasLog = this.#surveyed.withLog.has(placeOf(entry.domain, entry.relativePath));
    const log = hasLog ? this.#backup.find(entry.domain, `${entry.relativePath}-wal`) : undefined;
    if (log?.kind === 'file') await this.#check(log, { isLog: true });
    await this.#check(entry, { hasLog: log !== undefined });
    this.#takeOutcomes();
  }

  async #check(entry: ManifestEntry, role: Pick<ContentFacts, 'isLog' | 'hasLog'>): Promise<void> {
    this.#tally.files++;
    const file: NamedFile = { fileId: entry.fileId, domain: entry.domain, relativePath: entry.relativePath };
    const details = this.#detailsOf(entry, file);
    if (details === undefined) return;
    const path = this.#backup.manifest.contentPath(entry.fileId);
    const stored = await this.#open(path, file, details);
    if (stored === undefined) return;
    const key = this.#keyOf(file, details, stored.sizeBytes);
    if (key === 'unusable') return;
    const { digest } = details;
    const localPath = key === undefined ? await this.#localPath(path, stored.sizeBytes) : undefined;
    this.#line.begin({
      storedBytes: stored.sizeBytes,
      ...(key && { key }),
      ...(digest && { digest }),
      ...(localPath !== undefined && { localPath }),
      ...(digest === undefined && entry.relativePath.endsWith('.plist') && { isPropertyList: true }),
      ...role,
    });
    try {
      for await (const chunk of stored.chunks()) {
        this.#tally.bytes += chunk.length;
        const waiting = this.#line.push(chunk);
        if (waiting) await waiting;
        this.#takeOutcomes();
      }
    } catch (error) {
      // The next content begins anew; nothing of this one comes back.
      this.#tell(unreadable(file, error));
      return;
    }
    const waiting = this.#line.end();
    this.#pending.push({ file, details });
    if (waiting) await waiting;
  }

  /** Where a content lies as a file of its own. One that is too large to be checked in memory becomes one. */
  async #localPath(path: string, sizeBytes: number): Promise<string | undefined> {
    const { source } = this.#backup;
    const localPath = source.localPath?.(path);
    if (localPath !== undefined || sizeBytes <= this.#maxDatabaseBytes) return localPath;
    const copy = await copyIfWhole(source, path);
    return copy && this.#copies.use(copy).path;
  }

  #detailsOf(entry: ManifestEntry, file: NamedFile): MbFile | undefined {
    try {
      return entry.details();
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#tell({ kind: 'entry-damaged', file, detail: error.message, asSent: false });
      return undefined;
    }
  }

  async #open(path: string, file: NamedFile, details: MbFile): Promise<TargetFile | undefined> {
    try {
      return await this.#backup.source.read(path);
    } catch (error) {
      if (!(error instanceof TargetError) || error.reason !== 'not-found') this.#tell(unreadable(file, error));
      else if (mayBeLeftOut(file, details.sizeBytes)) this.#leftOut.add(file);
      else this.#tell(missing(file));
      return undefined;
    }
  }

  /** Undefined where the content lies unencrypted. */
  #keyOf(file: NamedFile, details: MbFile, storedBytes: number): Buffer | undefined | 'unusable' {
    if (this.#keys === undefined || details.encryptionKey === undefined) return undefined;
    const key = this.#keys.unwrap(file, details.encryptionKey, storedBytes);
    if (Buffer.isBuffer(key)) return key;
    if (key === 'not-unwrapped') {
      const detail = 'its key is not one of this backup’s';
      this.#lostKeys.add({ kind: 'key-damaged', file, detail, asSent: false }, details, storedBytes, true);
    } else if (key === 'wrong-size') {
      this.#tell({ kind: 'key-damaged', file, detail: 'its key is damaged', asSent: false });
    }
    return 'unusable';
  }

  #takeOutcomes(): void {
    for (const outcome of this.#line.takeOutcomes()) {
      const pending = this.#pending.shift();
      if (pending) this.#settle(pending, outcome);
    }
  }

  #settle({ file, details }: Pending, outcome: ContentOutcome): void {
    this.#tally.settle(outcome);
    if (outcome.padding === 'valid') this.#lostKeys.readable(details);
    if (outcome.database) this.#settleDatabase(file, outcome.database, outcome);
    const finding = findingOf(file, details, outcome);
    if (finding === undefined || this.#isExcused(finding)) return;
    if (finding.kind === 'undecryptable') {
      this.#lostKeys.add(finding, details, outcome.storedBytes, finding.asSent);
    } else this.#tell(finding);
  }

  #settleDatabase(file: NamedFile, database: NonNullable<ContentOutcome['database']>, outcome: ContentOutcome): void {
    if (database.state === 'too-large') {
      const detail = `it is too large for the memory of this computer (${outcome.storedBytes} bytes)`;
      this.#remark({ kind: 'database-unchecked', file, detail });
    } else if (database.state === 'partly-checked') {
      this.#remark({ kind: 'database-unchecked', file, detail: database.details.join('; ') });
    }
  }

  /** A transaction was under way when the phone copied it: its journal, which is in the backup too, sets that right. */
  #isExcused({ kind, file, asSent }: FileFinding): boolean {
    const { domain, relativePath } = file;
    if (kind !== 'database' || !asSent || !this.#surveyed.withJournal.has(placeOf(domain, relativePath))) return false;
    const detail = 'the phone was in the middle of changing it; its journal is in the backup';
    this.#remark({ kind: 'database-unchecked', file, detail });
    return true;
  }

  #tell(finding: DeepFinding): void {
    this.#news.push({ kind: 'finding', finding: this.record(finding) });
  }

  #remark(remark: DeepRemark): void {
    this.#news.push({ kind: 'remark', remark });
  }
}

/** @throws what is no expected failure */
function unreadable(file: NamedFile, error: unknown): FileFinding {
  if (!isAppError(error) && !(error instanceof TargetError)) throw error;
  return { kind: 'unreadable', file, detail: error.message, asSent: false };
}
