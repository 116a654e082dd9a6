/** What is known of a device, as the rules take it. */
import { BackupRule, type Settings } from '../../../contract/index.ts';
import type { Try } from '../../history/tries.ts';
import type { DeviceFacts, PastTry, RuleHistory, RuleInput, VerdictInput } from '../../rules/index.ts';
import { isTrusted, type KnownDevice } from './known-device.ts';

export interface Moment {
  readonly now: Date;
  readonly timeZone: string;
}

/** The rule of all devices, with what is different for this one. */
export function ruleOf(settings: Settings, udid: string): BackupRule {
  const own = Object.hasOwn(settings.devices, udid) ? settings.devices[udid]?.rule : undefined;
  return BackupRule.parse({ ...settings.rule, ...own });
}

export function ruleInput(device: KnownDevice, settings: Settings, moment: Moment): Omit<RuleInput, 'slotsFree'> {
  return { device: factsOf(device), history: historyOf(device), rule: ruleOf(settings, device.udid), ...moment };
}

export function verdictInput(device: KnownDevice, settings: Settings, moment: Moment): VerdictInput {
  const { pair, presence, snapshots, newestProblems } = device;
  return {
    ...ruleInput(device, settings, moment),
    encrypted: presence?.facts?.willEncrypt ?? snapshots[0]?.encrypted,
    ...(pair === undefined ? {} : { pairing: pair.health }),
    isNewestDamaged: newestProblems > 0,
  };
}

function factsOf(device: KnownDevice): DeviceFacts {
  const { presence, pair, job } = device;
  const battery = presence?.facts?.battery;
  return {
    reachable: presence?.link ?? 'none',
    trusted: isTrusted(device),
    onPower: battery?.externalPower,
    batteryPercent: battery?.percent,
    locked: presence?.locked,
    lastUnlockedAt: presence?.lastUnlockedAt,
    asksPasscode: asksPasscode(device),
    lastSeenAt: presence?.lastSeenAt ?? pair?.lastContactAt,
    isBusy: job !== undefined,
  };
}

/**
 * What the device did the last time says most. Before that, only the iOS tells: every backup to a computer has to be
 * allowed from 15.7.1 and from 16.1 on, where there is a passcode.
 */
function asksPasscode({ tries, productVersion }: KnownDevice): boolean | undefined {
  const told = tries.find(({ kind, asked, outcome }) => kind === 'backup' && (asked === true || outcome === 'done'));
  if (told?.asked !== undefined) return told.asked;
  if (productVersion === undefined) return undefined;
  const [major = 0, minor = 0, patch = 0] = productVersion.split('.').map(Number);
  if (major < 15 || (major === 15 && (minor < 7 || (minor === 7 && patch < 1)))) return false;
  return major === 16 && minor === 0 ? false : undefined;
}

function historyOf({ tries, snapshots, announcedAt, knownSince }: KnownDevice): RuleHistory {
  const backups = tries.filter(({ kind }) => kind === 'backup');
  const done = backups.filter(({ outcome }) => outcome === 'done');
  const noted = new Set(done.map(({ snapshot }) => snapshot));
  // What came from elsewhere, or from before there was a history.
  const others = snapshots.filter(({ id }) => !noted.has(id)).map(({ takenAt }) => takenAt);
  const successes = [...done.map(({ at }) => at), ...others];
  return { successes, tries: backups.flatMap(pastTry), announcedAt, knownSince };
}

function pastTry({ at, startedAt, outcome, automatic, asked }: Try): PastTry[] {
  return outcome === 'skipped' ? [] : [{ endedAt: at, startedAt, outcome, automatic: automatic === true, asked }];
}
