/**
 * Whether a device takes a backup, by what both say of themselves: the conditions that iOS itself puts to a restore,
 * and what a person would regret not to have been told.
 *
 * Pure.
 */
import { productName } from '../../device/index.ts';
import { formatSize } from '../../shared/size.ts';
import type { BackupState } from './backup-state.ts';
import { type Check, passed, stops, warns } from './check.ts';
import { compareReleases, compareVersions, isBeta, type IosRelease } from './ios-version.ts';
import type { PhoneState } from './phone-state.ts';

/** Versions of Status.plist that a device restores: from the first, up to but not including the second. */
const OLDEST_STATUS_VERSION = 2.4;
const STATUS_VERSION_END = 4;
/** A device that goes out in the middle has to start over. */
const MIN_BATTERY_PERCENT = 20;
/** Beside the files themselves a device needs some room to work in. */
const ROOM_TO_WORK_BYTES = 500_000_000;

/** What can be told of the backup alone. */
export function backupChecks(backup: BackupState): Check[] {
  return [finishedCheck(backup), encryptionCheck(backup)];
}

/** What both have to say together. */
export function phoneChecks(backup: BackupState, phone: PhoneState, connection: 'usb' | 'network'): Check[] {
  return [
    releaseCheck(backup, phone),
    modelCheck(backup, phone),
    spaceCheck(backup, phone),
    findMyCheck(phone),
    setupCheck(phone),
    supervisionCheck(backup, phone),
    batteryCheck(phone),
    unlockedCheck(phone),
    ...(connection === 'network' ? [WIRELESS] : []),
  ];
}

const WIRELESS = warns(
  'connection',
  'The device is reached over Wi-Fi: it takes longer, and more can come between.',
  'Connect it with a cable if you can.',
);

function finishedCheck({ status }: BackupState): Check {
  const choose = 'Choose another version: `holdfast snapshots` lists them.';
  if (status === undefined) return stops('finished', 'The backup does not say that it was ever finished.', choose);
  const version = Number.parseFloat(status.version ?? '');
  if (status.backupState === 'empty') return stops('finished', 'The backup is empty.', choose);
  if (!status.isFinished) {
    return stops('finished', `The backup was never finished: it stopped at “${status.snapshotState ?? '?'}”.`, choose);
  }
  if (!(version >= OLDEST_STATUS_VERSION && version < STATUS_VERSION_END)) {
    return stops('finished', 'The backup is in a format that no current device restores.', choose);
  }
  return passed('finished', 'The backup was finished.');
}

function encryptionCheck({ isEncrypted }: BackupState): Check {
  if (isEncrypted) return passed('encryption', 'The password opens the backup.');
  return warns(
    'encryption',
    'The backup is not encrypted: saved passwords, Wi-Fi networks, Health, Safari history and calls are not in it.',
    'An encrypted version, if there is one, brings them back.',
  );
}

function releaseCheck({ release }: BackupState, { facts }: PhoneState): Check {
  const own: IosRelease = { version: facts.productVersion, build: facts.buildVersion };
  const numbers = compareVersions(release.version, own.version);
  if (numbers === undefined) {
    return warns('ios', 'Whether the device has a new enough iOS cannot be told: one of the two does not say.');
  }
  const [theirs, mine] = [named(release), named(own)];
  if (numbers > 0) {
    const update = 'Update the device (Settings › General › Software Update), or choose a version from before.';
    return stops('ios', `The backup was made with iOS ${theirs}; the device has only ${mine}.`, update);
  }
  const isNewer = (compareReleases(release, own) ?? 0) > 0;
  if (isNewer && (isBeta(own.build) || isBeta(release.build))) {
    const update = 'Update the device first if it does not take the backup.';
    return warns('ios', `The backup was made with iOS ${theirs}, the device has a little older ${mine}.`, update);
  }
  return passed('ios', `The device has iOS ${mine}, the backup was made with ${theirs}.`);
}

function named({ version = '?', build }: IosRelease): string {
  return isBeta(build) ? `${version} beta (${build ?? ''})` : version;
}

function modelCheck(backup: BackupState, { facts }: PhoneState): Check {
  const [from, to] = [kindOf(backup.productType), kindOf(facts.productType)];
  if (from !== undefined && to !== undefined && from !== to) {
    return warns(
      'model',
      `The backup is of an ${from}, the device an ${to}: some apps and settings will not come over.`,
    );
  }
  if (backup.udid === facts.udid) return passed('model', 'The backup is of this very device.');
  const model = backup.productType === undefined ? 'another device' : nameOf(backup.productType);
  return passed('model', `The backup is of another device (${model}).`);
}

