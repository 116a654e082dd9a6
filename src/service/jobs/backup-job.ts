import type { BackupEvent } from '../../backup/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import type { Vault } from '../../vault/index.ts';
import { backUpIntoOpenVault } from '../backup/back-up-device.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import type { JobHandle } from './job-board.ts';

export interface BackupWork {
  readonly setup: DeviceSetup;
  readonly device: DeviceListing;
  readonly stateDir: string;
  readonly full: boolean;
  readonly automatic: boolean;
  readonly now: () => Date;
}

/** Backs a device up, telling how it goes. */
export async function runBackupJob(handle: JobHandle, vault: Vault, work: BackupWork): Promise<void> {
  const { signal } = handle;
  for await (const event of backUpIntoOpenVault({ ...work, signal }, vault)) tell(handle, event);
}

function tell(handle: JobHandle, event: BackupEvent): void {
  switch (event.event) {
    case 'started':
      handle.progress({ phase: 'connecting' });
      break;
    case 'progress': {
      const { phase, files, bytes, bytesPerSecond, secondsLeft, fraction } = event;
      handle.asksPasscode(phase === 'waiting-for-passcode');
      const left = secondsLeft === undefined ? {} : { secondsLeft };
      handle.progress({ phase, files, bytes, bytesPerSecond, fraction, ...left });
      break;
    }
    case 'reconnecting':
      handle.asksPasscode(false);
      handle.warn(event.reason);
      handle.progress({ phase: 'reconnecting' });
      break;
    case 'warning':
      handle.warn(event.message);
      break;
    case 'done': {
      const { snapshot, files, bytes, newBytes, full, encrypted, seconds } = event;
      handle.result({ snapshot, result: { files, bytes, newBytes, full, encrypted, seconds } });
      break;
    }
    case 'requested':
      break;
  }
}
