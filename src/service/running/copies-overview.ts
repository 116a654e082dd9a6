import { type CopyStatus, readCopies } from '../../copies/index.ts';
import type { CopyAttempt, CopyOverview, DeviceOverview, Job } from '../../contract/index.ts';

/** Every copy that is set up, as it stands. @throws {AppError} COPIES_UNREADABLE */
export async function copiesOverview(stateDir: string, jobs: readonly Job[], now: Date): Promise<CopyOverview[]> {
  return (await readCopies({ stateDir }, now)).map((status) => overviewOf(status, jobs));
}

/** Where the newest version of a device lies besides the vault. */
export function copiesOfDevice(copies: readonly CopyOverview[], udid: string): DeviceOverview['copies'] {
  return copies.map(({ name, newest, offSite, provenAt }) => {
    const there = Object.hasOwn(newest, udid) ? newest[udid] : undefined;
    return {
      name,
      offSite,
      ...(there === undefined ? {} : { newestAt: there.takenAt }),
      ...(provenAt === undefined ? {} : { provenAt }),
    };
  });
}

/** One copy, as it stands. */
export function overviewOf(status: CopyStatus, jobs: readonly Job[]): CopyOverview {
  const { entry, lastRun, lastDone, lastVerify, lastProven, allReadSince, isDue } = status;
  const { name, kind, offSite, everyHours, window, bytesPerSecond, keep } = entry;
  const job = jobs.find(({ result }) => result?.['copy'] === name);
  const newest = Object.entries(status.newest).map(
    ([udid, { snapshot, takenAt }]) => [udid, { snapshot, takenAt: takenAt.toISOString() }] as const,
  );
  return {
    name,
    kind,
    place: placeOf(entry),
    offSite,
    everyHours,
    ...(window === undefined ? {} : { window }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    ...(keep === undefined ? {} : { keep }),
    isDue,
    ...(lastRun === undefined ? {} : { lastRun: attemptOf(lastRun) }),
    ...(lastDone === undefined ? {} : { lastDone: attemptOf(lastDone) }),
    ...(lastVerify === undefined ? {} : { lastVerify: attemptOf(lastVerify) }),
    ...(lastProven === undefined ? {} : { provenAt: lastProven.at.toISOString() }),
    ...(allReadSince === undefined ? {} : { allReadSince: allReadSince.toISOString() }),
    newest: Object.fromEntries(newest),
    ...(job === undefined ? {} : { job: job.id }),
  };
}

/** An address with a password in it is kept with the secrets, and not told. */
function placeOf(entry: CopyStatus['entry']): string {
  if (entry.kind === 'folder') return entry.dir;
  return entry.isRepositorySecret ? (entry.repository.split(':', 1)[0] ?? entry.kind) : entry.repository;
}

function attemptOf(attempt: NonNullable<CopyStatus['lastRun']>): CopyAttempt {
  const { at, outcome, sentence, hint, newBytes, problems, repaired } = attempt;
  return {
    at: at.toISOString(),
    outcome,
    ...(sentence === undefined ? {} : { sentence }),
    ...(hint === undefined ? {} : { hint }),
    ...(newBytes === undefined ? {} : { newBytes }),
    ...(problems === undefined ? {} : { problems }),
    ...(repaired === undefined ? {} : { repaired }),
  };
}
