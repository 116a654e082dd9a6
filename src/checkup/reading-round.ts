import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../shared/errors.ts';
import { openReadingLog, type ReadingLogFile } from '../vault/index.ts';
import { placeOf } from './place.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

/**
 * One reading of a whole vault, however many slices it takes and however often it is cut off:
 *
 *   <stateDir>/checkups/reading/<vault id>-<when it began, in ms>-<its place>.read   see `ReadingLogFile`, `placeOf`
 *
 * It ends with the checkup that has read the last of it, or when it grows too old to prove anything.
 */
export interface ReadingRound extends Disposable {
  readonly log: ReadingLogFile;
  readonly startedAt: Date;
}

/** The vault that is read. */
export interface ReadVault {
  readonly stateDir: string;
  readonly vaultDir: string;
  readonly vaultId: string;
}

/** A round is to come to its end within a month; a week more for a computer that was off. */
const MAX_AGE_MS = 38 * 86_400_000;

/** Goes on with the round of a vault that is under way, or begins one. */
export async function openRound(vault: ReadVault, now: Date): Promise<ReadingRound> {
  const known = roundOf(vault, now);
  const startedAt = known ?? now;
  if (known === undefined) closeRound(vault.stateDir, vault.vaultId);
  const log = await openReadingLog(pathOf(vault, startedAt));
  return { log, startedAt, [Symbol.dispose]: () => log[Symbol.dispose]() };
}

/** When the round of a vault began; undefined where none is under way. One from the future is none: the clock was wrong. */
function roundOf({ stateDir, vaultDir, vaultId }: ReadVault, now: Date): Date | undefined {
  const here = placeOf(vaultDir);
  const started = roundsIn(stateDir)
    .filter(({ id, place }) => id === vaultId && place === here)
    .filter(({ startedMs }) => startedMs <= now.getTime() && startedMs > now.getTime() - MAX_AGE_MS)
    .map(({ startedMs }) => startedMs);
  return started.length === 0 ? undefined : new Date(Math.max(...started));
}

/** When something of the vault was last read in the round that is under way; undefined where none is. */
export function lastReadAt(vault: ReadVault, now: Date): Date | undefined {
  const startedAt = roundOf(vault, now);
  return startedAt && statSync(pathOf(vault, startedAt), { throwIfNoEntry: false })?.mtime;
}

/** Ends what round of a vault is under way: the next one reads everything again. */
export function closeRound(stateDir: string, vaultId: string): void {
  for (const { id, name } of roundsIn(stateDir)) {
    if (id === vaultId) rmSync(join(folderOf(stateDir), name), { force: true });
  }
}

function roundsIn(stateDir: string): { id: string; startedMs: number; place: string | undefined; name: string }[] {
  let names: string[];
  try {
    makeFolders(folderOf(stateDir), 0o700);
    names = readdirSync(folderOf(stateDir));
  } catch (error) {
    // Where nothing can be kept, everything is read each time.
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
  return names.flatMap((name) => {
    const [, id, started, place] = /^([0-9a-f-]{36})-(\d{1,16})(?:-([0-9a-f]{12}))?\.read$/.exec(name) ?? [];
    return id === undefined ? [] : [{ id, startedMs: Number(started), place, name }];
  });
}

const folderOf = (stateDir: string): string => join(stateDir, 'checkups', 'reading');

const pathOf = ({ stateDir, vaultDir, vaultId }: ReadVault, startedAt: Date): string =>
  join(folderOf(stateDir), `${vaultId}-${startedAt.getTime()}-${placeOf(vaultDir)}.read`);
