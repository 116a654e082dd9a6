import { findEntry, readRegistry, type CopyEntry } from '../../../copies/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { openKnownVault, type Vault } from '../../../vault/index.ts';
import { vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';

/** Opens the vault that copies are made of. */
export function openCopiedVault(
  context: CliContext,
  options: VaultOptions,
  purpose: string,
  lock: 'write' | 'none' = 'none',
): Promise<Vault> {
  const { stateDir } = context.places;
  return openKnownVault({ dir: vaultDirFor(context, options), stateDir, purpose, create: false, lock });
}

/** Every copy of this vault that is set up. */
export async function allCopiesOf({ places }: CliContext, vault: Vault): Promise<CopyEntry[]> {
  return (await readRegistry(places.stateDir)).filter(({ vaultId }) => vaultId === vault.id);
}

/** The copy of that name, or all of this vault. @throws {AppError} COPY_NOT_FOUND, USAGE for one of another vault */
export async function copiesOf(context: CliContext, vault: Vault, name: string | undefined): Promise<CopyEntry[]> {
  if (name === undefined) {
    const entries = await allCopiesOf(context, vault);
    if (entries.length > 0) return entries;
    throw new AppError('COPY_NOT_FOUND', 'no copy of this vault is set up', {
      hint: 'Set one up with `holdfast copies add`.',
    });
  }
  const entry = await findEntry(context.places.stateDir, name);
  if (entry.vaultId === vault.id) return [entry];
  throw new AppError('USAGE', `${name} is a copy of another vault`, {
    hint: 'Name that vault with --vault.',
    details: { copy: name, vaultId: entry.vaultId },
  });
}
