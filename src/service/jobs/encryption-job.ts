import type { EncryptionRequest } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { changeEncryption, type EncryptionEvent } from '../encryption/change-encryption.ts';
import { keepPassword } from '../secrets/backup-passwords.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { JobHandle } from './job-board.ts';

export interface EncryptionWork {
  readonly setup: DeviceSetup;
  readonly device: DeviceListing;
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly change: EncryptionRequest;
  /** Where the new password is kept sealed; undefined where it is not to be. */
  readonly keepIn: SecretStore | undefined;
}

/** Turns the encryption of a device's backups on or off, or changes its password. */
export async function runEncryptionJob(handle: JobHandle, vault: Vault, work: EncryptionWork): Promise<void> {
  const { keepIn, change, ...request } = work;
  const { signal } = handle;
  for await (const event of changeEncryption({ ...request, change, vault, signal })) {
    if (event.event === 'passcode') {
      handle.asksPasscode(event.wanted);
      handle.progress({ phase: event.wanted ? 'waiting-for-passcode' : 'changing' });
    } else if (event.event === 'warning') handle.warn(event.message);
    else if (event.event === 'started') handle.progress({ phase: 'connecting' });
    else {
      handle.result({ ...(event.snapshot === undefined ? {} : { snapshot: event.snapshot }), result: resultOf(event) });
      if (keepIn !== undefined && change.kind !== 'off') keep(handle, keepIn, event, change.newPassword);
    }
  }
}

type Done = Extract<EncryptionEvent, { event: 'done' }>;

function resultOf({ encrypted, kept }: Done): Record<string, unknown> {
  return { encrypted, kept };
}

/** The device has the password: that it could not be kept here is worth a sentence, and no failure. */
function keep(handle: JobHandle, store: SecretStore, { udid, keybag }: Done, password: string): void {
  try {
    keepPassword(store, { udid, keybag }, password);
  } catch (error) {
    if (!isAppError(error)) throw error;
    handle.warn(`The password could not be kept on this computer: ${error.message}.`);
  }
}
