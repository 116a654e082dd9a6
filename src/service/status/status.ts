import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import {
  copiesListPath,
  type CopyEntry,
  type CopyStatus,
  folderOf,
  isSameCopy,
  readCopies,
  unlessUnreadable,
  whatLiesAt,
} from '../../copies/index.ts';
import { because, type DeviceStatus, type Reason, type Settings, type Status } from '../../contract/index.ts';
import { type AppError, systemErrorCode } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { isInFuture, type SnapshotLabels } from '../../vault/index.ts';
import { verdictOf } from '../rules/index.ts';
import type { KnownDevice } from '../running/known-devices/known-device.ts';
import { type Moment, verdictInput } from '../running/known-devices/rule-input.ts';
import { vaultProblem } from '../vault-problem.ts';
import type { CopyFacts, DeviceFactsForStatus, KnownMedium, StatusInput } from './facts.ts';
import { judgeDevice, worst } from './judge-device.ts';
import { mediumOfFolder, mediumOfRepository } from './medium.ts';
import { Remembered } from './remembered.ts';

export interface StatusRequest extends Moment {
  readonly devices: readonly KnownDevice[];
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  readonly settings: Settings;
  readonly vaultDir: string;
  /** Undefined where it cannot be read: then every copy is shown. */
  readonly vaultId: string | undefined;
  /** Why the vault cannot be looked at. One that was never made is no problem. */
  readonly problem?: AppError | undefined;
  readonly stateDir: string;
  readonly logger: Logger;
}

/**
 * Three copies, two media, one elsewhere, each proven: how everything stands, computed from what is known now and was
 * seen before. What devices that are there say of themselves is remembered for when they are not.
 */
export async function statusOf(request: StatusRequest): Promise<Status> {
  const { devices, labels, settings, now, timeZone, vaultDir, stateDir, logger } = request;
  const remembered = new Remembered(stateDir, logger);
  for (const { presence } of devices) {
    if (presence?.facts !== undefined && presence.link !== undefined) remembered.noteDevice(presence.facts, now);
  }
  const vault = mediumOfFolder(vaultDir) ?? { kind: 'unknown', identity: 'the vault' };
  const { known, problem: copiesProblem } = await copiesIfAny(request);
  const entries = known.map(({ entry }) => entry);
  const copies = known.map((status) => ({ status, medium: mediumOf(status, entries, remembered) }));
  const judged = devices.map((device): DeviceStatus => {
    const { verdict, reasons } = verdictOf(verdictInput(device, settings, { now, timeZone }));
    const facts = { ...factsOf(device, labels, remembered, now), verdict, reasons };
    return judgeDevice({
      device: facts,
      vault,
      copies: copies.map(({ status, medium }) => ({
        ...copyFacts(status, medium, device.udid, now),
        sameAs: sameAs(status.entry, entries),
      })),
      copiesProblem,
      now,
    });
  });
  const problem = request.problem && vaultProblem(request.problem, vaultDir);
  const verdict = worst([
    ...(problem === undefined ? [] : ['at-risk' as const]),
    ...(copiesProblem === undefined ? [] : ['attention' as const]),
    ...judged.map((each) => each.verdict),
  ]);
  const { identity: _identity, ...medium } = vault;
  const freeBytes = await freeBytesOf(vaultDir);
  return {
    at: now.toISOString(),
    verdict,
    summary: problem ?? copiesProblem?.reason ?? summaryOf(judged),
    vault: { dir: vaultDir, medium, ...(freeBytes !== undefined && { freeBytes }), ...(problem && { problem }) },
    ...(copiesProblem && { copiesProblem: copiesProblem.reason }),
    devices: judged,
  };
}

function factsOf(
  device: KnownDevice,
  labels: ReadonlyMap<string, SnapshotLabels>,
  remembered: Remembered,
  now: Date,
): Omit<DeviceFactsForStatus, 'verdict' | 'reasons'> {
  const { udid, name, model, snapshots, presence, pair, tries, newestProblems } = device;
  const known = remembered.device(udid);
  // A backup that came to its end was made with the device at hand; an import was not.
  const backedUp = snapshots.filter(({ kind }) => kind !== 'import').map(({ finishedAt }) => finishedAt);
  const tried = tries.filter(({ connection }) => connection !== undefined).map(({ at }) => at);
  const proofs = snapshots.flatMap(({ id }) => {
    const { deepVerifiedAt, deepVerifyProblems = 0 } = labels.get(id) ?? {};
    return deepVerifiedAt !== undefined && deepVerifyProblems === 0 ? [deepVerifiedAt] : [];
  });
  const seen = [presence?.lastSeenAt, pair?.lastContactAt, known?.seenAt, ...backedUp, ...tried];
  return {
    udid,
    name,
    model,
    lastSeenAt: latest(seen, now),
    versions: snapshots.length,
    newestAt: (snapshots.find((record) => !isInFuture(record, now)) ?? snapshots[0])?.takenAt,
    isNewestDamaged: newestProblems > 0,
    provenAt: latest(proofs, now),
    firstFinishedAt: earliest(snapshots.map(({ finishedAt }) => finishedAt)),
    cloud: known?.cloud,
  };
}

