import type { KnownMovePlan, MoveKnownVaultRequest } from './move/move-known-vault.ts';
import type { MoveEvent } from './move/move-vault.ts';

/** `planKnownMove`, loaded when it is asked for. */
export async function planVaultMove(request: MoveKnownVaultRequest): Promise<KnownMovePlan> {
  return (await import('./move/move-known-vault.ts')).planKnownMove(request);
}

/** `moveKnownVault`, loaded when it is asked for. */
export async function* moveKnownVault(request: MoveKnownVaultRequest): AsyncGenerator<MoveEvent, undefined> {
  yield* (await import('./move/move-known-vault.ts')).moveKnownVault(request);
}
