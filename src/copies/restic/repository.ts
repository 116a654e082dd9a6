import { z } from 'zod';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { SnapshotRecord, StagedSnapshot } from '../../vault/index.ts';
import type { ResticBinary } from './binary.ts';
import { callRestic, restic, type ResticSession } from './call.ts';
import { failureOf } from './failure.ts';

/** By which snapshots of ours are known there. */
const OURS = 'holdfast';

/** More do not fit on the command line of every system. */
const REMOVED_AT_ONCE = 100;

/** Restic itself keeps trying for a quarter of an hour. */
const ANSWER_TIMEOUT_MS = 90_000;

const Config = z.object({ id: z.string() });

const Snapshot = z.object({
  id: z.string(),
  time: z.string(),
  hostname: z.string().optional(),
  tags: z.array(z.string()).nullish(),
});

const Status = z.object({
  message_type: z.literal('status'),
  bytes_done: z.number().optional(),
  total_bytes: z.number().optional(),
});

const Summary = z.object({
  message_type: z.literal('summary'),
  data_added: z.number(),
  total_files_processed: z.number(),
  total_bytes_processed: z.number(),
  snapshot_id: z.string(),
});

const Node = z.object({
  struct_type: z.literal('node'),
  type: z.string(),
  path: z.string(),
  size: z.number().optional(),
});

/** One of our snapshots as it lies in a repository. */
export interface StoredSnapshot {
  /** The repository's own id of it. */
  readonly resticId: string;
  /** The id that it has in the vault. */
  readonly id: string;
  readonly udid: string;
  /** The vault that it is from, where it says so. */
  readonly vaultId: string | undefined;
  readonly takenAt: Date;
}

export interface BackupRequest {
  readonly record: SnapshotRecord;
  readonly vaultId: string;
  readonly staged: StagedSnapshot;
  /** The repository's id of the snapshot that this one is most like. */
  readonly parent: string | undefined;
  /** Reads every file again, whatever the parent says: brings back data that has been lost there. */
  readonly force?: boolean;
  readonly bytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** A file in a snapshot of a repository. */
export interface StoredFile {
  /** Below the root of the snapshot, beginning with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** One restic repository, and what is asked of it here. */
export class Repository {
  readonly binary: ResticBinary;
  readonly #session: ResticSession;

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
    let text = '';
    const call = { args: ['cat', 'config'], timeoutMs: ANSWER_TIMEOUT_MS, signal };
    for await (const chunk of restic(this.#session, call)) text += chunk.toString();
    const id = Config.safeParse(parseJson(text)).data?.id;
    if (id !== undefined) return id;
    throw new AppError('COPY_FAILED', 'the repository of the copy does not say what it is');
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

  /** Our snapshots, newest first. */
  async snapshots(signal?: AbortSignal): Promise<StoredSnapshot[]> {
    let answer: unknown;
    await callRestic(this.#session, {
      args: ['snapshots', '--json', '--tag', OURS],
      signal,
      onMessage: (message) => (answer = message),
    });
    const listed = z.array(Snapshot).parse(answer ?? []);
    return listed
      .flatMap((each) => storedSnapshot(each) ?? [])
      .toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  }

  /**
   * Stores a staged snapshot, with the time it was taken at.
   *
   * @returns the repository's id of it, and how many bytes it took there.
   * @throws {AppError} COPY_FAILED when restic stored less than was staged.
   */
  async backup(request: BackupRequest): Promise<{ resticId: string; newBytes: number }> {
    const { record, vaultId, staged, parent, signal, onProgress } = request;
    const limit = request.bytesPerSecond;
    const tags = [
      OURS,
      `udid=${record.udid}`,
      `snapshot=${record.id}`,
      `vault=${vaultId}`,
      `name=${record.device.name.replaceAll(/[,\p{Cc}]/gu, ' ')}`,
    ];
    let summary: z.infer<typeof Summary> | undefined;
    await callRestic(this.#session, {
      args: [
        'backup',
        '--json',
        // Links that other folders make and lose change only this one.
        '--ignore-ctime',
        '--host',
        record.udid,
        '--time',
        resticTime(record.takenAt),
        ...tags.flatMap((tag) => ['--tag', tag]),
        ...(request.force === true ? ['--force'] : parent === undefined ? [] : ['--parent', parent]),
        ...(limit === undefined ? [] : ['--limit-upload', String(Math.max(1, Math.round(limit / 1024)))]),
        '--',
        staged.folder,
        staged.record,
      ],
      cwd: staged.dir,
      signal,
      onMessage: (message) => {
        const status = Status.safeParse(message).data;
        if (status !== undefined) onProgress?.(status.bytes_done ?? 0, status.total_bytes ?? staged.bytes);
        summary ??= Summary.safeParse(message).data;
      },
    });
    if (summary?.total_files_processed === staged.files && summary.total_bytes_processed === staged.bytes) {
      return { resticId: summary.snapshot_id, newBytes: summary.data_added };
    }
    throw new AppError('COPY_FAILED', `restic did not store all of the snapshot ${record.id}`, {
      hint: 'Run this again. If it stays so, look whether another program changes the staging folder in the vault.',
      details: {
        snapshot: record.id,
        files: staged.files,
        bytes: staged.bytes,
        storedFiles: summary?.total_files_processed ?? 0,
        storedBytes: summary?.total_bytes_processed ?? 0,
      },
    });
  }

