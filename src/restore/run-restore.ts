import { type BackupDevice, converse } from '../backup/index.ts';
import type { MobileBackupEvent, MobileBackupWarning } from '../device/index.ts';
import type { Logger } from '../shared/logger.ts';
import { amountOf } from './amount.ts';
import { applicationsOf, leaveApplications, removeApplications } from './applications.ts';
import { explainEnd } from './early-end.ts';
import type { RestoreEvent } from './events.ts';
import { ProgressTeller } from './progress-teller.ts';
import { type RestoreSource, servedSource } from './restore-source.ts';
import type { RestoreOptions } from './restore.ts';

export interface RestoreJob {
  /** When it began, as `performance.now()` tells time. */
  readonly startedMs: number;
  readonly device: BackupDevice;
  /** The same device without the end of the job: for what is done after it. */
  readonly deviceAfterwards: BackupDevice;
  readonly source: RestoreSource;
  readonly options: RestoreOptions;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly tell: (event: RestoreEvent) => void;
}

/** One attempt from beginning to end. @throws {AppError} see `restore` */
export async function runRestore(job: RestoreJob): Promise<void> {
  const { source, device, signal, options, tell } = job;
  using teller = new ProgressTeller(await amountOf(source.backup, signal), tell);
  const applications = options.apps === false ? undefined : await applicationsOf(source.backup.source);
  try {
    const apps = applications && (await leaveApplications(device, applications, signal)) ? applications : undefined;
    if (applications !== undefined && apps === undefined) tell({ event: 'warning', message: APPS_BY_HAND });
    const started = apps === undefined ? {} : { apps: Object.keys(apps).length };
    tell({ event: 'started', udid: device.udid, sourceUdid: source.udid, ...started });
    await sendTo(job, teller);
  } catch (error) {
    // A later restore must not bring back the apps of this one.
    if (applications !== undefined) await removeApplications(job.deviceAfterwards);
    throw explainEnd(error, teller);
  }
  tell({
    event: 'done',
    udid: device.udid,
    sourceUdid: source.udid,
    files: teller.files,
    bytes: teller.bytes,
    reboots: options.reboot ?? true,
    seconds: Math.round((performance.now() - job.startedMs) / 100) / 10,
  });
}

const APPS_BY_HAND =
  'The device did not take the list of apps: load them again from the App Store; their data comes with the restore.';

async function sendTo(
  { device, source, options, log, signal, tell }: RestoreJob,
  teller: ProgressTeller,
): Promise<void> {
  await converse({
    device,
    request: {
      kind: 'restore',
      udid: device.udid,
      sourceUdid: source.udid,
      systemFiles: options.systemFiles ?? true,
      preserveSettings: options.preserveSettings ?? false,
      removeOthers: options.removeOthers ?? true,
      reboot: options.reboot ?? true,
      ...(source.password === undefined ? {} : { password: source.password }),
    },
    target: servedSource(source.backup, source.udid),
    signal,
    onEvent: (event: MobileBackupEvent) => {
      if (event.kind === 'warning') note(event.warning, log, tell);
      else teller.follow(event);
    },
    onPasscode: (wanted) => teller.passcode(wanted),
    onRemark: (message) => tell({ event: 'warning', message }),
  });
}

/** What a device does that it need not, or that nobody here knows, stops no restore. */
function note(warning: MobileBackupWarning, log: Logger, tell: (event: RestoreEvent) => void): void {
  if (warning.kind === 'remark') {
    log.debug('the device remarks', { text: warning.text });
    return;
  }
  log.warn('the device did something odd', { ...warning });
  if (warning.kind === 'unknown-operation') {
    tell({ event: 'warning', message: `The device asked for “${warning.name}”, which this version does not know.` });
  }
}
