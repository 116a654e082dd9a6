import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The list of the vaults that this computer knows: where each is, and where those went that were moved. */
export const knownVaultsFile = (stateDir: string): string => join(stateDir, 'known-vaults.json');

/** More moves in a row are a circle. */
const MAX_MOVES = 100;

/**
 * Where a vault is now that was in `dir` once: for whoever goes by the usual place and was not told one. Nothing is
 * checked here; a list that cannot be read is told of by whatever opens the vault.
 */
export function placeAfterMoves(dir: string, stateDir: string): string {
  let place = resolve(dir);
  try {
    const known: unknown = JSON.parse(readFileSync(knownVaultsFile(stateDir), 'utf8'));
    for (let moves = 0; moves < MAX_MOVES; moves++) {
      const to = movedTo(known, place);
      if (to === undefined) return moves === 0 ? dir : place;
      place = to;
    }
  } catch {}
  return dir;
}

function movedTo(known: unknown, dir: string): string | undefined {
  if (typeof known !== 'object' || known === null || !Object.hasOwn(known, dir)) return undefined;
  const entry: unknown = (known as Record<string, unknown>)[dir];
  if (typeof entry !== 'object' || entry === null || !('movedTo' in entry)) return undefined;
  return typeof entry.movedTo === 'string' ? entry.movedTo : undefined;
}
