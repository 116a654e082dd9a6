import { AppError, isAppError } from '../../shared/errors.ts';
import type { Vault } from '../../vault/index.ts';
import type { Repository } from './repository.ts';
import { storeAgain } from './store-again.ts';

/**
 * Mends a repository whose packs are damaged or missing: drops them, and sends the snapshots of the vault again, the newest
 * first, until restic's check finds nothing any more. A snapshot that was sent again takes the place of the damaged one.
 *
 * @param part of the data that the check reads: "3/12".
 * @param found what the check has said.
 * @returns whether the check is clean in the end.
 * @throws {AppError} PROGRAM_MISSING when restic is too old to do it.
 */
export async function healRepository(
  repository: Repository,
  vault: Vault,
  { part, found }: { readonly part: string; readonly found: readonly string[] },
  {
    bytesPerSecond,
    signal,
  }: { readonly bytesPerSecond?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const packs = damagedPacks(found);
  if (!repository.binary.isFull && !isOnlyMissing(found, packs)) {
    throw new AppError('PROGRAM_MISSING', `restic ${repository.binary.version} cannot repair a repository`, {
      hint: 'Install restic 0.17.1 or newer, or say with --restic-binary where it is.',
    });
  }
  using staging = vault.openStaging('a repair of a copy');
  await repository.repairPacks(repository.binary.isFull ? packs : [], staging.makeTemporary(), signal);
  let problems = await repository.check(part, signal);
  const stored = Map.groupBy(await repository.snapshots(signal), ({ id }) => id);
  for (const record of vault.snapshots()) {
    if (problems.length === 0) break;
    const incomplete = stored.get(record.id);
    if (incomplete === undefined) continue;
    try {
      const staged = await staging.stage(record, { signal });
      const request = { vault, record, staged, incomplete, bytesPerSecond, signal };
      // As long as the damaged ones stay, no check is clean.
      if (!(await storeAgain(repository, request)).isOldGone) break;
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) continue;
      throw error;
    }
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

/**
 * Whether something is missing, as after a power cut, and nothing that is there is damaged: that takes no more than a new
 * index, which every restic can make.
 */
function isOnlyMissing(lines: readonly string[], damaged: readonly string[]): boolean {
  const missing = new Set(lines.flatMap((line) => /\bpack ([0-9a-f]{64}): does not exist/i.exec(line)?.slice(1) ?? []));
  const isMissing = missing.size > 0 || lines.some((line) => /not found in index|error for tree/i.test(line));
  return isMissing && damaged.every((pack) => missing.has(pack));
}
