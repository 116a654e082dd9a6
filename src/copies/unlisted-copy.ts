import { readMark } from '../vault/index.ts';
import type { Copy } from './copy.ts';
import { FolderCopy } from './folder/folder-copy.ts';
import { openCopy, openRepository, type CopiesContext, type ResticPlace } from './open-copy.ts';
import type { CopyEntry } from './registry.ts';
import { ResticCopy } from './restic/restic-copy.ts';

export type UnlistedCopy =
  | { readonly kind: 'listed'; readonly entry: CopyEntry }
  | { readonly kind: 'folder'; readonly dir: string }
  | ({ readonly kind: 'restic' } & ResticPlace);

/**
 * Opens a copy to restore from it: one that is set up, or one that this computer knows nothing of, because the computer
 * that made it is gone.
 *
 * @returns the copy, and the id of the vault that it is a copy of, where that is known.
 * @throws {AppError} VAULT_NOT_FOUND, COPY_UNREACHABLE, WRONG_PASSWORD, PROGRAM_MISSING, USAGE
 */
export async function openUnlistedCopy(
  context: CopiesContext,
  place: UnlistedCopy,
  signal?: AbortSignal,
): Promise<{ copy: Copy; vaultId: string | undefined }> {
  if (place.kind === 'listed') return { copy: await openCopy(context, place.entry), vaultId: place.entry.vaultId };
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
  const [newest] = await repository.snapshots(signal);
  return { copy: new ResticCopy({ ...facts, repositoryId }, repository), vaultId: newest?.vaultId };
}
