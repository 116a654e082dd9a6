import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { formatSize } from '../../shared/text/size.ts';
import { draftedUdids } from '../drafts/open-draft.ts';
import { freeSpaceIn } from '../free-space.ts';
import { openVaultParts } from '../open-vault.ts';
import { findVaultGarbage } from '../prune/prune-vault.ts';
import { Vault, type VaultParts } from '../vault.ts';
import { lookAtDestination, type Destination } from './destination.ts';

/** What moving a vault would do. */
export interface MovePlan {
  readonly from: string;
  readonly to: string;
  /** Of the vault. */
  readonly id: string;
  readonly destination: Destination;
  readonly snapshots: number;
  readonly unfinishedBackups: number;
  /** What there is to be copied still, about; what nothing needs any more is left behind. */
  readonly bytes: number;
  readonly freeBytes: number;
  readonly isSameDisk: boolean;
}

/** Lists, records and the catalogue, about, and what a disk should have left. */
const ROOM_TO_SPARE_BYTES = 64 * 1024 * 1024;
const SHARE_FOR_LISTS = 0.02;

/**
 * Looks what moving a vault would do. Changes nothing and needs no lock.
 *
 * @throws {AppError} USAGE, FOLDER_NOT_EMPTY, OUT_OF_SPACE, SNAPSHOT_CORRUPT, VAULT_NOT_FOUND
 */
export async function planMove(from: string, to: string, signal?: AbortSignal): Promise<MovePlan> {
  const parts = await openVaultParts(from, { purpose: 'planning a move', lock: 'none' }, {});
  await using _vault = new Vault(parts);
  return await planMoveOf(parts, to, signal);
}

/** `planMove` of a vault that is open. */
export async function planMoveOf(from: VaultParts, to: string, signal: AbortSignal | undefined): Promise<MovePlan> {
  if (from.mark.copyOf !== undefined) {
    throw new AppError('USAGE', 'this vault is a copy of another one, and copies are not moved', {
      hint: 'Copy its folder to the new place, then tell it with `holdfast copies remove` and `holdfast copies add`.',
    });
  }
  const destination = lookAtDestination(from.dir, to, from.mark);
  const snapshots = from.snapshots.list();
  refuseUnreadable(from);
  const bytes = Math.max(0, (await neededBytes(from, signal)) - (await arrivedBytes(to, destination, signal)));
  const place = existingPartOf(to);
  const plan = {
    from: from.dir,
    to: resolve(to),
    id: from.mark.id,
    destination,
    snapshots: snapshots.length,
    unfinishedBackups: draftedUdids(from.dir).length,
    bytes,
    freeBytes: freeSpaceIn(place).all,
    isSameDisk: statSync(from.dir).dev === statSync(place).dev,
  };
  refuseTooLittleSpace(plan);
  return plan;
}

function refuseTooLittleSpace({ bytes, freeBytes, to }: MovePlan): void {
  const wantedBytes = Math.ceil(bytes * (1 + SHARE_FOR_LISTS)) + (bytes === 0 ? 0 : ROOM_TO_SPARE_BYTES);
  if (wantedBytes <= freeBytes) return;
  throw new AppError(
    'OUT_OF_SPACE',
    `the vault needs ${formatSize(wantedBytes)}, and ${formatSize(freeBytes)} are free in ${to}; nothing was changed`,
    {
      hint: 'Choose a larger disk, or remove versions first with `holdfast forget --prune`.',
      details: { to, wantedBytes, freeBytes },
    },
  );
}

/** What is named by a record that cannot be read would be left behind. */
function refuseUnreadable({ snapshots }: VaultParts): void {
  const [unreadable] = snapshots.unreadable;
  if (unreadable === undefined) return;
  throw new AppError('SNAPSHOT_CORRUPT', `the record ${unreadable.path} is damaged, so the vault is not moved`, {
    hint: 'Run `holdfast copies repair`, or remove that file if the version is not needed.',
    details: { ...unreadable },
  });
}

async function neededBytes(parts: VaultParts, signal: AbortSignal | undefined): Promise<number> {
  const { storedBytes, bytes } = await findVaultGarbage(parts, { signal });
  return storedBytes - bytes;
}

async function arrivedBytes(to: string, destination: Destination, signal: AbortSignal | undefined): Promise<number> {
  if (destination === 'empty') return 0;
  const parts = await openVaultParts(to, { purpose: 'planning a move', lock: 'none', arrivingFrom: '' }, {});
  await using _vault = new Vault(parts);
  return (await findVaultGarbage(parts, { signal })).storedBytes;
}

/** The folder itself, or the nearest above it that is there. */
export function existingPartOf(path: string): string {
  let place = resolve(path);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}
