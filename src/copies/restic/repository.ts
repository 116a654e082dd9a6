import { AppError, isAppError } from '../../shared/errors.ts';
import type { SnapshotRecord, StagedSnapshot } from '../../vault/index.ts';
import {
  idIn,
  snapshotsIn,
  statusIn,
  storedFile,
  summaryIn,
  type BackupSummary,
  type StoredFile,
  type StoredSnapshot,
} from './answers.ts';
import type { ResticBinary } from './binary.ts';
import { callRestic, restic, type ResticAnswer, type ResticCall, type ResticSession } from './call.ts';
import { failureOf, lastWords } from './failure.ts';

/** By which snapshots of ours are known there. */
const OURS = 'holdfast';

/** More do not fit on the command line of every system. */
const REMOVED_AT_ONCE = 100;

/** Restic itself keeps trying for a quarter of an hour. */
const ANSWER_TIMEOUT_MS = 90_000;

export interface BackupRequest {
  readonly record: SnapshotRecord;
  readonly vaultId: string;
  readonly staged: StagedSnapshot;
  /** The repository's id of the snapshot that this one is most like. */
  readonly parent: string | undefined;
  /**
   * Those of it that are there and not whole. Where there are any, every file is read again, whatever the parent says,
   * which brings back data that has been lost there; and it gets a later time than they have, by a second, so that it is
   * the one that counts also where they cannot be removed, and for restic alone.
   */
  readonly incomplete?: readonly StoredSnapshot[];
  readonly bytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** One restic repository, and what is asked of it here. */
export class Repository {
  readonly binary: ResticBinary;
  readonly #session: ResticSession;
  /** How it is read: without a lock, once it has shown that none can be put there. */
  #how: readonly string[] = [];

  /** @param env of the process, credentials included; without the password. */
  constructor(binary: ResticBinary, env: Readonly<Record<string, string>>, password: string) {
    this.binary = binary;
    this.#session = { binary: binary.path, env, password };
  }

  /**
   * What the repository is recognised by.
   *
   * @throws {AppError} COPY_UNREACHABLE when there is none, or nobody answers within a minute and a half.
   */
  async id(signal?: AbortSignal): Promise<string> {
    const call = { timeoutMs: ANSWER_TIMEOUT_MS, signal };
    const chunks = await this.#reading(signal, (how) =>
      Array.fromAsync(restic(this.#session, { ...call, args: ['cat', 'config', ...how] })),
    );
    return idIn(Buffer.concat(chunks).toString());
  }

  /** Makes a repository where there is none. @returns false when there is one already. */
  async init(signal?: AbortSignal): Promise<boolean> {
    try {
      await callRestic(this.#session, { args: ['init'], timeoutMs: ANSWER_TIMEOUT_MS, signal });
      return true;
    } catch (error) {
      // Old versions say it about the config file, and so does every back end in its own words.
      const isThere = isAppError(error) && /already (?:exists|initialized)/i.test(String(error.details['said']));
      if (isThere) return false;
      throw error;
    }
  }

  /** Our snapshots, newest first; of one that was stored twice, the one that was stored last, or has more files. */
  async snapshots(signal?: AbortSignal): Promise<StoredSnapshot[]> {
    let answer: unknown;
    await this.#read({
      args: ['snapshots', '--json', '--tag', OURS],
      signal,
      onMessage: (message) => (answer = message),
    });
    return snapshotsIn(answer).toSorted(
      (a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (b.files ?? 0) - (a.files ?? 0),
    );
  }

  /**
   * Stores a staged snapshot, with the time it was taken at.
   *
   * @returns the repository's id of it, and how many bytes it took there.
   * @throws {AppError} COPY_FAILED when restic stored less than was staged; what it stored is removed again, as far as
   * the place lets anything be removed.
   */
  async backup(request: BackupRequest): Promise<{ resticId: string; newBytes: number }> {
    const { record, vaultId, staged, parent, incomplete = [], signal, onProgress } = request;
    const limit = request.bytesPerSecond;
    const tags = [
      OURS,
      `udid=${record.udid}`,
      `snapshot=${record.id}`,
      `vault=${vaultId}`,
      `name=${record.device.name.replaceAll(/[,\p{Cc}]/gu, ' ')}`,
    ];
    let summary: BackupSummary | undefined;
    const { status, stderr } = await this.#call({
      // It could not read everything, and has stored the rest.
      accept: [3],
      args: [
        'backup',
        '--json',
        // Links that other folders make and lose change only this one.
        '--ignore-ctime',
        '--host',
        record.udid,
        '--time',
        resticTime(timeAmong(record, incomplete)),
        ...tags.flatMap((tag) => ['--tag', tag]),
        ...(incomplete.length > 0 ? ['--force'] : parent === undefined ? [] : ['--parent', parent]),
        ...(limit === undefined ? [] : ['--limit-upload', String(Math.max(1, Math.round(limit / 1024)))]),
        '--',
        staged.folder,
        staged.record,
      ],
      cwd: staged.dir,
      signal,
      onMessage: (message) => {
        const sent = statusIn(message);
        if (sent !== undefined) onProgress?.(sent.bytes_done ?? 0, sent.total_bytes ?? staged.bytes);
        summary ??= summaryIn(message);
      },
    });
    if (summary?.total_files_processed === staged.files && summary.total_bytes_processed === staged.bytes) {
      return { resticId: summary.snapshot_id, newBytes: summary.data_added };
    }
    if (summary !== undefined) await this.#takeBack(summary.snapshot_id, signal);
    throw new AppError('COPY_FAILED', `restic did not store all of the snapshot ${record.id}`, {
      hint: 'Run this again. If it stays so, look whether another program changes the staging folder in the vault.',
      details: {
        snapshot: record.id,
        files: staged.files,
        bytes: staged.bytes,
        storedFiles: summary?.total_files_processed ?? 0,
        storedBytes: summary?.total_bytes_processed ?? 0,
        ...(status !== 0 && { said: lastWords(stderr) }),
      },
    });
  }

