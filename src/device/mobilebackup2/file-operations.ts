/** The operations a device asks for that move no file contents: each is done on the target and gives an answer. */
import { type BackupTarget, isNotFound, type TargetEntry } from '../../shared/target/backup-target.ts';
import { DL_STATUS, encodeStatusResponse } from '../devicelink/messages.ts';
import { encodeListing } from './encode-listing.ts';
import type { JobContext } from './job.ts';
import type { DeviceOperation } from './operations.ts';
import { encodeFailure, encodeFailures, type Failure, failureOf, OK_ANSWER } from './status.ts';

export type FileOperation = Exclude<DeviceOperation, { kind: 'upload' | 'download' }>;

/** Does what the device asks and returns the answer it gets, good or bad. */
export async function performOperation(operation: FileOperation, job: JobContext): Promise<Buffer> {
  const { target, guard } = job;
  switch (operation.kind) {
    case 'list':
      return await attempt(job, async () => {
        guard.check(operation.path);
        return encodeListing(await entriesIn(target, operation.path));
      });
    case 'make-directory':
      return await attempt(job, async () => {
        guard.check(operation.path);
        await target.makeDirectory(operation.path);
        return OK_ANSWER();
      });
    case 'move':
      return await attemptEach(job, operation.items, ([from, to]) => {
        guard.check(from);
        guard.check(to);
        return target.move(from, to);
      });
    case 'remove':
      return await attemptEach(
        job,
        operation.paths.map((path): [string] => [path]),
        ([path]) => {
          guard.check(path);
          return target.remove(path);
        },
      );
    case 'copy':
      return await attempt(job, async () => {
        guard.check(operation.from);
        guard.check(operation.to);
        await target.copy(operation.from, operation.to);
        return OK_ANSWER();
      });
    case 'free-space':
      return await attempt(job, async () => {
        const freeBytes = Math.max(0, Math.floor(await target.freeBytes()));
        job.room.told(freeBytes);
        return encodeStatusResponse(DL_STATUS.ok, '', freeBytes);
      });
    case 'purge':
      // Nothing here is kept that could be thrown away at a device's word. It looks again how much is free.
      job.room.wanted(operation.bytes);
      return encodeStatusResponse(DL_STATUS.ok, '', 0);
    case 'unknown':
    default:
      // Silence would leave the device waiting for ever.
      job.warn({ kind: 'unknown-operation', name: operation.name.slice(0, 100) });
      return encodeStatusResponse(DL_STATUS.unimplemented, 'Operation not supported');
  }
}

/**
 * A folder that is not there has nothing in it. Devices list Snapshot/ before they have ever made it, and hosts that
 * real ones are known to back up to (libimobiledevice, Netimobiledevice) answer so: of an error nothing is known.
 */
async function entriesIn(target: BackupTarget, path: string): Promise<readonly TargetEntry[]> {
  try {
    return await target.list(path);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function attempt(job: JobContext, work: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await work();
  } catch (error) {
    return encodeFailure(noted(error, job));
  }
}

/** Works on every item, whatever becomes of the others, in the order given. */
async function attemptEach<T extends readonly [string, ...string[]]>(
  job: JobContext,
  items: readonly T[],
  work: (item: T) => void | Promise<void>,
): Promise<Buffer> {
  const failures = new Map<string, Failure>();
  for (const item of items) {
    try {
      const pending = work(item);
      if (pending instanceof Promise) await pending;
    } catch (error) {
      failures.set(item[0], noted(error, job));
    }
  }
  return encodeFailures(failures);
}

function noted(error: unknown, job: JobContext): Failure {
  const failure = failureOf(error);
  job.trouble.note(error, failure);
  return failure;
}
