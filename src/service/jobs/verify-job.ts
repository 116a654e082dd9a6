import { AppError } from '../../shared/errors.ts';
import { openKnownVault } from '../../vault/index.ts';
import type { AskPassword } from '../reading/open-for-reading.ts';
import { verifyDeeply } from '../reading/verify-deeply.ts';
import type { JobHandle } from './job-board.ts';

export interface VerifyWork {
  readonly vaultDir: string;
  readonly stateDir: string;
  /** All of the vault where it is left out. */
  readonly snapshot: string | undefined;
  readonly deep: boolean;
  readonly password: AskPassword;
}

/**
 * Reads again what is in the vault, beside whatever else goes on.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when something is damaged.
 */
export async function runVerifyJob(handle: JobHandle, work: VerifyWork): Promise<void> {
  handle.begin();
  const problems = work.deep && work.snapshot !== undefined ? await deeply(handle, work) : await all(handle, work);
  handle.result({ result: { problems } });
  if (problems === 0) return;
  throw new AppError('SNAPSHOT_CORRUPT', problems === 1 ? 'one thing is damaged' : `${problems} things are damaged`, {
    hint: '`holdfast verify --repair` fetches it back from a copy, where there is one.',
    details: { problems },
  });
}

async function all(handle: JobHandle, { vaultDir: dir, stateDir, snapshot }: VerifyWork): Promise<number> {
  const { signal } = handle;
  await using vault = await openKnownVault({ dir, stateDir, purpose: 'a verification', create: false, lock: 'none' });
  const only = snapshot === undefined ? {} : { snapshots: [vault.findSnapshot(snapshot)] };
  let problems = 0;
  for await (const event of vault.verify({ ...only, signal })) {
    if (event.kind === 'progress') handle.progress(progressOf(event));
    if (event.kind === 'done') ({ problems } = event);
  }
  return problems;
}

async function deeply(handle: JobHandle, { snapshot = 'latest', ...work }: VerifyWork): Promise<number> {
  const { signal } = handle;
  let problems = 0;
  const onWarning = (warning: string): void => handle.warn(warning);
  for await (const event of verifyDeeply({ ...work, wanted: snapshot, signal, onWarning })) {
    if (event.kind === 'progress') handle.progress(progressOf(event));
    if (event.kind === 'done') problems = Object.values(event.summary.findings).reduce((sum, count) => sum + count, 0);
  }
  return problems;
}

function progressOf({ bytes, totalBytes }: { bytes: number; totalBytes: number }) {
  return {
    phase: 'reading',
    bytes,
    ...(totalBytes === 0 ? {} : { fraction: Math.min(1, bytes / totalBytes) }),
  };
}
