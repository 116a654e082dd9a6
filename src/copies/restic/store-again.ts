import { isAppError } from '../../shared/errors.ts';
import type { SnapshotRecord, StagedSnapshot, Vault } from '../../vault/index.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';

/** What is stored again, and how. */
export interface AgainRequest {
  readonly vault: Vault;
  readonly record: SnapshotRecord;
  readonly staged: StagedSnapshot;
  /** Those of it that are there and not whole. */
  readonly incomplete: readonly StoredSnapshot[];
  readonly bytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** What has become of it. */
export interface StoredAgain {
  readonly resticId: string;
  readonly newBytes: number;
  /** Whether the incomplete ones are gone; a place that lets nothing be removed keeps them, and the newer one counts. */
  readonly isOldGone: boolean;
}

/**
 * Stores a snapshot once more, every file read anew, and forgets those of it that are not whole once it is there.
 *
 * @throws {AppError} as `Repository.backup`
 */
export async function storeAgain(repository: Repository, { vault, ...request }: AgainRequest): Promise<StoredAgain> {
  const { incomplete, signal } = request;
  const stored = await repository.backup({ ...request, vaultId: vault.id, parent: undefined });
  try {
    await repository.remove(
      incomplete.map(({ resticId }) => resticId),
      signal,
    );
    return { ...stored, isOldGone: true };
  } catch (error) {
    if (!isAppError(error, 'COPY_FAILED')) throw error;
    return { ...stored, isOldGone: false };
  }
}

/** What is said where the incomplete ones stay. */
export const oldStays = ({ device, id }: SnapshotRecord): string =>
  `${device.name}, ${id}: what is not whole of it stays there, because the place lets nothing be removed. The one that was stored again counts.`;
