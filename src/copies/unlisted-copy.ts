import { AppError } from '../shared/errors.ts';
import { readMark } from '../vault/index.ts';
import type { Copy } from './copy.ts';
import { FolderCopy } from './folder/folder-copy.ts';
import { openCopy, openRepository, type CopiesContext, type ResticPlace } from './open-copy.ts';
import type { CopyEntry } from './registry.ts';
import type { StoredSnapshot } from './restic/answers.ts';
import { ResticCopy } from './restic/restic-copy.ts';

export type UnlistedCopy =
  | { readonly kind: 'listed'; readonly entry: CopyEntry; readonly ofVault?: string | undefined }
  | { readonly kind: 'folder'; readonly dir: string }
  | ({ readonly kind: 'restic'; readonly ofVault?: string | undefined } & ResticPlace);

/**
 * Opens a copy to restore from it: one that is set up, or one that this computer knows nothing of, because the computer
 * that made it is gone.
 *
 * @returns the copy, and the id of the vault that it is a copy of, where that is known.
 * @throws {AppError} VAULT_NOT_FOUND, COPY_UNREACHABLE, WRONG_PASSWORD, PROGRAM_MISSING, USAGE also where the repository
 * holds several vaults and none of them is named.
 */
export async function openUnlistedCopy(
  context: CopiesContext,
  place: UnlistedCopy,
  signal?: AbortSignal,
): Promise<{ copy: Copy; vaultId: string | undefined }> {
  if (place.kind === 'listed') {
    return { copy: await openCopy(context, place.entry), vaultId: place.ofVault ?? place.entry.vaultId };
  }
  const facts = {
    name: 'the place given',
    vaultId: '',
    addedAt: '',
    everyHours: 24,
    offSite: false,
    readParts: 1,
  };
  if (place.kind === 'folder') {
    const { id, copyOf } = readMark(place.dir);
    return { copy: new FolderCopy({ ...facts, kind: 'folder', dir: place.dir, copyId: id }), vaultId: copyOf };
  }
  const repository = await openRepository(context, place);
  const repositoryId = await repository.id(signal);
  const vaultId = vaultAmong(await repository.snapshots(signal), place.ofVault);
  return { copy: new ResticCopy({ ...facts, repositoryId }, repository), vaultId };
}

/** Two vaults in one are none that anybody had. Snapshots of early versions do not say which they are of. */
function vaultAmong(stored: readonly StoredSnapshot[], wanted: string | undefined): string | undefined {
  const vaults = Map.groupBy(
    stored.filter(({ vaultId }) => vaultId !== undefined),
    ({ vaultId }) => vaultId,
  );
  const [only, another] = vaults.keys();
  if (wanted === undefined && another === undefined) return only;
  if (wanted !== undefined && vaults.has(wanted)) return wanted;
  const listed = Array.from(
    vaults,
    ([id = '', [newest]]) => `${id} (until ${newest?.takenAt.toISOString().slice(0, 10)})`,
  );
  const message = wanted === undefined ? `the repository holds ${vaults.size} vaults` : `no vault ${wanted} is there`;
  throw new AppError('USAGE', message, { hint: `Say with --of-vault which is wanted: ${listed.join(', ')}.` });
}
