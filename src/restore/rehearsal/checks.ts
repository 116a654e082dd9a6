/**
 * Whether a device takes a backup, by what both say of themselves: the conditions that iOS itself puts to a restore,
 * and what a person would regret not to have been told.
 *
 * Pure.
 */
import { productName } from '../../device/index.ts';
import { formatSize } from '../../shared/text/size.ts';
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
  ['over-wifi', {}],
  'The device is reached over Wi-Fi: it takes longer, and more can come between.',
  'Connect it with a cable if you can.',
);

function finishedCheck({ status }: BackupState): Check {
  const choose = 'Choose another version: `holdfast snapshots` lists them.';
  if (status === undefined)
    return stops('finished', ['perhaps-unfinished', {}], 'The backup does not say that it was ever finished.', choose);
  const version = Number.parseFloat(status.version ?? '');
  if (status.backupState === 'empty') return stops('finished', ['backup-empty', {}], 'The backup is empty.', choose);
  if (!status.isFinished) {
    const at = status.snapshotState ?? '?';
    return stops('finished', ['unfinished', { at }], `The backup was never finished: it stopped at “${at}”.`, choose);
  }
  if (!(version >= OLDEST_STATUS_VERSION && version < STATUS_VERSION_END)) {
    return stops(
      'finished',
      ['format-unknown', {}],
      'The backup is in a format that no current device restores.',
      choose,
    );
  }
  return passed('finished', ['finished', {}], 'The backup was finished.');
}

function encryptionCheck({ isEncrypted }: BackupState): Check {
  if (isEncrypted) return passed('encryption', ['password-opens', {}], 'The password opens the backup.');
  return warns(
    'encryption',
    ['not-encrypted', {}],
    'The backup is not encrypted: saved passwords, Wi-Fi networks, Health, Safari history and calls are not in it.',
    'An encrypted version, if there is one, brings them back.',
  );
}

function releaseCheck({ release }: BackupState, { facts }: PhoneState): Check {
  const own: IosRelease = { version: facts.productVersion, build: facts.buildVersion };
  const numbers = compareVersions(release.version, own.version);
  if (numbers === undefined) {
    return warns(
      'ios',
      ['ios-unknown', {}],
      'Whether the device has a new enough iOS cannot be told: one of the two does not say.',
    );
  }
  const [theirs, mine] = [named(release), named(own)];
  if (numbers > 0) {
    const update = 'Update the device (Settings › General › Software Update), or choose a version from before.';
    return stops(
      'ios',
      ['ios-too-old', { theirs, mine }],
      `The backup was made with iOS ${theirs}; the device has only ${mine}.`,
      update,
    );
  }
  const isNewer = (compareReleases(release, own) ?? 0) > 0;
  if (isNewer && (isBeta(own.build) || isBeta(release.build))) {
    const update = 'Update the device first if it does not take the backup.';
    return warns(
      'ios',
      ['ios-little-older', { theirs, mine }],
      `The backup was made with iOS ${theirs}, the device has a little older ${mine}.`,
      update,
    );
  }
  return passed(
    'ios',
    ['ios-fits', { theirs, mine }],
    `The device has iOS ${mine}, the backup was made with ${theirs}.`,
  );
}

function named({ version = '?', build }: IosRelease): string {
  return isBeta(build) ? `${version} beta (${build ?? ''})` : version;
}

function modelCheck(backup: BackupState, { facts }: PhoneState): Check {
  const [from, to] = [kindOf(backup.productType), kindOf(facts.productType)];
  if (from !== undefined && to !== undefined && from !== to) {
    return warns(
      'model',
      ['other-kind', { from, to }],
      `The backup is of an ${from}, the device an ${to}: some apps and settings will not come over.`,
    );
  }
  if (backup.udid === facts.udid) return passed('model', ['same-device', {}], 'The backup is of this very device.');
  const model = backup.productType === undefined ? '' : nameOf(backup.productType);
  const which = model === '' ? 'another device' : model;
  return passed('model', ['other-device', { model }], `The backup is of another device (${which}).`);
}

const nameOf = (productType: string): string => productName(productType) ?? productType;

/** "iPhone", "iPad", "iPod" */
function kindOf(productType: string | undefined): string | undefined {
  return /^[A-Za-z]+/.exec(productType ?? '')?.[0];
}