const nameOf = (productType: string): string => productName(productType) ?? productType;

/** "iPhone", "iPad", "iPod" */
function kindOf(productType: string | undefined): string | undefined {
  return /^[A-Za-z]+/.exec(productType ?? '')?.[0];
}

function spaceCheck({ amount }: BackupState, { facts, freeBytes }: PhoneState): Check {
  const needed = formatSize(amount.contentBytes);
  const capacity = facts.disk.dataBytes;
  if (capacity !== undefined && amount.contentBytes > capacity) {
    const message = `The backup has ${needed}, and the device has room for ${formatSize(capacity)} in all.`;
    return stops('space', message, 'Restore to a device with more storage.');
  }
  if (freeBytes === undefined) {
    return warns('space', `The backup needs ${needed}; how much is free on the device cannot be told.`);
  }
  const free = formatSize(freeBytes);
  if (amount.contentBytes > freeBytes) {
    const erase = 'Free some space on it, or erase it first: Settings › General › Transfer or Reset iPhone.';
    return stops('space', `The backup needs ${needed}, and the device has ${free} free.`, erase);
  }
  if (amount.contentBytes + ROOM_TO_WORK_BYTES > freeBytes) {
    return warns('space', `The backup needs ${needed} of the ${free} free on the device: that is tight.`);
  }
  return passed('space', `The backup needs ${needed} of the ${free} free on the device.`);
}

const HOW_FIND_MY =
  'Settings › your name › Find My › Find My iPhone. With Stolen Device Protection away from familiar places that takes an hour.';

function findMyCheck({ findMyIsOn }: PhoneState): Check {
  if (findMyIsOn === true) {
    return stops('find-my', 'Find My is on: the device refuses every restore.', `Turn it off: ${HOW_FIND_MY}`);
  }
  if (findMyIsOn === false) return passed('find-my', 'Find My is off.');
  return warns('find-my', 'Whether Find My is off cannot be told.', `Make sure that it is: ${HOW_FIND_MY}`);
}

function setupCheck({ isSetUp }: PhoneState): Check {
  if (isSetUp === true) return passed('setup', 'The device has been set up.');
  if (isSetUp === false) {
    const hint = 'Go through the setup as far as the Home Screen; “Set up without transferring” is enough.';
    return stops('setup', 'The device has not been set up yet.', hint);
  }
  return warns('setup', 'Whether the device has been set up cannot be told.', 'It has to show the Home Screen.');
}

function supervisionCheck(backup: BackupState, phone: PhoneState): Check {
  if (backup.isSupervised === undefined || phone.isSupervised === undefined) {
    if (phone.isSupervised !== true && backup.isSupervised !== true) {
      return passed('supervision', 'Neither the backup nor the device is known to belong to an organization.');
    }
    const which = backup.isSupervised === true ? 'backup' : 'device';
    const other = which === 'backup' ? 'device' : 'backup';
    return warns('supervision', `The ${which} belongs to an organization; whether the ${other} does cannot be told.`);
  }
  if (backup.isSupervised === phone.isSupervised) {
    const both = backup.isSupervised ? 'Both belong to an organization.' : 'Neither belongs to an organization.';
    return passed('supervision', both);
  }
  const [message, hint] = backup.isSupervised
    ? [
        'The backup is of a device that belongs to an organization, and this one does not.',
        'Ask whoever manages the old device to add this one, or take out what you need: `holdfast extract`.',
      ]
    : [
        'The device belongs to an organization, and the backup is of one that does not.',
        'Restore to a device of your own, or take out what you need: `holdfast extract`.',
      ];
  return stops('supervision', message, hint);
}

function batteryCheck({ facts: { battery } }: PhoneState): Check {
  const { percent, isCharging, externalPower } = battery;
  const isPowered = isCharging === true || externalPower === true;
  if (percent === undefined) {
    return isPowered
      ? passed('battery', 'The device is connected to power.')
      : warns('battery', 'How full the battery is cannot be told.', 'Connect the device to power.');
  }
  if (isPowered) return passed('battery', `The battery is at ${percent} %, and the device is connected to power.`);
  if (percent >= MIN_BATTERY_PERCENT) return passed('battery', `The battery is at ${percent} %.`);
  const hint = 'Connect it to power, or to this computer with a cable.';
  return stops('battery', `The battery is at ${percent} %, and the device is not connected to power.`, hint);
}

function unlockedCheck({ facts }: PhoneState): Check {
  if (facts.passwordProtected !== true) return passed('unlocked', 'The device is unlocked.');
  return warns('unlocked', 'The device is locked, or has a passcode.', 'Unlock it, and enter the passcode if it asks.');
}
