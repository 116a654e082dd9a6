import { join } from 'node:path';
import type { RestoreRequest } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { loadRestoring } from '../restore/load-restoring.ts';
import type { AskPassword } from '../reading/open-for-reading.ts';
import type { JobHandle } from './job-board.ts';
import { RestoreTeller } from './restore-teller.ts';

export interface RestoreWork {
  readonly setup: DeviceSetup;
  /** @throws {AppError} when the device is not there. */
  readonly find: () => Promise<DeviceListing>;
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly wanted: RestoreRequest;
  readonly password: AskPassword;
  /** Of the device's own backups, where parts are brought back. */
  readonly devicePassword: AskPassword;
  /** For the backup before; undefined where none is made. */
  readonly writableVault: Vault | undefined;
}

/** Restores a version to a device, or only looks whether that would work. What was looked at is in the result. */
export async function runRestoreJob(handle: JobHandle, work: RestoreWork): Promise<void> {
  const { rehearse, only } = work.wanted;
  const teller = new RestoreTeller(handle, { rehearsal: rehearse, ...(only && { only }) });
  const events = only === undefined ? await wholeOf(handle, work) : await partsOf(handle, work, only);
  for await (const event of events) teller.take(event);
}

async function wholeOf({ signal }: JobHandle, { wanted, ...places }: RestoreWork) {
  const { snapshot, rehearse, skipVerify, force, safetyBackup, systemFiles, preserveSettings } = wanted;
  const { removeOthers, apps } = wanted;
  const { restoreDevice } = await loadRestoring();
  return restoreDevice({
    ...places,
    wanted: snapshot,
    options: { systemFiles, preserveSettings, removeOthers, apps },
    dryRun: rehearse,
    skipVerify,
    force,
    confirm: () => Promise.resolve({ proceed: true, safetyBackup }),
    signal,
  });
}

async function partsOf({ signal }: JobHandle, { wanted, ...places }: RestoreWork, only: readonly string[]) {
  const { snapshot, rehearse, skipVerify, force, allowDecryption, apps } = wanted;
  const { parseChoice, restoreSelected } = await loadRestoring();
  return restoreSelected({
    ...places,
    wanted: snapshot,
    choice: parseChoice(only.join(',')),
    workDir: join(places.stateDir, 'composing'),
    options: { apps },
    dryRun: rehearse,
    skipVerify,
    force,
    allowDecryption,
    confirm: () => Promise.resolve(true),
    signal,
  });
}