  /** Every file of a snapshot. */
  async files(resticId: string, signal?: AbortSignal): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    await this.#read({
      args: ['ls', '--json', resticId],
      signal,
      onMessage: (message) => {
        const file = storedFile(message);
        if (file !== undefined) files.push(file);
      },
    });
    return files;
  }

  /** The bytes of one file of a snapshot. */
  dump(resticId: string, path: string, signal?: AbortSignal): AsyncGenerator<Buffer, undefined> {
    return restic(this.#session, { args: ['dump', resticId, path, ...this.#how], signal });
  }

  /**
   * Restores a snapshot, or only some paths of it, into a folder.
   *
   * @param options.overwrite leaves what is the same by size and time as it is, and removes what does not belong: only
   * where restic is full.
   * @throws {AppError} OUT_OF_SPACE when the folder's disk is full; COPY_FAILED also where only some of it came back.
   */
  async restore(
    resticId: string,
    dir: string,
    options: {
      readonly paths?: readonly string[];
      readonly overwrite?: boolean;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<void> {
    const includes = (options.paths ?? []).flatMap((path) => ['--include', literally(path)]);
    const overwrite = options.overwrite === true ? ['--overwrite', 'if-changed', '--delete'] : [];
    const { signal } = options;
    try {
      await this.#read({ args: ['restore', resticId, '--target', dir, ...includes, ...overwrite], signal });
    } catch (error) {
      throw isFull(error) ? fullHere(dir, error) : error;
    }
  }

  /**
   * Restic's own check of its structure, and of one part of the data.
   *
   * @param part "3/12"
   * @returns what it found wrong, in its words; nothing when all is well.
   */
  async check(part: string | undefined, signal?: AbortSignal): Promise<string[]> {
    const data = part === undefined ? [] : [`--read-data-subset=${part}`];
    const look = async (how: readonly string[]): Promise<string> => {
      const call = { args: ['check', ...data, ...how], signal, accept: [1] };
      const { status, stderr } = await callRestic(this.#session, call);
      if (status === 0) return '';
      // With the same exit code it says that something is wrong, and that it could not look.
      if (/repository contains errors|errors were found/i.test(stderr)) return stderr;
      throw failureOf({ status, stderr, command: 'check' });
    };
    const said = await this.#reading(signal, look);
    return said.split('\n').filter((line) => line.trim() !== '');
  }

  /** Locks of processes that died; those of others stay. */
  async unlock(signal?: AbortSignal): Promise<void> {
    await callRestic(this.#session, { args: ['unlock'], signal });
  }

  /** Removes snapshots. Their data stays until `prune`. @throws {AppError} COPY_FAILED where nothing may be removed */
  async remove(resticIds: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < resticIds.length; at += REMOVED_AT_ONCE) {
      await this.#forget(resticIds.slice(at, at + REMOVED_AT_ONCE), signal);
    }
  }

  /** Gives back the space of what no snapshot needs any more. */
  async prune(signal?: AbortSignal): Promise<void> {
    await this.#call({ args: ['prune', '--max-unused', '10%'], signal });
  }

  /** Versions before 0.19 end as if all were well when a server refuses to remove anything. */
  async #forget(words: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const { status, stderr } = await this.#call({ args: ['forget', ...words], signal, accept: [3] });
    if (status === 0 && !/unable to remove/i.test(stderr)) return;
    throw new AppError('COPY_FAILED', 'the place lets nothing be removed', {
      hint: 'Thin it where that is allowed, by age alone: who may only add could push good snapshots out of a count.',
      details: { status },
    });
  }

  /**
   * Drops damaged packs, keeping what can be read of them, and makes the index anew, without packs that are missing.
   *
   * @param packs only where restic is full.
   * @param cwd where restic leaves the damaged packs.
   */
  async repairPacks(packs: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
    if (packs.length > 0) await this.#call({ args: ['repair', 'packs', ...packs], cwd, signal });
    await this.repairIndex(signal);
  }

  /** Makes the index anew, without packs that are missing: what lay in them is then sent again. */
  async repairIndex(signal?: AbortSignal): Promise<void> {
    await this.#call({ args: this.binary.isFull ? ['repair', 'index'] : ['rebuild-index'], signal });
  }

  /** Takes a snapshot away that is not whole: the next run would take it for what it says it is. */
  async #takeBack(resticId: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.remove([resticId], signal);
    } catch (error) {
      // Where nothing may be removed it stays, and is known by how many files it has.
      if (!isAppError(error, 'COPY_FAILED')) throw error;
    }
  }

  #call(call: ResticCall): Promise<ResticAnswer> {
    return this.#unlocked(call.signal, () => callRestic(this.#session, call));
  }

  /** As `#call`, for what only reads. */
  #read(call: ResticCall): Promise<ResticAnswer> {
    return this.#reading(call.signal, (how) => callRestic(this.#session, { ...call, args: [...call.args, ...how] }));
  }

  /** A disk that is full, or protected, can still be read: without the lock that cannot be put there. */
  async #reading<T>(signal: AbortSignal | undefined, work: (how: readonly string[]) => Promise<T>): Promise<T> {
    try {
      return await this.#unlocked(signal, () => work(this.#how));
    } catch (error) {
      if (!cannotBeLocked(error)) throw error;
      this.#how = ['--no-lock'];
      return await work(this.#how);
    }
  }

  /**
   * Does something, and once more where a lock stood in its way that nobody holds any more. What was killed, or had a
   * power cut, while it checked, thinned or pruned leaves one behind that keeps everybody out until it is removed.
   */
  async #unlocked<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error)) throw error;
      await this.unlock(signal);
      return await work();
    }
  }
}

