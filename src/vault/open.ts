import type { OpenVaultOptions, VaultSeams } from './open-vault.ts';
import type { Vault } from './vault.ts';

/**
 * Loads what opening a vault will need, for a time in which there is nothing to do but wait.
 *
 * What goes wrong with it is told by the opening itself.
 */
export function loadVaultAhead(): void {
  import('./open-vault.ts').catch(() => {});
}

/**
 * Opens the vault in a folder. What a crash left half done is cleared up first, when the lock is taken.
 *
 * Most of what a vault is made of is loaded when one is first opened, so that a command which only looks at the list of
 * snapshots starts in half the time.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_UNREADABLE, VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED
 */
export async function openVault(dir: string, options: OpenVaultOptions): Promise<Vault> {
  return openVaultWith(dir, options, {});
}

/** `openVault` with some of its parts replaced: a clock that stands elsewhere. */
export async function openVaultWith(dir: string, options: OpenVaultOptions, seams: VaultSeams): Promise<Vault> {
  const opening = await import('./open-vault.ts');
  return opening.openVaultWith(dir, options, seams);
}
