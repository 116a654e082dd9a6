import { join } from 'node:path';
import { addFolderCopy, readCopies, runCopy, verifyCopy } from '../../copies/index.ts';
import { copiesContext, keepPassword, openSecretStore } from '../../service/index.ts';
import type { Places } from '../../shared/files/places.ts';
import { openKnownVault, type Vault } from '../../vault/index.ts';
import { DEMO_PASSWORD } from './household.ts';

const NAME = 'second-disk';

/** The vault of the demo, which is there by now, to write in. */
export function openDemoVault({ vaultDir, stateDir }: Places): Promise<Vault> {
  return openKnownVault({ dir: vaultDir, stateDir, purpose: 'the demo', create: false, lock: 'write' });
}

/** What a careful family has done besides: the passwords kept on this computer, and a copy on another disk. */
export async function careForBackups(request: {
  places: Places;
  env: NodeJS.ProcessEnv;
  dir: string;
  signal: AbortSignal;
}): Promise<void> {
  const { places, env, dir, signal } = request;
  await using vault = await openDemoVault(places);
  const secrets = openSecretStore(places, env);
  const keybags = new Map(vault.snapshots().map(({ udid, checks }) => [String(checks['keybag']), udid]));
  for (const [keybag, udid] of keybags) keepPassword(secrets, { udid, keybag }, DEMO_PASSWORD);

  const context = copiesContext(places, env);
  const known = (await readCopies(places)).find(({ entry }) => entry.name === NAME);
  const wanted = { name: NAME, dir: join(dir, NAME), everyHours: 24, offSite: false };
  const { entry } = known ?? (await addFolderCopy(context, vault, wanted));
  for await (const _event of runCopy(context, vault, entry, { signal })) signal.throwIfAborted();
  for await (const _event of verifyCopy(context, vault, entry, { signal })) signal.throwIfAborted();
}
