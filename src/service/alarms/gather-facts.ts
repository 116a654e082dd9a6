import { checkupsOf, nextCheckupAt, unfinishedSince } from '../../checkup/index.ts';
import type { Settings } from '../../contract/index.ts';
import { copiesListPath, type CopyStatus, readCopies, unlessUnreadable } from '../../copies/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { findAlarms, forecastFull, isInFuture, type SnapshotLabels, type SnapshotRecord } from '../../vault/index.ts';
import type { KnownDevice } from '../running/known-devices/known-device.ts';
import { type Moment, ruleInput } from '../running/known-devices/rule-input.ts';
import { overdue } from '../rules/index.ts';
import { keptPasswords } from '../secrets/backup-passwords.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { AlarmFacts, CheckupAlarmFacts, CopyAlarmFacts, DeviceAlarmFacts } from './facts.ts';
import { DAY_MS } from './finding.ts';

/** A checkup that was cut off goes on by itself the next night; one that does not is spoken of. */
const CUT_OFF_MS = 3 * DAY_MS;

/** Where the facts are found. */
export interface FactSources extends Moment {
  readonly devices: readonly KnownDevice[];
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  readonly settings: Settings;
  readonly settingsAreValid: boolean;
  readonly stateDir: string;
  readonly vaultDir: string;
  /** Whether the vault could be read; `none` where there is none yet. */
  readonly vault: 'read' | 'none' | 'away';
  readonly freeBytes: number | undefined;
  readonly secrets: SecretStore;
  /** Whether the network has set the clock. */
  readonly isClockSetByNetwork: boolean;
}

/** Everything alarms are raised from, as it is now. What cannot be found out is left out. */
export async function gatherFacts(sources: FactSources): Promise<AlarmFacts> {
  const { devices, vault, vaultDir, freeBytes, settingsAreValid, isClockSetByNetwork, now } = sources;
  const snapshots = devices.flatMap((device) => device.snapshots);
  const isKnown = vault !== 'away';
  const [copies, checkup] = await Promise.all([
    copyFacts(sources),
    isKnown ? checkupFacts(sources, snapshots) : undefined,
  ]);
  const fullOn = freeBytes === undefined ? undefined : forecastFull(newestFirst(snapshots), freeBytes, now);
  return {
    devices: devices.map((device) => deviceFacts(device, sources)),
    vault: { isThere: isKnown, place: vaultDir },
    settingsAreValid,
    isClockSetByNetwork,
    ...datesOf(devices, now),
    ...(isKnown && freeBytes !== undefined ? { storage: { freeBytes, fullOn } } : {}),
    ...copies,
    ...(checkup === undefined ? {} : { checkup }),
  };
}

function deviceFacts(device: KnownDevice, sources: FactSources): DeviceAlarmFacts {
  const { settings, now, timeZone, vault } = sources;
  const { udid, name, tries, snapshots, pair } = device;
  const input = ruleInput(device, settings, { now, timeZone });
  const lastBackupAt = latest(input.history.successes);
  const password = isPasswordKnown(device, sources);
  return {
    udid,
    name,
    overdueDays: input.rule.overdueDays,
    lastBackupAt,
    tries,
    ...(pair === undefined ? {} : { pairing: pair.health }),
    ...(vault === 'away'
      ? {}
      : {
          overdue: overdue(input) ?? null,
          shrunk: shrunkOf(snapshots, now) ?? null,
          misdated: misdatedOf(snapshots, now),
        }),
    ...(vault === 'away' || password === undefined ? {} : { isPasswordKnown: password }),
  };
}

/** Its password is kept here, or a version with the same keys was opened to the last file. Undefined where nobody can look. */
function isPasswordKnown({ udid, snapshots }: KnownDevice, { secrets, labels }: FactSources): boolean | undefined {
  const newest = snapshots[0];
  if (newest?.encrypted !== true) return true;
  const keybag = keybagOf(newest);
  if (keybag === undefined) return undefined;
  const isProven = snapshots.some(
    (record) => keybagOf(record) === keybag && labels.get(record.id)?.deepVerifiedAt !== undefined,
  );
  if (isProven) return true;
  try {
    return keptPasswords(secrets, { udid, keybag }).length > 0;
  } catch (error) {
    if (isAppError(error, 'SECRETS_UNREADABLE')) return undefined;
    throw error;
  }
}

