/**
 * The agreement between programs that sync with one device: whoever holds the lock on a certain file of the media
 * folder is alone, and notifications announce what happens. Backups and restores take it too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { AfcClient, AfcHandle } from '../afc/afc-client.ts';
import { AfcError } from '../afc/afc-error.ts';
import { pause, untilAborted } from '../wire/cancel.ts';

const LOCK_FILE = '/com.apple.itunes.lock_sync';

const NOTIFICATION = {
  willStart: 'com.apple.itunes-mobdev.syncWillStart',
  lockRequest: 'com.apple.itunes-mobdev.syncLockRequest',
  didStart: 'com.apple.itunes-mobdev.syncDidStart',
  didFinish: 'com.apple.itunes-mobdev.syncDidFinish',
} as const;

const RETRY_DELAY_MS = 200;
const ATTEMPTS = 50;
const RELEASE_LIMIT_MS = 3_000;

export interface SyncLockOptions {
  /** Opens the device's files. The connection is closed again when the work is over, however it ends. */
  readonly openFiles: () => Promise<AfcClient>;
  /** Posts a notification on the device. */
  readonly post: (notification: string) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called when the device has no room for the lock's file, or cannot open or lock it for another reason, or does not
   * show its files at all.
   */
  readonly onUnlocked?: (reason: AppError) => void;
  /** Time between two attempts; 200 ms unless told. */
  readonly retryDelayMs?: number;
}

/**
 * Does `work` while holding the device's sync lock. The lock is released and its connection closed in every case;
 * a connection that broke has released it by that. A device that cannot open or lock the lock's file, most often
 * because it is full, works without the lock: just then a backup is needed.
 *
 * @throws {AppError} DEVICE_BUSY when another program keeps the lock for ten seconds; CANCELLED; whatever `work` throws.
 */
export async function withSyncLock<T>(options: SyncLockOptions, work: () => Promise<T>): Promise<T> {
  await options.post(NOTIFICATION.willStart);
  await using files = await openFiles(options);
  if (files === undefined) return await work();
  const handle = await openLock(files, options);
  if (handle === undefined) return await work();
  await options.post(NOTIFICATION.lockRequest);
  if (!(await takeLock(files, handle, options))) return await work();
  try {
    await options.post(NOTIFICATION.didStart);
    return await work();
  } finally {
    await release(files, handle, options);
  }
}

async function openFiles(options: SyncLockOptions): Promise<AfcClient | undefined> {
  try {
    return await options.openFiles();
  } catch (error) {
    if (!isAppError(error, 'DEVICE_REFUSED')) throw error;
    options.onUnlocked?.(error);
    return undefined;
  }
}

async function openLock(files: AfcClient, { signal, onUnlocked }: SyncLockOptions): Promise<AfcHandle | undefined> {
  try {
    return await untilAborted(files.open(LOCK_FILE, 'readWrite'), signal);
  } catch (error) {
    if (!(error instanceof AfcError) || error.status === 'busy' || error.status === 'wouldBlock') throw error;
    onUnlocked?.(error);
    return undefined;
  }
}

/** @returns false when it is not because of others that the file cannot be locked. */
async function takeLock(files: AfcClient, handle: AfcHandle, options: SyncLockOptions): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await untilAborted(tryLock(files, handle), options.signal);
    if (outcome === 'locked') return true;
    if (outcome instanceof AfcError) {
      options.onUnlocked?.(outcome);
      return false;
    }
    if (attempt === ATTEMPTS) {
      throw new AppError('DEVICE_BUSY', 'another program is syncing with the device', {
        hint: 'Close iTunes, Finder or whatever else is working with the device, and try again.',
        details: { attempts: ATTEMPTS },
      });
    }
    await pause(options.retryDelayMs ?? RETRY_DELAY_MS, options.signal);
  }
}

async function tryLock(files: AfcClient, handle: AfcHandle): Promise<'locked' | 'held' | AfcError> {
  try {
    return (await files.lock(handle)) ? 'locked' : 'held';
  } catch (error) {
    if (!(error instanceof AfcError)) throw error;
    return error.status === 'busy' ? 'held' : error;
  }
}

/**
 * Every step is tried even when one fails, and none is waited for longer than a device that is still there needs:
 * what is left undone here, the closing of the connection does.
 */
async function release(files: AfcClient, handle: AfcHandle, options: SyncLockOptions): Promise<void> {
  const steps = [() => files.unlock(handle), () => files.close(handle), () => options.post(NOTIFICATION.didFinish)];
  const done = new AbortController();
  const limit = sleep(RELEASE_LIMIT_MS, undefined, { signal: done.signal }).catch(() => {});
  for (const step of steps) await Promise.race([step().catch(() => {}), limit]);
  done.abort();
}
