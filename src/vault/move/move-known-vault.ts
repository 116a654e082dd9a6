import { resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { Disk } from '../durability.ts';
import { assertKnownVault, noteMove, placesMovedFrom } from '../known-vaults.ts';
import { readMovedMark } from '../mark/moved-mark.ts';
import { finishMove, moveVault, type MoveEvent } from './move-vault.ts';
import { planMove, type MovePlan } from './plan-move.ts';
import { hasLeftovers } from './remove-moved.ts';

export interface MoveKnownVaultRequest {
  /** Where the vault is; or was, where a move was cut off while it removed what was left there. */
  readonly from: string;
  readonly to: string;
  readonly stateDir: string;
  /** Leaves everything in the old place, marked as moved. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What is still to be done: all of it, or only to remove what a move that was cut off has left in these folders. */
export type KnownMovePlan = MovePlan | { readonly leftovers: readonly string[] };

/** Looks what `moveKnownVault` would do. Changes nothing. @throws {AppError} as `planMove` */
export async function planKnownMove(request: MoveKnownVaultRequest): Promise<KnownMovePlan> {
  const leftovers = await leftoversOf(request);
  if (leftovers.length > 0) return { leftovers };
  await assertKnownVault({ dir: request.from, stateDir: request.stateDir });
  return planMove(request.from, request.to, request.signal);
}

/**
 * Moves the vault that this computer knows in a folder, and notes where it went. See `moveVault`. Where a move to the
 * same folder was cut off after the switch, removes what is left.
 *
 * @throws {AppError} as `moveVault`
 */
export async function* moveKnownVault(request: MoveKnownVaultRequest): AsyncGenerator<MoveEvent, undefined> {
  const { from, to, stateDir, keep = false, signal } = request;
  const leftovers = await leftoversOf(request);
  for (const dir of leftovers) {
    const moved = readMovedMark(dir);
    if (moved !== undefined) await noteMove(stateDir, dir, to, moved.id);
    yield* finishMove(dir, new Disk(), signal);
  }
  if (leftovers.length > 0) {
    yield { kind: 'done', snapshots: 0, objects: 0, bytes: 0 };
    return;
  }
  await assertKnownVault({ dir: from, stateDir });
  yield* moveVault({ from, to, keep, signal, noteMove: (...places) => noteMove(stateDir, ...places) });
}

/** Folders that the vault in `to` came from and that are still to be emptied. */
async function leftoversOf({ from, to, stateDir }: MoveKnownVaultRequest): Promise<string[]> {
  const isThere = (dir: string): boolean =>
    readMovedMark(dir)?.movedTo === resolve(to) && readMovedMark(dir)?.kept === false;
  if (resolve(from) !== resolve(to)) return isThere(from) ? [resolve(from)] : [];
  const leftovers = (await placesMovedFrom(stateDir, to)).filter((dir) => isThere(dir) && hasLeftovers(dir));
  if (leftovers.length > 0) return leftovers;
  throw new AppError('USAGE', `the vault is in ${resolve(to)} already`, { hint: 'Choose another folder.' });
}
