import type { OpenVaultOptions } from './open-vault.ts';
import type { Vault } from './vault.ts';

/**
 * Opens the vault in a folder. What a crash left half done is cleared up first, when the lock is taken.
 *
 * Most of what a vault is made of is loaded when one is first opened, so that a command which only looks at the list of
 * snapshots starts in half the time.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_UNREADABLE, VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED
 */
export async function openVault(dir: string, options: OpenVaultOptions): Promise<Vault> {
  const { openVaultWith } = await import('./open-vault.ts');
  return openVaultWith(dir, options, {});
}
