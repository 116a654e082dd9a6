import { dirname, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Disk } from '../durability.ts';
import { createMark } from '../mark/mark.ts';
import { openVaultParts, type VaultSeams } from '../open-vault.ts';
import { repairVault } from '../repair/repair-vault.ts';
import { vaultDonor } from '../repair/vault-donor.ts';
import { replicate } from '../replicate/replicate.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { Staging } from '../staging/staging.ts';
import { Vault, type VaultParts } from '../vault.ts';
import { moveDrafts } from './move-drafts.ts';
import { existingPartOf, planMoveOf, type MovePlan } from './plan-move.ts';
import { removeMoved } from './remove-moved.ts';
import { refuseSameFolder } from './same-folder.ts';
import { switchPlaces } from './switch-places.ts';

export type MoveEvent =
  | { readonly kind: 'planned'; readonly plan: MovePlan }
  | {
      readonly kind: 'progress';
      readonly phase: 'copying';
      readonly snapshots: number;
      readonly totalSnapshots: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'progress'; readonly phase: 'verifying'; readonly bytes: number; readonly totalBytes: number }
  | { readonly kind: 'progress'; readonly phase: 'removing'; readonly files: number; readonly totalFiles: number }
  /** The new place did not give back what had been written to it, and was written to again. */
  | { readonly kind: 'rewritten'; readonly objects: number }
  /** The unfinished backup of a device was damaged, and is not in the new place. */
  | { readonly kind: 'draft-left'; readonly udid: string }
  /** From now on the vault is there, and what is left in the old place is none. */
  | { readonly kind: 'switched'; readonly from: string; readonly to: string }
  | { readonly kind: 'done'; readonly snapshots: number; readonly objects: number; readonly bytes: number };

export interface MoveRequest {
  readonly from: string;
  readonly to: string;
  /** Leaves everything in the old place, marked as moved. */
  readonly keep?: boolean;
  /** Puts down durably that the vault is elsewhere now, for whoever goes by a list. Called after the switch. */
  readonly noteMove: (from: string, to: string, id: string) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Moves a vault to another folder: copies everything that is needed, each object verified as it arrives; reads all of it
 * back; then switches; then removes the old one.
 *
 * Until the switch, which is the rename of one small file, the old place is the vault and whole; from then on the new
 * one. It may be stopped at any instant and goes on the next time, also after new backups into the old place.
 *
 * @throws {AppError} USAGE, FOLDER_NOT_EMPTY, OUT_OF_SPACE, VAULT_BUSY, SNAPSHOT_CORRUPT where something of the vault is
 * damaged, STORAGE_FAILED where the new place does not keep what is written; the reason of `signal` when it aborts.
 */
export async function* moveVault(request: MoveRequest, seams: VaultSeams = {}): AsyncGenerator<MoveEvent, undefined> {
  const { keep = false, signal } = request;
  const purpose = `a move to ${resolve(request.to)}`;
  const from = await openVaultParts(request.from, { purpose }, seams);
  let sum = { snapshots: 0, objects: 0, bytes: 0 };
  {
    await using _from = new Vault(from);
    // Whoever copies from here goes by folders that are about to be removed.
    using _staging = new Staging(from, purpose);
    const plan = await planMoveOf(from, request.to, signal);
    yield { kind: 'planned', plan };
    const above = existingPartOf(plan.to);
    refuseSameFolder(from.disk, from.dir, plan.to);
    if (plan.destination === 'empty') await makeDestination(from, plan.to, above);
    const to = await openVaultParts(plan.to, { purpose, arrivingFrom: from.dir }, seams);
    await using _to = new Vault(to);
    const isBegun = plan.destination !== 'arrived';
    yield* copySnapshots(from, to, isBegun, signal);
    for (const udid of await moveDrafts(from, to, isBegun, signal)) yield { kind: 'draft-left', udid };
    sum = { ...sum, ...(yield* verifyArrival(from, to, signal)), snapshots: plan.snapshots };
    const note = (): Promise<void> => request.noteMove(from.dir, to.dir, from.mark.id);
    await switchPlaces(from, to, { keep, replaceLabels: isBegun, note });
    yield { kind: 'switched', from: from.dir, to: to.dir };
  }
  yield* finishMove(from.dir, from.disk, signal);
  yield { kind: 'done', ...sum };
}

/** Removes what a move has left in the old place. Does nothing where it was to be kept. @throws as `removeMoved` */
export async function* finishMove(
  from: string,
  disk: Disk,
  signal?: AbortSignal,
): AsyncGenerator<MoveEvent, undefined> {
  for await (const counts of removeMoved(from, disk, signal)) yield { kind: 'progress', phase: 'removing', ...counts };
}

/** Durably, with all the folders below `above`, which were not there. */
async function makeDestination(
  { disk, dir, mark: { id, version } }: VaultParts,
  to: string,
  above: string,
): Promise<void> {
  await createMark(to, disk, { id, version, arrivingFrom: dir });
  for (let folder = dirname(to); folder.length >= above.length; folder = dirname(folder)) {
    await disk.syncDirectory(folder);
    if (dirname(folder) === folder) return;
  }
}

/** Makes the snapshots of a vault those of the other. @param replace what was forgotten since an earlier try goes. */
async function* copySnapshots(
  from: VaultParts,
  to: VaultParts,
  replace: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<MoveEvent, undefined> {
  const damaged: SnapshotRecord[] = [];
  for await (const event of replicate(from, to, { signal })) {
    if (event.kind === 'progress') {
      const { snapshots, totalSnapshots, bytes, totalBytes } = event;
      yield { kind: 'progress', phase: 'copying', snapshots, totalSnapshots, bytes, totalBytes };
    } else if (event.kind === 'damaged') damaged.push(event.snapshot);
  }
  const [first] = damaged;
  if (first !== undefined) throw damagedHere(first, damaged.length);
  if (!replace) return;
  const wanted = new Set(from.snapshots.list().map(({ id }) => id));
  const extra = to.snapshots.list().filter(({ id }) => !wanted.has(id));
  if (extra.length > 0) await to.snapshots.removeAll(extra);
}

/** Reads everything back. What the new place did not keep is written to it once more, and read again. */
async function* verifyArrival(
  from: VaultParts,
  to: VaultParts,
  signal: AbortSignal | undefined,
): AsyncGenerator<MoveEvent, { objects: number; bytes: number }> {
  const donors = [vaultDonor(from, 'the old place')];
  for await (const event of repairVault(to, { donors, signal })) {
    if (event.kind === 'progress') {
      yield { kind: 'progress', phase: 'verifying', bytes: event.bytes, totalBytes: event.totalBytes };
    }
    if (event.kind !== 'done') continue;
    const { problems, repaired, objects, bytes } = event;
    if (problems > repaired) throw doesNotKeep(to.dir, problems - repaired);
    if (repaired > 0) yield { kind: 'rewritten', objects: repaired };
    return { objects, bytes };
  }
  return { objects: 0, bytes: 0 };
}

function damagedHere({ id }: SnapshotRecord, count: number): AppError {
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return new AppError('SNAPSHOT_CORRUPT', `the version ${id}${others} is damaged, so the vault stays where it is`, {
    hint: 'Run `holdfast copies repair`, or `holdfast forget` what cannot be repaired; then move again: it goes on where it was.',
    details: { snapshot: id, damaged: count },
  });
}

function doesNotKeep(to: string, problems: number): AppError {
  return new AppError(
    'STORAGE_FAILED',
    `${to} does not give back what was written to it; the vault stays where it is`,
    {
      hint: 'Check that disk and its cable, or choose another one.',
      details: { to, problems },
    },
  );
}
