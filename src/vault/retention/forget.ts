import { AppError } from '../../shared/errors.ts';
import { draftRoots } from '../drafts/open-draft.ts';
import type { SnapshotLabels } from '../labels/label-file.ts';
import type { Labels } from '../labels/labels.ts';
import { newestOfEach } from '../snapshots/in-future.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { isProven } from './thin.ts';

/** What forbids to remove a snapshot. */
export type ForgetObstacle = 'newest' | 'pinned' | 'held' | 'labels-damaged' | 'only-proven' | 'in-use';

export interface ForgetOptions {
  /** The newest snapshot of a device may go, and with it the last proven one where nothing of the device is left. */
  readonly evenTheNewest?: boolean;
}

/** What forgetting needs of the vault. */
export interface ForgetHost {
  readonly dir: string;
  readonly snapshots: SnapshotStore;
  readonly labels: Labels;
  readonly now: () => number;
}

/** What obstacles are found by; plain facts. */
interface Surroundings {
  /** Every snapshot of the vault, newest first. */
  readonly all: readonly SnapshotRecord[];
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  /** Ids of snapshots that unfinished backups are built on. */
  readonly inUse: ReadonlySet<string>;
  readonly now: Date;
}

/** Ids of the snapshots that unfinished backups are built on. */
export function snapshotsInUse(vaultDir: string): Set<string> {
  const ids = new Set<string>();
  for (const { snapshot } of draftRoots(vaultDir)) if (snapshot !== undefined) ids.add(snapshot);
  return ids;
}

/** What forbids to remove snapshots together, by the snapshots; those that may go are not in it. */
function obstaclesTo(
  wanted: readonly SnapshotRecord[],
  { all, labels, inUse, now }: Surroundings,
  { evenTheNewest = false }: ForgetOptions,
): Map<SnapshotRecord, ForgetObstacle[]> {
  const ids = new Set(wanted.map(({ id }) => id));
  const devices = new Map<string, { newest: string | undefined; isProofLost: boolean }>();
  // One that a clock dated that was ahead stands for nothing.
  const newest = new Map(newestOfEach(all, now).map(({ udid, id }) => [udid, id]));
  for (const [udid, records] of Map.groupBy(all, (record) => record.udid)) {
    const proven = records.filter(({ id }) => isProven(labels.get(id)));
    const isLeft = records.some(({ id }) => !ids.has(id)) || !evenTheNewest;
    devices.set(udid, {
      newest: newest.get(udid),
      isProofLost: isLeft && proven.length > 0 && proven.every(({ id }) => ids.has(id)),
    });
  }
  const obstacles = new Map<SnapshotRecord, ForgetObstacle[]>();
  for (const record of wanted) {
    const { pinned, holdUntil, damaged } = labels.get(record.id) ?? {};
    const device = devices.get(record.udid);
    const found: ForgetObstacle[] = [];
    if (device?.newest === record.id && !evenTheNewest) found.push('newest');
    if (pinned === true) found.push('pinned');
    if (holdUntil !== undefined && holdUntil > now) found.push('held');
    if (damaged === true) found.push('labels-damaged');
    if (device?.isProofLost === true && isProven(labels.get(record.id))) found.push('only-proven');
    if (inUse.has(record.id)) found.push('in-use');
    if (found.length > 0) obstacles.set(record, found);
  }
  return obstacles;
}

/**
 * Removes snapshots, durably; their bytes stay until `prune`. Either all of them may go or none does. Stopped in the
 * middle, some are gone and the others whole.
 *
 * The labels are looked at, and kept from changing, while it is done: what was pinned a moment ago stays.
 *
 * @throws {AppError} SNAPSHOT_PROTECTED, STORAGE_FAILED
 */
export async function forgetSnapshots(
  host: ForgetHost,
  wanted: readonly SnapshotRecord[],
  options: ForgetOptions,
): Promise<void> {
  using _lock = await host.labels.lock();
  assertForgettable(host, wanted, options);
  await host.snapshots.removeAll(wanted);
  await host.labels.removeOf(wanted);
}

/** @throws {AppError} SNAPSHOT_PROTECTED when one of them is not to go. */
export function assertForgettable(
  { dir, snapshots, labels, now }: ForgetHost,
  wanted: readonly SnapshotRecord[],
  options: ForgetOptions,
): void {
  const all = snapshots.list();
  const surroundings = { all, labels: labels.all(), inUse: snapshotsInUse(dir), now: new Date(now()) };
  for (const [record, obstacles] of obstaclesTo(wanted, surroundings, options)) throw protectedError(record, obstacles);
}

function protectedError({ id, device }: SnapshotRecord, obstacles: readonly ForgetObstacle[]): AppError {
  const [first = 'pinned'] = obstacles;
  const { why, hint } = WORDS[first];
  return new AppError('SNAPSHOT_PROTECTED', `the snapshot ${id} of ${device.name} ${why}; nothing was removed`, {
    hint: hint(id),
    details: { snapshot: id, obstacles: obstacles.join(' ') },
  });
}

const WORDS: Readonly<Record<ForgetObstacle, { why: string; hint: (id: string) => string }>> = {
  newest: {
    why: 'is the newest of its device',
    hint: () => 'Add --even-the-newest if it is to go all the same.',
  },
  pinned: { why: 'is pinned', hint: (id) => `Run \`holdfast unpin ${id}\` first if it is to go.` },
  held: {
    why: 'is held until a later date',
    hint: (id) => `Wait until then, or run \`holdfast unpin ${id}\` first if it is to go.`,
  },
  'labels-damaged': {
    why: 'has labels that cannot be read and may have said that it is pinned',
    hint: (id) => `Run \`holdfast unpin ${id}\` first if it is to go.`,
  },
  'only-proven': {
    why: 'is the only one of its device that is proven to be restorable',
    hint: () => 'Prove a newer one first: `holdfast verify --deep latest`.',
  },
  'in-use': {
    why: 'is what an unfinished backup is built on',
    hint: () => 'Finish that backup first: `holdfast backup` goes on with it.',
  },
};
