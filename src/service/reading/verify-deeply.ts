import { isAppError } from '../../shared/errors.ts';
import {
  knownClassKeys,
  openBackup,
  readEncryption,
  verifyDeep,
  type Backup,
  type DeepEvent,
  type DeepSummary,
} from '../../snapshot/index.ts';
import type { SnapshotRecord, Vault } from '../../vault/index.ts';
import { openForReading, snapshotSource, type OpenForReadingRequest } from './open-for-reading.ts';

/** What was opened, told before anything is read; then what the verification tells. */
export type VerifyDeeplyEvent =
  | {
      readonly kind: 'opened';
      readonly record: SnapshotRecord | undefined;
      readonly folder: string | undefined;
      /** The snapshot that it is compared with; undefined where there is none, or none that can be read. */
      readonly previous: SnapshotRecord | undefined;
    }
  | DeepEvent;

/**
 * Verifies a snapshot or a backup folder deeply: see `verifyDeep`. A snapshot is compared with the one of the same
 * device before it. That it was verified, and how many things were wrong, is noted with the snapshot.
 *
 * @throws {AppError} as `openForReading`; what is wrong with the backup's files is an event.
 */
export async function* verifyDeeply(request: OpenForReadingRequest): AsyncGenerator<VerifyDeeplyEvent, undefined> {
  await using opened = await openForReading(request);
  const { backup, record, vault, folder } = opened;
  await using stack = new AsyncDisposableStack();
  const previous = record && vault ? await openPrevious(vault, record, request.signal, stack) : undefined;
  yield { kind: 'opened', record, folder, previous: previous?.record };
  for await (const event of verifyDeep(backup, { previous: previous?.backup, signal: request.signal })) {
    if (event.kind === 'done' && record && vault) await noteProof(vault, record, event.summary, request.onWarning);
    yield event;
  }
}

/** What was found stays known with the snapshot, where the vault can be written: the newest proven one is kept. */
async function noteProof(
  vault: Vault,
  record: SnapshotRecord,
  { findings }: DeepSummary,
  onWarning: OpenForReadingRequest['onWarning'],
): Promise<void> {
  const problems = Object.values(findings).reduce((sum, count) => sum + count, 0);
  try {
    await vault.labels.set(record, { deepVerifiedAt: new Date(), deepVerifyProblems: problems });
  } catch (error) {
    if (!isAppError(error)) throw error;
    onWarning?.(`That it was verified could not be noted in the vault: ${error.message}.`);
  }
}

interface Previous {
  readonly record: SnapshotRecord;
  readonly backup: Backup;
}

/** Undefined when it cannot be read: another password, damage. It is there to compare with, no more. */
async function openPrevious(
  vault: Vault,
  { udid, id, takenAt }: SnapshotRecord,
  signal: AbortSignal | undefined,
  stack: AsyncDisposableStack,
): Promise<Previous | undefined> {
  const record = vault.snapshots(udid).find((each) => each.id !== id && each.takenAt <= takenAt);
  if (record === undefined) return undefined;
  try {
    const source = snapshotSource(stack.use(vault.openSnapshot(record)));
    const { facts, isEncrypted } = await readEncryption(source);
    const classKeys = isEncrypted && facts ? await knownClassKeys(facts) : undefined;
    return { record, backup: stack.use(await openBackup(source, { classKeys, ...(signal && { signal }) })) };
  } catch (error) {
    if (isAppError(error) && !isAppError(error, 'CANCELLED')) return undefined;
    throw error;
  }
}
