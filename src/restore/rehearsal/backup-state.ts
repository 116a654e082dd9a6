import { asDictionary, booleanAt, decodePlist } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { readStatus, type StatusFacts } from '../../snapshot/index.ts';
import { amountOf, type RestoreAmount } from '../amount.ts';
import type { RestoreSource } from '../restore-source.ts';
import type { IosRelease } from './ios-version.ts';

/** What a backup tells about itself that a restore depends on. Undefined is "it does not say". */
export interface BackupState {
  readonly udid: string;
  readonly amount: RestoreAmount;
  /** Undefined when there is no Status.plist, or none that can be read. */
  readonly status: StatusFacts | undefined;
  readonly isEncrypted: boolean;
  readonly release: IosRelease;
  readonly productType: string | undefined;
  readonly isSupervised: boolean | undefined;
}

export async function readBackupState({ backup, udid }: RestoreSource, signal?: AbortSignal): Promise<BackupState> {
  const { info, facts } = backup;
  return {
    udid,
    amount: await amountOf(backup, signal),
    status: await statusOf(backup.source),
    isEncrypted: backup.isEncrypted,
    // The device goes by Info.plist, where there is one.
    release: {
      version: info?.productVersion ?? facts?.productVersion,
      build: info?.buildVersion ?? facts?.buildVersion,
    },
    productType: info?.productType ?? facts?.productType,
    isSupervised: await supervisionOf(backup),
  };
}

async function statusOf(source: RestoreSource['backup']['source']): Promise<StatusFacts | undefined> {
  try {
    return await readStatus(source);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

const PROFILES = 'SysSharedContainerDomain-systemgroup.com.apple.configurationprofiles';
const CLOUD_CONFIGURATION = 'Library/ConfigurationProfiles/CloudConfigurationDetails.plist';
const MAX_CONFIGURATION_BYTES = 1024 * 1024;

/** Whether an organization owned the device: what it was told when it was set up. */
async function supervisionOf(backup: RestoreSource['backup']): Promise<boolean | undefined> {
  try {
    const entry = backup.find(PROFILES, CLOUD_CONFIGURATION);
    if (entry === undefined) return undefined;
    const details = asDictionary(decodePlist(await backup.bytes(entry, MAX_CONFIGURATION_BYTES)));
    return details === undefined ? undefined : (booleanAt(details, 'IsSupervised') ?? false);
  } catch (error) {
    // A damaged file is found by the verification of all files.
    if (error instanceof TargetError || isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
    throw error;
  }
}
