/** What restic prints, as far as it is of use here. It says more, and more with every version. */
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { parseObject } from '../../shared/json-shape.ts';

const Config = z.object({ id: z.string() });

const Snapshot = z.object({
  id: z.string(),
  time: z.string(),
  hostname: z.string().optional(),
  tags: z.array(z.string()).nullish(),
  /** Of restic 0.17 and later. */
  summary: z.object({ total_files_processed: z.number() }).nullish(),
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

export type BackupSummary = z.infer<typeof Summary>;

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
  /** How many files were stored, that of its record among them; undefined where restic did not note it. */
  readonly files?: number | undefined;
}

/** A file in a snapshot of a repository. */
export interface StoredFile {
  /** Below the root of the snapshot, beginning with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** What a repository is recognised by. @throws {AppError} COPY_FAILED */
export function idIn(config: string): string {
  const id = Config.safeParse(parseObject(config)).data?.id;
  if (id !== undefined) return id;
  throw new AppError('COPY_FAILED', 'the repository of the copy does not say what it is');
}

/** @param answer of `snapshots`; undefined where it printed none. @throws {AppError} COPY_FAILED */
export function snapshotsIn(answer: unknown): StoredSnapshot[] {
  const listed = z.array(Snapshot).safeParse(answer ?? []);
  if (listed.success) return listed.data.flatMap((each) => storedSnapshot(each) ?? []);
  throw new AppError('COPY_FAILED', 'restic tells of the snapshots in the copy in a way that is not understood', {
    hint: 'Another version of restic may be understood: say with --restic-binary where it is.',
    cause: listed.error,
  });
}

export function statusIn(message: unknown): z.infer<typeof Status> | undefined {
  return Status.safeParse(message).data;
}

export function summaryIn(message: unknown): BackupSummary | undefined {
  return Summary.safeParse(message).data;
}

/** Undefined for what is no file. */
export function storedFile(message: unknown): StoredFile | undefined {
  const node = Node.safeParse(message).data;
  return node?.type === 'file' ? { path: node.path, sizeBytes: node.size ?? 0 } : undefined;
}

function storedSnapshot({
  id: resticId,
  time,
  hostname,
  tags,
  summary,
}: z.infer<typeof Snapshot>): StoredSnapshot | undefined {
  const values = new Map((tags ?? []).map((tag) => [tag.split('=', 1)[0] ?? '', tag.slice(tag.indexOf('=') + 1)]));
  const id = values.get('snapshot');
  const udid = values.get('udid') ?? hostname;
  if (id === undefined || udid === undefined) return undefined;
  const files = summary?.total_files_processed;
  return { resticId, id, udid, vaultId: values.get('vault'), takenAt: new Date(time), files };
}