  /** Every file of a snapshot. */
  async files(resticId: string, signal?: AbortSignal): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    await callRestic(this.#session, {
      args: ['ls', '--json', resticId],
      signal,
      onMessage: (message) => {
        const node = Node.safeParse(message).data;
        if (node?.type === 'file') files.push({ path: node.path, sizeBytes: node.size ?? 0 });
      },
    });
    return files;
  }

  /** The bytes of one file of a snapshot. */
  dump(resticId: string, path: string, signal?: AbortSignal): AsyncGenerator<Buffer, undefined> {
    return restic(this.#session, { args: ['dump', resticId, path], signal });
  }

  /**
   * Restores a snapshot, or only some paths of it, into a folder.
   *
   * @param options.overwrite leaves what is the same by size and time as it is, and removes what does not belong: only
   * where restic is full.
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
    await callRestic(this.#session, {
      args: ['restore', resticId, '--target', dir, ...includes, ...overwrite],
      signal,
    });
  }

  /**
   * Restic's own check of its structure, and of one part of the data.
   *
   * @param part "3/12"
   * @returns what it found wrong, in its words; nothing when all is well.
   */
  async check(part: string | undefined, signal?: AbortSignal): Promise<string[]> {
    const data = part === undefined ? [] : [`--read-data-subset=${part}`];
    const call = { args: ['check', ...data], signal, accept: [1] };
    const look = async (): Promise<string> => {
      const { status, stderr } = await callRestic(this.#session, call);
      if (status === 0) return '';
      // With the same exit code it says that something is wrong, and that it could not look.
      if (/repository contains errors|errors were found/i.test(stderr)) return stderr;
      throw failureOf({ status, stderr, command: 'check' });
    };
    const said = await look().catch(async (error: unknown) => {
      if (!isLocked(error)) throw error;
      // A run that was killed leaves its lock behind; one that is alive keeps it.
      await this.unlock(signal);
      return look();
    });
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
    await callRestic(this.#session, { args: ['prune', '--max-unused', '10%'], signal });
  }

  /** Versions before 0.19 end as if all were well when a server refuses to remove anything. */
  async #forget(words: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const { status, stderr } = await callRestic(this.#session, { args: ['forget', ...words], signal, accept: [3] });
    if (status === 0 && !/unable to remove/i.test(stderr)) return;
    throw new AppError('COPY_FAILED', 'the place lets nothing be removed', {
      hint: 'Thin it where that is allowed, by age alone: who may only add could push good snapshots out of a count.',
      details: { status },
    });
  }

  /**
   * Drops damaged packs, keeping what can be read of them, and makes the index anew. Only where restic is full.
   *
   * @param cwd where restic leaves the damaged packs.
   */
  async repairPacks(packs: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
    if (packs.length > 0) await callRestic(this.#session, { args: ['repair', 'packs', ...packs], cwd, signal });
    await callRestic(this.#session, { args: ['repair', 'index'], signal });
  }
}

/** Versions before 0.17.1 say it with the exit code of everything else, which `check` takes for an answer. */
function isLocked(error: unknown): boolean {
  return isAppError(error, 'COPY_FAILED') && /lock/i.test(String(error.details['said']));
}

function storedSnapshot({ id: resticId, time, hostname, tags }: z.infer<typeof Snapshot>): StoredSnapshot | undefined {
  const values = new Map((tags ?? []).map((tag) => [tag.split('=', 1)[0] ?? '', tag.slice(tag.indexOf('=') + 1)]));
  const id = values.get('snapshot');
  const udid = values.get('udid') ?? hostname;
  if (id === undefined || udid === undefined) return undefined;
  return { resticId, id, udid, vaultId: values.get('vault'), takenAt: new Date(time) };
}

/** As restic takes it, in its local time, which is UTC for us. */
function resticTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** Includes are patterns. */
function literally(path: string): string {
  return path.replaceAll(/[*?[\]\\]/g, (letter) => `\\${letter}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