function spaceCheck({ amount }: BackupState, { facts, freeBytes }: PhoneState): Check {
  const neededBytes = amount.contentBytes;
  const needed = formatSize(neededBytes);
  const capacity = facts.disk.dataBytes;
  if (capacity !== undefined && amount.contentBytes > capacity) {
    const message = `The backup has ${needed}, and the device has room for ${formatSize(capacity)} in all.`;
    return stops(
      'space',
      ['space-never', { needed: neededBytes, capacity }],
      message,
      'Restore to a device with more storage.',
    );
  }
  if (freeBytes === undefined) {
    const unknown = ['space-unknown', { needed: neededBytes }] as const;
    return warns('space', unknown, `The backup needs ${needed}; how much is free on the device cannot be told.`);
  }
  const free = formatSize(freeBytes);
  const amounts = { needed: neededBytes, free: freeBytes };
  if (amount.contentBytes > freeBytes) {
    const erase = 'Free some space on it, or erase it first: Settings › General › Transfer or Reset iPhone.';
    return stops(
      'space',
      ['space-lacking', amounts],
      `The backup needs ${needed}, and the device has ${free} free.`,
      erase,
    );
  }
  if (amount.contentBytes + ROOM_TO_WORK_BYTES > freeBytes) {
    return warns(
      'space',
      ['space-tight', amounts],
      `The backup needs ${needed} of the ${free} free on the device: that is tight.`,
    );
  }
  return passed('space', ['space-enough', amounts], `The backup needs ${needed} of the ${free} free on the device.`);
}

const HOW_FIND_MY =
  'Settings › your name › Find My › Find My iPhone. With Stolen Device Protection away from familiar places that takes an hour.';

function findMyCheck({ findMyIsOn }: PhoneState): Check {
  if (findMyIsOn === true) {
    return stops(
      'find-my',
      ['find-my-on', {}],
      'Find My is on: the device refuses every restore.',
      `Turn it off: ${HOW_FIND_MY}`,
    );
  }
  if (findMyIsOn === false) return passed('find-my', ['find-my-off', {}], 'Find My is off.');
  return warns(
    'find-my',
    ['find-my-unknown', {}],
    'Whether Find My is off cannot be told.',
    `Make sure that it is: ${HOW_FIND_MY}`,
  );
}

function setupCheck({ isSetUp }: PhoneState): Check {
  if (isSetUp === true) return passed('setup', ['set-up', {}], 'The device has been set up.');
  if (isSetUp === false) {
    const hint = 'Go through the setup as far as the Home Screen; “Set up without transferring” is enough.';
    return stops('setup', ['not-set-up', {}], 'The device has not been set up yet.', hint);
  }
  return warns(
    'setup',
    ['set-up-unknown', {}],
    'Whether the device has been set up cannot be told.',
    'It has to show the Home Screen.',
  );
}

function supervisionCheck(backup: BackupState, phone: PhoneState): Check {
  if (backup.isSupervised === undefined || phone.isSupervised === undefined) {
    if (phone.isSupervised !== true && backup.isSupervised !== true) {
      return passed(
        'supervision',
        ['supervised-neither-known', {}],
        'Neither the backup nor the device is known to belong to an organization.',
      );
    }
    const which = backup.isSupervised === true ? 'backup' : 'device';
    const other = which === 'backup' ? 'device' : 'backup';
    const code = which === 'backup' ? 'supervised-backup-device-unknown' : 'supervised-device-backup-unknown';
    return warns(
      'supervision',
      [code, {}],
      `The ${which} belongs to an organization; whether the ${other} does cannot be told.`,
    );
  }
  if (backup.isSupervised === phone.isSupervised) {
    return backup.isSupervised
      ? passed('supervision', ['supervised-both', {}], 'Both belong to an organization.')
      : passed('supervision', ['supervised-neither', {}], 'Neither belongs to an organization.');
  }
  const [code, message, hint] = backup.isSupervised
    ? ([
        'supervised-backup',
        'The backup is of a device that belongs to an organization, and this one does not.',
        'Ask whoever manages the old device to add this one, or take out what you need: `holdfast extract`.',
      ] as const)
    : ([
        'supervised-device',
        'The device belongs to an organization, and the backup is of one that does not.',
        'Restore to a device of your own, or take out what you need: `holdfast extract`.',
      ] as const);
  return stops('supervision', [code, {}], message, hint);
}

function batteryCheck({ facts: { battery } }: PhoneState): Check {
  const { percent, isCharging, externalPower } = battery;
  const isPowered = isCharging === true || externalPower === true;
  if (percent === undefined) {
    return isPowered
      ? passed('battery', ['powered', {}], 'The device is connected to power.')
      : warns(
          'battery',
          ['battery-unknown', {}],
          'How full the battery is cannot be told.',
          'Connect the device to power.',
        );
  }
  if (isPowered)
    return passed(
      'battery',
      ['battery-powered', { percent }],
      `The battery is at ${percent} %, and the device is connected to power.`,
    );
  if (percent >= MIN_BATTERY_PERCENT)
    return passed('battery', ['battery-enough', { percent }], `The battery is at ${percent} %.`);
  const hint = 'Connect it to power, or to this computer with a cable.';
  return stops(
    'battery',
    ['battery-low', { percent }],
    `The battery is at ${percent} %, and the device is not connected to power.`,
    hint,
  );
}

function unlockedCheck({ facts }: PhoneState): Check {
  if (facts.passwordProtected !== true) return passed('unlocked', ['unlocked', {}], 'The device is unlocked.');
  return warns(
    'unlocked',
    ['locked', {}],
    'The device is locked, or has a passcode.',
    'Unlock it, and enter the passcode if it asks.',
  );
}
