import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lockFile } from '../../database/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';

const LOCK_NAME = 'lock.db';
/** Who holds the lock writes one small file, or removes snapshots: a few fsyncs. */
const PATIENCE_MS = 20_000;
const RETRY_MS = 10;

/**
 * Waits for the right to change labels and has it until disposed, or until the process dies, as the vault's lock. It is
 * another lock than the vault's, so that a snapshot can be pinned while a backup runs, and so that none is removed in
 * the instant in which it is pinned.
 *
 * @param labelsDir the folder of the labels, which is there.
 * @throws {AppError} VAULT_BUSY when somebody does not let go of it, STORAGE_FAILED
 */
export async function lockLabels(labelsDir: string, patienceMs = PATIENCE_MS): Promise<Disposable> {
  const path = join(labelsDir, LOCK_NAME);
  const givingUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return lockFile(path);
    } catch (error) {
      if (!isAppError(error, 'VAULT_BUSY')) throw error;
      if (performance.now() > givingUpAt) throw labelsBusy(path, error);
    }
    await setTimeout(RETRY_MS);
  }
}

function labelsBusy(path: string, cause: unknown): AppError {
  return new AppError('VAULT_BUSY', 'the labels of the vault are being changed by another process', {
    hint: 'Try again in a moment.',
    cause,
    details: { path },
  });
}
