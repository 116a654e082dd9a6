import type { AddedCopy, NewFolderCopy, NewResticCopy } from '../../copies/index.ts';
import { openKnownVault } from '../../vault/index.ts';
import { copiesContext } from './copies-context.ts';

/** A copy to be set up, wherever it was asked for. */
export type CopySetUp = ({ readonly kind: 'folder' } & NewFolderCopy) | ({ readonly kind: 'restic' } & NewResticCopy);

export interface CopySetUpPlace {
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sets up a copy of the vault. Nothing is copied yet.
 *
 * @throws {AppError} VAULT_NOT_FOUND, COPY_REFUSED, and as `addFolderCopy` and `addResticCopy`
 */
export async function setUpCopy(
  { vaultDir: dir, stateDir, env, signal }: CopySetUpPlace,
  copy: CopySetUp,
): Promise<AddedCopy> {
  // Loaded here: other commands start sooner without it.
  const { addFolderCopy, addResticCopy } = await import('../../copies/index.ts');
  const purpose = 'setting up a copy';
  await using vault = await openKnownVault({ dir, stateDir, purpose, create: false, lock: 'none' });
  const copies = copiesContext({ stateDir }, env);
  return copy.kind === 'folder'
    ? await addFolderCopy(copies, vault, copy)
    : await addResticCopy(copies, vault, copy, signal);
}
