import {
  asDictionary,
  booleanAt,
  decodePlist,
  dictionaryAt,
  stringAt,
  type PlistDictionary,
} from '../../../formats/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { NOT_BACKED_UP_DOMAIN, type PhoneContext, SETTINGS } from '../../context.ts';
import { PhoneDiskError } from '../../disk/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import { askPasscode } from '../passcode.ts';
import { checkTarget, reach, type Session } from '../session.ts';
import { AGENT_SETTINGS } from '../settings.ts';
import { applyRestore, clearStaging, type RestoreItem } from './apply.ts';
import { openSource, type RestoreSource } from './open-source.ts';
import { receiveFiles } from './receive-files.ts';
import { copyExistingBackup } from './safety-copy.ts';

/** Where a computer leaves the list of apps that are to be installed again. */
const APPLICATIONS_PATH = 'Media/iTunesRestore/RestoreApplications.plist';

interface RestoreOptions {
  readonly systemFiles: boolean;
  readonly preserveSettings: boolean;
  readonly removeOthers: boolean;
  readonly dontCopyBackup: boolean;
  readonly reboot: boolean;
  readonly password: string | undefined;
}

/**
 * Serves a Restore request.
 *
 * @returns whether the phone is to restart once it has answered.
 * @throws {AgentError} @throws {HostGone}
 */
export async function restoreBackup(session: Session, request: PlistDictionary): Promise<{ reboots: boolean }> {
  const { context } = session;
  const { udid } = context.identity;
  checkTarget(session, request);
  const options = optionsIn(request);
  if (context.backup.asksPasscodeToRestore) await askPasscode(session);
  await reach(session, 'restore-checks');
  using source = await openSource(session, stringAt(request, 'SourceIdentifier') ?? udid, options.password);
  checkPhone(context);
  try {
    await restoreFrom(session, source, options);
  } catch (error) {
    // What the manifest says of files cannot be read, or no file system could hold it.
    if (!isAppError(error, 'FORMAT_INVALID') && !(error instanceof PhoneDiskError)) throw error;
    throw new AgentError(MB_ERROR.corrupt, `Backup is corrupt: ${error.message}`);
  }
  context.settings.set(AGENT_SETTINGS.awaitsReboot, true);
  return { reboots: options.reboot };
}

async function restoreFrom(session: Session, source: RestoreSource, options: RestoreOptions): Promise<void> {
  const { context } = session;
  const items = Array.from(source.manifest.entries(), (entry) => ({ entry, details: entry.details() })).filter((item) =>
    isWanted(context, item.entry, options),
  );
  checkSpace(context, items);
  noteApplications(session);
  if (!options.dontCopyBackup) await copyExistingBackup(session);
  clearStaging(context.disk);
  try {
    const files = items.filter(({ entry }) => entry.kind === 'file');
    await receiveFiles(session, source, files);
    await reach(session, 'restore-apply');
    applyRestore(context.disk, items, options.removeOthers);
  } finally {
    clearStaging(context.disk);
  }
}

function optionsIn(request: PlistDictionary): RestoreOptions {
  const options = dictionaryAt(request, 'Options');
  return {
    systemFiles: booleanAt(options, 'RestoreSystemFiles') ?? false,
    preserveSettings: booleanAt(options, 'RestorePreserveSettings') ?? false,
    removeOthers: booleanAt(options, 'RemoveItemsNotRestored') ?? true,
    dontCopyBackup: booleanAt(options, 'RestoreDontCopyBackup') ?? false,
    reboot: booleanAt(options, 'RestoreShouldReboot') ?? true,
    password: stringAt(options, 'Password'),
  };
}

function checkPhone({ settings }: PhoneContext): void {
  if (settings.get(AGENT_SETTINGS.findMy) === true) {
    throw new AgentError(MB_ERROR.findMyOn, 'Find My iPhone must be disabled before restoring');
  }
  if (settings.get(SETTINGS.setUp) === false) {
    throw new AgentError(MB_ERROR.setupUnfinished, 'Setup Assistant is not finished');
  }
  if (settings.get(AGENT_SETTINGS.awaitsReboot) === true) {
    throw new AgentError(MB_ERROR.restoreDirectoryExists, '/var/.backup.i exists');
  }
}

function checkSpace({ disk, identity }: PhoneContext, items: readonly RestoreItem[]): void {
  const wanted = items.reduce((total, { details }) => total + (details.sizeBytes ?? 0), 0);
  if (wanted > identity.totalDiskBytes - disk.totalBytes()) {
    const code = Number.parseInt(identity.productVersion, 10) < 9 ? MB_ERROR.computerFull : MB_ERROR.phoneFull;
    throw new AgentError(code, 'Insufficient free disk space on device to restore');
  }
}

/** Domains that belong to the system rather than to its user. */
const SYSTEM_DOMAINS = new Set([
  'RootDomain',
  'SystemPreferencesDomain',
  'ManagedPreferencesDomain',
  'InstallDomain',
  'NetworkDomain',
]);

function isWanted({ disk }: PhoneContext, { domain, relativePath }: ManifestEntry, options: RestoreOptions): boolean {
  if (!options.systemFiles && SYSTEM_DOMAINS.has(domain)) return false;
  const isSetting = domain === 'HomeDomain' && relativePath.startsWith('Library/Preferences/');
  return !(options.preserveSettings && isSetting && disk.get(domain, relativePath) !== undefined);
}

/** Remembers which apps the computer wants installed again. */
function noteApplications({ context, link }: Session): void {
  const { disk, settings } = context;
  const file = disk.get(NOT_BACKED_UP_DOMAIN, APPLICATIONS_PATH);
  if (file === undefined) return;
  try {
    const applications = asDictionary(decodePlist(disk.read(file)));
    if (applications !== undefined) {
      settings.set(AGENT_SETTINGS.restoredApplications, Object.keys(applications));
      return;
    }
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
  }
  link.report('mobilebackup2.restore-applications', 'RestoreApplications.plist is not a dictionary');
}
