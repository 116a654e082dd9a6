import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';

const MARKER = '.holdfast-export.json';
/** What backups have at their top: folders of files, the files of iOS 9 and older, their lists. Finder adds its own. */
const BACKUP_NAME =
  /^(?:[0-9a-f]{2}|[0-9a-f]{40}|Snapshot|(?:Info|Status|Manifest)\.plist|Manifest\.(?:db|mbd[bx])|\.DS_Store)$/;
/** Every tool that changes a backup writes this file last, and none takes a folder without it for a finished one. */
export const WITNESS = 'Status.plist';

const Marker = z.object({
  format: z.literal('holdfast-export'),
  /** By UDID: the snapshot that was exported, and the hash of its Status.plist, "none" where it has none. */
  devices: z.record(
    z.string(),
    z.object({
      snapshot: z.string(),
      witness: z.string(),
      /** What it has at its top beside what every backup has there. */
      names: z.array(z.string()).optional(),
    }),
  ),
});
type Marker = z.infer<typeof Marker>;
type MarkedExport = Marker['devices'][string];

/**
 * The folder that exports go into: `<dir>/<UDID>/…`, and beside it a marker by which the folder is known as ours.
 * A backup is written as `<UDID>.partial` and renamed when it is whole.
 */
export class ExportFolder {
  readonly dir: string;
  readonly partial: string;
  readonly final: string;
  readonly #disk: Disk;
  readonly #udid: string;
  readonly #madeFolder: boolean;
  /** Which folder `partial` is while it is ours: another export into the same folder begins by making a new one. */
  #identity: string | undefined;

  private constructor(dir: string, udid: string, disk: Disk, madeFolder: boolean) {
    this.dir = dir;
    this.partial = join(dir, `${udid}.partial`);
    this.final = join(dir, udid);
    this.#udid = udid;
    this.#disk = disk;
    this.#madeFolder = madeFolder;
  }

  /**
   * Takes a folder for an export. It must be missing, empty, or hold nothing but exports that nobody has changed.
   *
   * @throws {AppError} FOLDER_NOT_EMPTY, STORAGE_FAILED
   */
  static async prepare(dir: string, udid: string, disk: Disk): Promise<ExportFolder> {
    const names = namesIn(dir);
    const known = readMarker(dir);
    const others = names?.filter((name) => name !== MARKER && !isExportOf(name, known)) ?? [];
    if (others[0] !== undefined) throw notEmpty(dir, others[0]);
    const folder = new ExportFolder(dir, udid, disk, names === undefined);
    const before = known?.devices[udid];
    folder.#refuseChanged(before);
    disk.makeDirectory(dir);
    // The marker comes first, so that what an interruption leaves is known as ours.
    await folder.#mark(before ?? { snapshot: 'unfinished', witness: 'none' });
    removeBackup(folder.partial);
    mkdirSync(folder.partial, { mode: 0o700 });
    folder.#identity = identityOf(folder.partial);
    return folder;
  }

  /** Puts the finished backup in place of an earlier one. @throws {AppError} ALREADY_RUNNING, STORAGE_FAILED */
  async publish(record: SnapshotRecord): Promise<void> {
    this.#refuseTakenOver();
    const outdated = join(this.dir, `${this.#udid}.outdated`);
    removeBackup(outdated);
    this.#refuseChanged(readMarker(this.dir)?.devices[this.#udid]);
    if (namesIn(this.final) !== undefined) this.#disk.rename(this.final, outdated);
    const names = unusualNamesIn(this.partial);
    await this.#mark({ snapshot: record.id, witness: witnessIn(this.partial), ...(names.length > 0 && { names }) });
    await this.#disk.syncDirectory(this.partial);
    this.#refuseTakenOver();
    this.#disk.rename(this.partial, this.final);
    await this.#disk.syncDirectory(this.dir);
    removeBackup(outdated);
  }

  /** Removes what was written, and the folder where this export made it and nobody has put anything into it since. */
  abandon(): void {
    if (this.#isOurs()) removeBackup(this.partial);
    if (this.#madeFolder && namesIn(this.dir)?.every((name) => name === MARKER) === true) removeTree(this.dir);
  }

  /** Others may have put a newer backup, or something of their own, into what we exported. That is not ours to remove. */
  #refuseChanged(expected: MarkedExport | undefined): void {
    if (namesIn(this.final) === undefined) return;
    if (expected === undefined || witnessIn(this.final) !== expected.witness) throw notEmpty(this.dir, this.#udid);
    const foreign = unusualNamesIn(this.final).find((name) => expected.names?.includes(name) !== true);
    if (foreign !== undefined) throw notEmpty(this.dir, join(this.#udid, foreign));
  }

  #isOurs(): boolean {
    return identityOf(this.partial) === this.#identity;
  }

  #refuseTakenOver(): void {
    if (this.#isOurs()) return;
    throw new AppError('ALREADY_RUNNING', `another export of the same device into ${this.dir} began meanwhile`, {
      hint: 'Wait until it has come to its end, or export into another folder.',
      details: { dir: this.dir },
    });
  }

  /** Says what there is of this device; of others it stays as it is now, since they may be exported meanwhile. */
  #mark(exported: MarkedExport): Promise<void> {
    const marker = readMarker(this.dir) ?? emptyMarker();
    marker.devices[this.#udid] = exported;
    return this.#disk.writeFileDurably(join(this.dir, MARKER), Buffer.from(`${JSON.stringify(marker)}\n`));
  }
}

/** The number of a folder and when it was made, since a file system gives the number of a removed one to the next. */
function identityOf(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts && `${facts.ino} ${facts.birthtimeNs}`;
}

function emptyMarker(): Marker {
  return { format: 'holdfast-export', devices: {} };
}

function isExportOf(name: string, marker: Marker | undefined): boolean {
  const udid = name.replace(/\.(?:partial|outdated)$/, '');
  return marker !== undefined && Object.hasOwn(marker.devices, udid);
}

function readMarker(dir: string): Marker | undefined {
  try {
    return Marker.safeParse(JSON.parse(readFileSync(join(dir, MARKER), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, 'read', join(dir, MARKER));
  }
}

function witnessIn(folder: string): string {
  try {
    return createHash('sha256')
      .update(readFileSync(join(folder, WITNESS)))
      .digest('hex');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'none';
    throw storageError(error, 'read', join(folder, WITNESS));
  }
}

function namesIn(dir: string): string[] | undefined {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    if (systemErrorCode(error) === 'ENOTDIR') throw notEmpty(dir, '');
    throw storageError(error, 'look into', dir);
  }
}

function unusualNamesIn(folder: string): string[] {
  return (namesIn(folder) ?? []).filter((name) => !BACKUP_NAME.test(name));
}

/** Cut off in the middle, it leaves nothing that any tool takes for a whole backup. */
function removeBackup(path: string): void {
  removeTree(join(path, WITNESS));
  removeTree(path);
}

function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw storageError(error, 'remove', path);
  }
}

function notEmpty(dir: string, name: string): AppError {
  return new AppError('FOLDER_NOT_EMPTY', `the folder ${dir} holds something that was not exported by Holdfast`, {
    hint: 'Export into a new or an empty folder.',
    details: { dir, ...(name === '' ? {} : { name }) },
  });
}