/** Versions before 0.17.1 say it with the exit code of everything else. */
function isLocked(error: unknown): boolean {
  if (!isAppError(error, 'COPY_FAILED')) return false;
  const { status, said } = error.details;
  return status === 11 || /already locked|remove stale locks/i.test(String(said));
}

/** Whether no lock can be put there, for want of room or of rights. */
function cannotBeLocked(error: unknown): boolean {
  return (
    isAppError(error, 'COPY_FAILED') &&
    !isLocked(error) &&
    /create lock|Save\(<lock/i.test(String(error.details['said']))
  );
}

/** Whether a disk is full, wherever it is. */
function isFull(error: unknown): error is AppError {
  return isAppError(error, 'COPY_FAILED') && /no space left|disk quota/i.test(String(error.details['said']));
}

function fullHere(dir: string, cause: AppError): AppError {
  return new AppError('OUT_OF_SPACE', `there is no room in ${dir} for what is fetched back`, {
    hint: 'Free some space on that disk, then run this again.',
    details: cause.details,
    cause,
  });
}

/** The time of a snapshot, or a second behind the last of those that it takes the place of. */
function timeAmong({ takenAt }: SnapshotRecord, incomplete: readonly StoredSnapshot[]): Date {
  return new Date(Math.max(takenAt.getTime(), ...incomplete.map((each) => each.takenAt.getTime() + 1000)));
}

/** As restic takes it, in its local time, which is UTC for us. */
function resticTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** Includes are patterns. */
function literally(path: string): string {
  return path.replaceAll(/[*?[\]\\]/g, (letter) => `\\${letter}`);
}
