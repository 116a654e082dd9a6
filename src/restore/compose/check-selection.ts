/** Whether one backup can give a device parts of itself, by what both say of themselves. */
import type { RestoreWarning } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { compareReleases, type IosRelease } from '../rehearsal/ios-version.ts';

/**
 * The first thing that stands in the way of composing, before any of the parts is looked at.
 *
 * @param current the device's own backup, made just now. @param older what the parts are to come from.
 * @throws {AppError} RESTORE_BLOCKED
 */
export function checkPair(current: Backup, older: Backup): RestoreWarning[] {
  checkFormat(current, 'the device');
  checkManifestKey(current);
  return [...releaseWarnings(current, older), ...deviceWarnings(current, older)];
}

/** Manifest.mbdb is read but not written. @throws {AppError} RESTORE_BLOCKED */
export function checkFormat(backup: Backup, whose: string): void {
  if (backup.manifest.format !== 'db') {
    throw blocked(`${whose} has a version of iOS before 10, whose backups cannot be taken apart`, {
      hint: 'Restore a whole snapshot instead, or take the data out with `holdfast extract`.',
    });
  }
}

/** The keybag's password opens the list of files since 10.2; before it each entry of the list was hidden by itself. */
function checkManifestKey(current: Backup): void {
  if (current.isEncrypted && current.facts?.manifestKey === undefined) {
    throw blocked('the encrypted backups of iOS 10.0 and 10.1 cannot be put together from parts', {
      hint: 'Update the device to iOS 10.2 or later, or restore a whole snapshot.',
    });
  }
}

function releaseWarnings(current: Backup, older: Backup): RestoreWarning[] {
  const [now, then] = [releaseOf(current), releaseOf(older)];
  const order = compareReleases(then, now);
  if (order === undefined) {
    throw blocked('it cannot be told which versions of iOS the two backups are of', {
      hint: 'Their Manifest.plist or Info.plist is damaged: choose another snapshot.',
    });
  }
  if (order > 0) {
    throw blocked(
      `the snapshot is of iOS ${then.version ?? '?'}, and the device has the older ${now.version ?? '?'}: ` +
        'it could not read the newer data',
      { hint: 'Update the device first, or choose an older snapshot.' },
    );
  }
  if (majorOf(then) === majorOf(now)) return [];
  const { from, to } = { from: then.version ?? '?', to: now.version ?? '?' };
  const message =
    `The data is of iOS ${from}; iOS ${to} converts it when it is first used, ` +
    'which may take a while and, as always with a conversion, may not bring over everything.';
  return [{ code: 'ios-converts', from, to, message }];
}

function deviceWarnings(current: Backup, older: Backup): RestoreWarning[] {
  const [mine, theirs] = [udidOf(current), udidOf(older)];
  if (mine === undefined || theirs === undefined || mine === theirs) return [];
  const message =
    'The data is of another device: what it ties to that device or its account may be missing or odd here.';
  return [{ code: 'other-device', message }];
}

const releaseOf = ({ facts, info }: Backup): IosRelease => ({
  version: facts?.productVersion ?? info?.productVersion,
  build: facts?.buildVersion ?? info?.buildVersion,
});
const majorOf = ({ version }: IosRelease): number => Number.parseInt(version ?? '', 10);
const udidOf = ({ facts, info }: Backup): string | undefined => (facts?.udid ?? info?.udid)?.toUpperCase();

/** Composing stops here; nothing was written to the device. */
export function blocked(message: string, options: { hint: string; details?: AppError['details']; cause?: unknown }) {
  return new AppError('RESTORE_BLOCKED', message, options);
}