function copyFacts(
  { entry, lastRun, lastDone, newest, lastProven, damaged }: CopyStatus,
  medium: KnownMedium,
  udid: string,
  now: Date,
): CopyFacts {
  const newestAt = Object.hasOwn(newest, udid) ? newest[udid]?.takenAt : undefined;
  const isStopped = lastRun?.outcome === 'failed' || lastRun?.outcome === 'not-connected';
  return {
    name: entry.name,
    medium,
    offSite: entry.offSite,
    everyHours: entry.everyHours,
    // By a clock that was ahead: nobody knows since when there was something to prove.
    addedAt: isAhead(new Date(entry.addedAt), now) ? new Date(0) : new Date(entry.addedAt),
    // What is there was taken before it was brought there.
    newestAt: newestAt && isAhead(newestAt, now) ? (lastDone?.at ?? newestAt) : newestAt,
    lastDoneAt: lastDone?.at,
    stopped: isStopped ? { at: lastRun.at, error: lastRun.code ?? 'COPY_FAILED' } : undefined,
    isPaused: lastRun?.outcome === 'paused',
    provenAt: lastProven?.at,
    damagedAt: damaged?.at,
  };
}

/** One place may have been set up under two names: what came first is it, so that nothing counts twice. */
function sameAs(entry: CopyEntry, entries: readonly CopyEntry[]): string | undefined {
  const same = entries.filter((each) => isSameCopy(each, entry));
  const [first] = same.toSorted((a, b) => Date.parse(a.addedAt) - Date.parse(b.addedAt));
  return first === entry ? undefined : first?.name;
}

/** A disk in the cupboard is what it was when it was last connected. */
function mediumOf({ entry }: CopyStatus, entries: readonly CopyEntry[], remembered: Remembered): KnownMedium {
  const found = !isConnected(entry, entries)
    ? undefined
    : entry.kind === 'folder'
      ? mediumOfFolder(entry.dir)
      : mediumOfRepository(entry.repository, entry.offSite);
  if (found === undefined) {
    return remembered.medium(entry.name) ?? { kind: 'unknown', identity: `copy ${entry.name}` };
  }
  remembered.noteMedium(entry.name, found);
  return found;
}

/** Of a folder: the mount point of a disk that is not there, or where another is, lies on something else. */
function isConnected(entry: CopyEntry, entries: readonly CopyEntry[]): boolean {
  if (entry.kind === 'folder') return ['itself', 'unreadable'].includes(whatLiesAt(entry, entries));
  const folder = folderOf(entry.repository);
  return folder === undefined || !isMissing(join(folder, 'config'));
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

async function copiesIfAny({
  stateDir,
  vaultId,
  now,
}: StatusRequest): Promise<{ known: CopyStatus[]; problem?: StatusInput['copiesProblem'] }> {
  const copies = await unlessUnreadable(readCopies({ stateDir }, now));
  if (copies === undefined) {
    const step = because('do-mend-copies-list', { path: copiesListPath(stateDir) });
    return { known: [], problem: { reason: because('copies-list-unreadable', {}), step } };
  }
  return { known: copies.filter(({ entry }) => vaultId === undefined || entry.vaultId === vaultId) };
}

function summaryOf(judged: readonly DeviceStatus[]): Reason {
  if (judged.length === 0) return because('status-empty', {});
  const worstOf = worst(judged.map(({ verdict }) => verdict));
  const devices = judged.filter(({ verdict }) => verdict === worstOf).length;
  return because(`status-${worstOf}`, { devices });
}

async function freeBytesOf(dir: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** By a clock that was ahead; such a date would make things look fresh for as long as it was wrong. */
const isAhead = (at: Date, now: Date): boolean => isInFuture({ takenAt: at }, now);

/** Of those that can be true. */
function latest(dates: readonly (Date | undefined)[], now: Date): Date | undefined {
  const known = dates.flatMap((date) => (date === undefined || isAhead(date, now) ? [] : date.getTime()));
  return known.length === 0 ? undefined : new Date(Math.max(...known));
}

function earliest(dates: readonly Date[]): Date | undefined {
  return dates.length === 0 ? undefined : new Date(Math.min(...dates.map(Number)));
}
