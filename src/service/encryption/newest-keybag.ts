import { isAppError } from '../../shared/errors.ts';
import { openKnownVault } from '../../vault/index.ts';

/** The keybag of the newest encrypted snapshot of a device; undefined where there is none, or no vault. */
export async function newestKeybag(request: {
  vaultDir: string;
  stateDir: string;
  udid: string;
}): Promise<string | undefined> {
  const { vaultDir, stateDir, udid } = request;
  try {
    const purpose = 'looking for the newest backup';
    await using vault = await openKnownVault({ dir: vaultDir, stateDir, purpose, create: false, lock: 'none' });
    const newest = vault.snapshots(udid).find(({ encrypted }) => encrypted);
    const keybag = newest?.checks['keybag'];
    return typeof keybag === 'string' ? keybag : undefined;
  } catch (error) {
    if (isAppError(error, 'VAULT_NOT_FOUND')) return undefined;
    throw error;
  }
}
