import { attemptsOf, type Attempt } from './history.ts';
import { readRegistry, type CopyEntry } from './registry.ts';
import { isDue } from './schedule.ts';

/** Clocks that are set by the network move by less. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** A copy as it stands: what it is, and what is known of it without looking at its place. */
export interface CopyStatus {
  readonly entry: CopyEntry;
  /** The last try of bringing it up to date, however it ended. */
  readonly lastRun: Attempt | undefined;
  /** The last that came to its end. */
  readonly lastDone: Attempt | undefined;
  /** The newest snapshot of each device there, as whoever looked last has seen it, running or verifying. */
  readonly newest: NonNullable<Attempt['newest']>;
  /** The runs that failed since then, the newest first; a disk that was not connected is no failure. */
  readonly failedRuns: readonly Attempt[];
  readonly lastVerify: Attempt | undefined;
  /** The last verification that came to its end and left nothing damaged. */
  readonly lastProven: Attempt | undefined;
  /**
   * The last verification, whatever became of it, that found damage which was neither mended nor, by reading the same part
   * again, found to be gone. Another part that is whole says nothing of it.
   */
  readonly damaged: Attempt | undefined;
  /** Since when all of its data has been read at least once; undefined while some of it never was. */
  readonly allReadSince: Date | undefined;
  /** How many parts of it were ever read, where it is read in parts. */
  readonly partsRead: number;
  readonly isDue: boolean;
}

/**
 * Every copy that is set up, with its history.
 *
 * @throws {AppError} COPIES_UNREADABLE when the list of copies cannot be read.
 */
export async function readCopies({ stateDir }: { readonly stateDir: string }, now = new Date()): Promise<CopyStatus[]> {
  const entries = await readRegistry(stateDir);
  return Promise.all(
    entries.map(async (entry) => statusOf(entry, asOf(await attemptsOf(stateDir, entry.name), entry, now), now)),
  );
}

/**
 * The same, with none from the future: when the clock was wrong, nobody knows what time it was. Such a try counts from the
 * one before it, so that it makes nothing seem done, or proven, for longer than it is.
 */
function asOf(attempts: readonly Attempt[], { addedAt }: CopyEntry, now: Date): Attempt[] {
  const latestMs = now.getTime() + CLOCK_TOLERANCE_MS;
  let known = new Date(Math.min(Date.parse(addedAt), now.getTime()));
  return attempts.map((attempt) => {
    if (attempt.at.getTime() > latestMs) return { ...attempt, at: known };
    known = attempt.at;
    return attempt;
  });
}

function statusOf(entry: CopyEntry, attempts: readonly Attempt[], now: Date): CopyStatus {
  const runs = attempts.filter(({ kind }) => kind === 'run');
  const verifies = attempts.filter(({ kind }) => kind === 'verify');
  const lastDone = runs.findLast(({ outcome }) => outcome === 'done');
  return {
    entry,
    lastRun: runs.at(-1),
    lastDone,
    newest: attempts.findLast(({ outcome, newest }) => outcome === 'done' && newest !== undefined)?.newest ?? {},
    failedRuns: runs
      .slice(lastDone === undefined ? 0 : runs.lastIndexOf(lastDone) + 1)
      .filter(({ outcome }) => outcome === 'failed')
      .toReversed(),
    lastVerify: verifies.at(-1),
    lastProven: verifies.findLast(isProof),
    damaged: damagedIn(attempts).at(-1),
    allReadSince: entry.kind === 'folder' ? verifies.findLast(isProof)?.at : allPartsRead(entry.readParts, verifies),
    partsRead: entry.kind === 'folder' ? 0 : partsRead(entry.readParts, verifies).size,
    isDue: isDue(entry, lastDone?.at, now),
  };
}

/**
 * Verifications that found damage which nothing since has shown to be gone, the latest last. Snapshots that are not whole
 * are mended where they were stored again.
 */
export function damagedIn(attempts: readonly Attempt[]): Attempt[] {
  const open = new Map<string | undefined, { readonly attempt: Attempt; readonly incomplete: Set<string> }>();
  for (const each of attempts) {
    if (each.kind === 'verify') {
      if (isProof(each) && isAll(each)) open.clear();
      if (isProof(each) || leavesDamage(each)) open.delete(each.part);
    }
    const mended = mendedBy(each);
    for (const [part, { attempt, incomplete }] of open) {
      for (const id of mended) incomplete.delete(id);
      const isRest = (attempt.problems ?? 0) - (attempt.repaired ?? 0) > (attempt.inSnapshots ?? 0);
      if (!isRest && incomplete.size === 0) open.delete(part);
    }
    if (each.kind === 'verify' && leavesDamage(each)) {
      open.set(each.part, { attempt: each, incomplete: new Set(each.incomplete) });
    }
  }
  return [...open.values()].map(({ attempt }) => attempt);
}

/** Ids of snapshots there that a verification has found not to be whole, and that nobody has stored again since. */
export function incompleteIn(attempts: readonly Attempt[]): Set<string> {
  const incomplete = new Set<string>();
  for (const each of attempts) {
    for (const id of mendedBy(each)) incomplete.delete(id);
    for (const id of each.incomplete ?? []) incomplete.add(id);
  }
  return incomplete;
}

/** Ids of snapshots there of which it is known since then that they are whole. */
const mendedBy = ({ copied = [], whole = [] }: Attempt): string[] => [...copied, ...whole];

/** Whether it read all there is, and not a part of it. */
const isAll = ({ part = '1/1' }: Attempt): boolean => part.endsWith('/1');

function isProof(attempt: Attempt): boolean {
  return attempt.outcome === 'done' && !leavesDamage(attempt);
}

const leavesDamage = ({ problems = 0, repaired = 0 }: Attempt): boolean => problems > repaired;

/** The time of the oldest among the last readings of each part. */
function allPartsRead(parts: number, verifies: readonly Attempt[]): Date | undefined {
  const read = partsRead(parts, verifies);
  if (read.size < parts) return undefined;
  return [...read.values()].reduce((oldest, at) => (at < oldest ? at : oldest));
}

/** When each part was last read. */
function partsRead(parts: number, verifies: readonly Attempt[]): Map<string, Date> {
  const read = new Map<string, Date>();
  for (const each of verifies) if (isProof(each) && each.part?.endsWith(`/${parts}`)) read.set(each.part, each.at);
  return read;
}