function keybagOf({ checks }: SnapshotRecord): string | undefined {
  const keybag = checks['keybag'];
  return typeof keybag === 'string' ? keybag : undefined;
}

function shrunkOf(
  snapshots: readonly SnapshotRecord[],
  now: Date,
): NonNullable<DeviceAlarmFacts['shrunk']> | undefined {
  for (const alarm of findAlarms(snapshots, now)) {
    if (alarm.kind !== 'shrunk') continue;
    const { record, lostFiles, lostBytes, frozenUntil } = alarm;
    return { at: record.takenAt, lostShare: Math.max(lostFiles, lostBytes), until: frozenUntil };
  }
  return undefined;
}

async function copyFacts({ stateDir, now }: FactSources): Promise<Pick<AlarmFacts, 'copies' | 'unreadableCopies'>> {
  const known = await unlessUnreadable(readCopies({ stateDir }, now));
  if (known === undefined) return { unreadableCopies: { path: copiesListPath(stateDir) } };
  return { copies: known.map(ofCopy), unreadableCopies: null };
}

function ofCopy({ entry, lastRun, lastDone, failedRuns }: CopyStatus): CopyAlarmFacts {
  return {
    name: entry.name,
    everyHours: entry.everyHours,
    addedAt: new Date(entry.addedAt),
    lastDoneAt: lastDone?.at,
    failures: failedRuns.length,
    failingSince: failedRuns.at(-1)?.at,
    lastError: failedRuns[0]?.code,
    isPaused: lastRun?.outcome === 'paused',
  };
}

async function checkupFacts(
  { stateDir, settings, now }: FactSources,
  snapshots: readonly SnapshotRecord[],
): Promise<CheckupAlarmFacts> {
  const reports = await checkupsOf(stateDir);
  const firstAt =
    snapshots.length === 0 ? undefined : new Date(Math.min(...snapshots.map((each) => each.finishedAt.getTime())));
  const last = reports.find(({ quick }) => !quick);
  const cutOff = unfinishedSince(stateDir, now);
  return {
    last: last && { at: new Date(last.endedAt), problems: last.counts.failed, isDanger: last.verdict === 'at-risk' },
    brokeOffAt: cutOff !== undefined && now.getTime() - cutOff.getTime() > CUT_OFF_MS ? cutOff : undefined,
    dueAt: nextCheckupAt(reports, settings.checkup, now, firstAt),
  };
}

/** When things here were written, by the clock of this computer as it was then. */
function datesOf(
  devices: readonly KnownDevice[],
  now: Date,
): Pick<AlarmFacts, 'latestKnownAt' | 'latestVersion' | 'isMostlyPast'> {
  const versions = devices.flatMap(({ name, snapshots }) =>
    snapshots.map(({ id, finishedAt }) => ({ name, version: id, at: finishedAt })),
  );
  const dates = [...versions.map(({ at }) => at), ...devices.flatMap(({ tries }) => tries.map(({ at }) => at))];
  const latestKnownAt = latest(dates);
  if (latestKnownAt === undefined) return {};
  const found = versions.find(({ at }) => at.getTime() === latestKnownAt.getTime());
  const past = dates.filter((at) => at <= now).length;
  return {
    latestKnownAt,
    latestVersion: found && { name: found.name, version: found.version },
    isMostlyPast: past > dates.length - past,
  };
}

/** The version that is dated furthest ahead, by the clock of the device or of this computer. */
function misdatedOf(snapshots: readonly SnapshotRecord[], now: Date): NonNullable<DeviceAlarmFacts['misdated']> | null {
  const ahead = snapshots.filter((record) => isInFuture(record, now));
  const furthest = ahead.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime())[0];
  return furthest === undefined ? null : { version: furthest.id, at: furthest.takenAt };
}

function newestFirst(snapshots: readonly SnapshotRecord[]): SnapshotRecord[] {
  return snapshots.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

function latest(times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.flatMap((time) => time?.getTime() ?? []);
  return known.length === 0 ? undefined : new Date(Math.max(...known));
}
