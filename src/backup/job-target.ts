import { asDictionary, booleanAt, decodePlist, stringAt } from '../formats/index.ts';
import type { BackupTarget, TargetSink } from '../shared/target/backup-target.ts';
import { isAppError } from '../shared/errors.ts';

/** What a device writes about the state of its backup. */
export interface StatusNote {
  readonly snapshotState: string | undefined;
  /** Only true while the device sends everything; false again at the end. */
  readonly isFullBackup: boolean | undefined;
}

/** Status.plist has 190 bytes. */
const MAX_STATUS_BYTES = 64 * 1024;

/**
 * The target of one job: a draft with a reserve kept back, that listens to what the device writes about itself.
 *
 * @param options.reserveBytes kept free beside what the target itself keeps back.
 */
export function jobTarget(
  target: BackupTarget,
  options: { udid: string; reserveBytes: number; onStatus: (note: StatusNote) => void },
): BackupTarget {
  const { udid, reserveBytes, onStatus } = options;
  const statusPath = `${udid}/Status.plist`;
  const create = (path: string): TargetSink | Promise<TargetSink> => {
    const sink = target.create(path);
    if (path !== statusPath) return sink;
    return sink instanceof Promise ? sink.then((it) => listening(it, onStatus)) : listening(sink, onStatus);
  };
  const listenTo = async (moved: void | Promise<void>): Promise<void> => {
    await moved;
    const file = await target.read(statusPath);
    const sink = listening(NOWHERE, onStatus);
    for await (const chunk of file.chunks()) await sink.write(chunk);
    await sink.finish();
  };
  return {
    create,
    read: (path) => target.read(path),
    list: (path) => target.list(path),
    makeDirectory: (path) => target.makeDirectory(path),
    move: (from, to) => {
      const moved = target.move(from, to);
      return to === statusPath ? listenTo(moved) : moved;
    },
    remove: (path) => target.remove(path),
    copy: (from, to) => target.copy(from, to),
    freeBytes: async () => Math.max(0, (await target.freeBytes()) - reserveBytes),
  };
}

const NOWHERE: TargetSink = { write: () => {}, finish: () => {}, discard: () => {} };

function listening(sink: TargetSink, onStatus: (note: StatusNote) => void): TargetSink {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    write: (chunk) => {
      length += chunk.length;
      if (length <= MAX_STATUS_BYTES) chunks.push(Buffer.from(chunk));
      return sink.write(chunk);
    },
    finish: async () => {
      await sink.finish();
      const note = length <= MAX_STATUS_BYTES ? parseStatus(Buffer.concat(chunks)) : undefined;
      if (note !== undefined) onStatus(note);
    },
    discard: () => sink.discard(),
  };
}

function parseStatus(bytes: Buffer): StatusNote | undefined {
  try {
    const status = asDictionary(decodePlist(bytes));
    return { snapshotState: stringAt(status, 'SnapshotState'), isFullBackup: booleanAt(status, 'IsFullBackup') };
  } catch (error) {
    // A state nobody can read is the device's business until the end, when it must be readable.
    if (isAppError(error)) return undefined;
    throw error;
  }
}
