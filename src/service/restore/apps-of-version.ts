import type { VersionApps } from '../../contract/index.ts';
import { appleAppName, readInfoApplications } from '../../content/index.ts';
import { openKnownVault } from '../../vault/index.ts';
import { snapshotSource } from '../reading/open-for-reading.ts';

/**
 * The apps of a version, by name. Needs no password: Info.plist, which lists them, is not encrypted.
 *
 * @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND, SNAPSHOT_CORRUPT
 */
export async function appsOfVersion(
  id: string,
  { dir, stateDir }: { readonly dir: string; readonly stateDir: string },
): Promise<VersionApps> {
  await using vault = await openKnownVault({ dir, stateDir, purpose: 'a look', create: false, lock: 'none' });
  using view = vault.openSnapshot(vault.findSnapshot(id));
  const { installed, facts } = await readInfoApplications({ source: snapshotSource(view) });
  const apps = [...new Set([...installed, ...facts.keys()])].map((bundleId) => ({
    id: bundleId,
    name: facts.get(bundleId)?.name ?? appleAppName(bundleId) ?? bundleId,
  }));
  return apps.toSorted((a, b) => a.name.localeCompare(b.name));
}
