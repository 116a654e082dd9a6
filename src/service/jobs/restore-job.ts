import type { RestoreCheck, RestoreRequest } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices.ts';
import { loadRestoring } from '../load-restoring.ts';
import type { AskPassword } from '../open-for-reading.ts';
import type { RestoreDeviceEvent } from '../restore-device.ts';
import type { JobHandle } from './job-board.ts';

export interface RestoreWork {
  readonly setup: DeviceSetup;
  /** @throws {AppError} when the device is not there. */
  readonly find: () => Promise<DeviceListing>;
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly wanted: RestoreRequest;
  readonly password: AskPassword;
  /** For the backup before; undefined where none is made. */
  readonly writableVault: Vault | undefined;
}

/** Restores a version to a device, or only looks whether that would work. What was looked at is in the result. */
export async function runRestoreJob(handle: JobHandle, work: RestoreWork): Promise<void> {
  const { wanted, ...places } = work;
  const { snapshot, rehearse, skipVerify, force, safetyBackup, systemFiles, preserveSettings } = wanted;
  const { removeOthers, apps } = wanted;
  const { restoreDevice } = await loadRestoring();
  const told = new Told(handle, rehearse);
  const events = restoreDevice({
    ...places,
    wanted: snapshot,
    options: { systemFiles, preserveSettings, removeOthers, apps },
    dryRun: rehearse,
    skipVerify,
    force,
    confirm: () => Promise.resolve({ proceed: true, safetyBackup }),
    signal: handle.signal,
  });
  for await (const event of events) told.take(event);
}

class Told {
  readonly #handle: JobHandle;
  readonly #checks: RestoreCheck[] = [];
  readonly #rehearsal: boolean;

  constructor(handle: JobHandle, rehearsal: boolean) {
    this.#handle = handle;
    this.#rehearsal = rehearsal;
  }

  take(event: RestoreDeviceEvent): void {
    const handle = this.#handle;
    switch (event.event) {
      case 'check': {
        const { id, outcome, message, hint } = event;
        this.#checks.push({ id, outcome, message, ...(hint === undefined ? {} : { hint }) });
        this.#result();
        break;
      }
      case 'verifying': {
        const { files, bytes, totalBytes } = event;
        const fraction = totalBytes === 0 ? {} : { fraction: Math.min(1, bytes / totalBytes) };
        handle.progress({ phase: 'verifying', files, bytes, ...fraction });
        break;
      }
      case 'safety-backup':
        this.#followBackup(event.backup);
        break;
      case 'progress': {
        const { phase, files, bytes, fraction } = event;
        handle.asksPasscode(phase === 'waiting-for-passcode');
        handle.progress({ phase, files, bytes, ...(fraction === undefined ? {} : { fraction }) });
        break;
      }
      case 'warning':
        handle.warn(event.message);
        break;
      case 'done':
        this.#result({ files: event.files, bytes: event.bytes, reboots: event.reboots });
        break;
      case 'opened':
      case 'started':
      case 'finding':
      case 'rehearsed':
        break;
    }
  }

  #result(more: Record<string, unknown> = {}): void {
    this.#handle.result({ result: { rehearsal: this.#rehearsal, checks: [...this.#checks], ...more } });
  }

  #followBackup(event: Extract<RestoreDeviceEvent, { event: 'safety-backup' }>['backup']): void {
    if (event.event === 'progress') {
      this.#handle.asksPasscode(event.phase === 'waiting-for-passcode');
      const { files, bytes, fraction } = event;
      this.#handle.progress({ phase: 'safety-backup', files, bytes, fraction });
    }
    if (event.event === 'done') this.#handle.result({ snapshot: event.snapshot });
    if (event.event === 'warning') this.#handle.warn(event.message);
  }
}
