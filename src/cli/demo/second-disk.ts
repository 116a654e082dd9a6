import { join } from 'node:path';
import { addFolderCopy, runCopy, verifyCopy } from '../../copies/index.ts';
import { copiesContext, keepPassword, openKnownVault, openSecretStore } from '../../service/index.ts';
import type { Places } from '../../shared/places.ts';
import { DEMO_PASSWORD } from './household.ts';

/** What a careful family has done besides: the passwords kept on this computer, and a copy on another disk. */
export async function careForBackups(request: {
  places: Places;
  env: NodeJS.ProcessEnv;
  dir: string;
  signal: AbortSignal;
}): Promise<void> {
  const { places, env, dir, signal } = request;
  await using vault = await openKnownVault({
    dir: places.vaultDir,
    stateDir: places.stateDir,
    purpose: 'the demo',
    create: false,
    lock: 'write',
  });
  const secrets = openSecretStore(places, env);
  const keybags = new Map(vault.snapshots().map(({ udid, checks }) => [String(checks['keybag']), udid]));
  for (const [keybag, udid] of keybags) keepPassword(secrets, { udid, keybag }, DEMO_PASSWORD);

  const context = copiesContext(places, env);
  const wanted = { name: 'second-disk', dir: join(dir, 'second-disk'), everyHours: 24, offSite: false };
  const { entry } = await addFolderCopy(context, vault, wanted);
  for await (const _event of runCopy(context, vault, entry, { signal })) signal.throwIfAborted();
  for await (const _event of verifyCopy(context, vault, entry, { signal })) signal.throwIfAborted();
}
