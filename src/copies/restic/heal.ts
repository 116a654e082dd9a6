import { AppError, isAppError } from '../../shared/errors.ts';
import type { Vault } from '../../vault/index.ts';
import type { Repository } from './repository.ts';

/**
 * Mends a repository whose packs are damaged: drops them, and sends the snapshots of the vault again, the newest first,
 * until restic's check finds nothing any more. A snapshot that was sent again takes the place of the damaged one.
 *
 * @param part of the data that the check reads: "3/12".
 * @returns whether the check is clean in the end.
 * @throws {AppError} PROGRAM_MISSING when restic is too old to do it.
 */
export async function healRepository(
  repository: Repository,
  vault: Vault,
  part: string,
  {
    bytesPerSecond,
    signal,
  }: { readonly bytesPerSecond?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  if (!repository.binary.isFull) {
    throw new AppError('PROGRAM_MISSING', `restic ${repository.binary.version} cannot repair a repository`, {
      hint: 'Install restic 0.17.1 or newer, or say with --restic-binary where it is.',
    });
  }
  using staging = vault.openStaging('a repair of a copy');
  const packs = damagedPacks(await repository.check(part, signal));
  await repository.repairPacks(packs, staging.makeTemporary(), signal);
  let problems = await repository.check(part, signal);
  const stored = new Map((await repository.snapshots(signal)).map((each) => [each.id, each]));
  for (const record of vault.snapshots()) {
    if (problems.length === 0) break;
    const damaged = stored.get(record.id);
    if (damaged === undefined) continue;
    try {
      const staged = await staging.stage(record, { signal });
      await repository.backup({
        record,
        vaultId: vault.id,
        staged,
        parent: undefined,
        force: true,
        bytesPerSecond,
        signal,
      });
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) continue;
      throw error;
    }
    await repository.remove([damaged.resticId], signal);
    problems = await repository.check(part, signal);
  }
  staging.tidy();
  return problems.length === 0;
}

/** The packs that restic's words say are damaged. */
function damagedPacks(lines: readonly string[]): string[] {
  const packs = lines.flatMap((line) => [
    ...line.matchAll(/\b(?:pack|packs) (?:ID does not match, want )?((?:[0-9a-f]{64} ?)+)/gi),
  ]);
  return [...new Set(packs.flatMap(([, ids = '']) => ids.trim().split(' ')))];
}
