import { setTimeout } from 'node:timers/promises';
import { because, type CheckupLine, type Reason } from '../../contract/index.ts';
import { readRegistry, repairFromCopies, unlessUnreadable } from '../../copies/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { polled } from '../../shared/flow/polled.ts';
import { isLoss, type Amount, type VaultProblem } from '../../vault/index.ts';
import type { TopicContext, TopicProgress } from '../host.ts';
import { line } from '../line.ts';
import { openRound } from '../reading-round.ts';

/** Damaged places named in a report; a disk gone bad as a whole has millions. */
const MAX_NAMED = 5000;
const RETRY_MS = 1000;

interface Reading {
  readonly problems: VaultProblem[];
  readonly versions: number;
  readonly devices: number;
  readonly read: Amount;
  readonly unread: Amount;
  readonly since: Date;
}

/**
 * Reads every record, every list and every byte of the vault again, and mends from copies what is not as it was. What was
 * read earlier in the same round is not read again.
 */
export async function* lookAtVault(context: TopicContext): AsyncGenerator<TopicProgress, CheckupLine[]> {
  try {
    const reading = yield* readPatiently(context);
    const { problems } = reading;
    const mended = context.repair && problems.length > 0 ? yield* mend(context, problems) : nothingMended(problems);
    return [...structureLines(reading, mended), ...damageLines(mended), ...coverageLines(reading, mended, context)];
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    return [line('vault', 'failed', because('vault-unreadable', { error: error.code }), { essential: true })];
  }
}

/** Beside a process that closes the vault at this moment, its catalogue cannot be read for an instant. */
async function* readPatiently(context: TopicContext): AsyncGenerator<TopicProgress, Reading> {
  try {
    return yield* readVault(context);
  } catch (error) {
    if (!isAppError(error, 'STORAGE_FAILED')) throw error;
    await setTimeout(RETRY_MS, undefined, context.signal === undefined ? {} : { signal: context.signal });
    // What was read is not read again.
    return yield* readVault(context);
  }
}

async function* readVault({ host, quick, ...options }: TopicContext): AsyncGenerator<TopicProgress, Reading> {
  await using vault = await host.openVault('a checkup');
  const { stateDir, vaultDir } = host;
  using round = await openRound({ stateDir, vaultDir, vaultId: vault.id }, host.now());
  const problems: VaultProblem[] = [];
  const { bytesPerSecond, threads, signal } = options;
  const how = { log: round.log, bytesPerSecond, threads, ...(quick && { maxBytes: 0 }), ...(signal && { signal }) };
  for await (const event of vault.verify(how)) {
    if (event.kind === 'progress') {
      yield { kind: 'progress', fraction: event.bytes / Math.max(1, event.totalBytes), bytes: event.bytes };
    } else if (event.kind === 'problem') problems.push(event.problem);
    else {
      const { snapshots: versions, objects, bytes, earlier, unread } = event;
      const read = { objects: objects + earlier.objects, bytes: bytes + earlier.bytes };
      const devices = new Set(vault.snapshots().map(({ udid }) => udid)).size;
      return { problems, versions, devices, read, unread, since: round.startedAt };
    }
  }
  throw new Error('a verification always comes to its end');
}

interface Repaired {
  readonly problem: VaultProblem;
  readonly donor: string | undefined;
}

interface Mended {
  readonly left: readonly VaultProblem[];
  readonly repaired: readonly Repaired[];
  readonly absent: readonly Reason[];
}

const nothingMended = (problems: readonly VaultProblem[]): Mended => ({ left: problems, repaired: [], absent: [] });

async function* mend(context: TopicContext, problems: readonly VaultProblem[]): AsyncGenerator<TopicProgress, Mended> {
  const mended = { left: [] as VaultProblem[], repaired: [] as Repaired[], absent: [] as Reason[] };
  const looked = (): TopicProgress => ({
    kind: 'progress',
    fraction: mended.repaired.length / problems.length,
    bytes: 0,
  });
  try {
    yield* polled(mendInto(mended, context, problems), looked);
    return mended;
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    const done = new Set(mended.repaired.map(({ problem }) => problem));
    const why = because('vault-unreadable', { error: error.code });
    return { ...mended, left: problems.filter((each) => !done.has(each)), absent: [...mended.absent, why] };
  }
}

async function mendInto(
  mended: { readonly left: VaultProblem[]; readonly repaired: Repaired[]; readonly absent: Reason[] },
  { host, signal }: TopicContext,
  problems: readonly VaultProblem[],
): Promise<void> {
  await host.withWritableVault(async (vault) => {
    const all = (await unlessUnreadable(readRegistry(host.stateDir))) ?? [];
    const entries = all.filter(({ vaultId }) => vaultId === vault.id);
    for await (const event of repairFromCopies(host.copies, vault, entries, signal, problems)) {
      if (event.kind === 'repaired') mended.repaired.push(event);
      else if (event.kind === 'unrepaired') mended.left.push(event.problem);
      else if (event.kind === 'absent') {
        mended.absent.push(because('copy-not-asked', { copy: event.copy, error: event.error.code }));
      }
    }
  }, signal);
}

function structureLines({ versions, devices }: Reading, { left }: Mended): CheckupLine[] {
  const isWhole = left.every(({ kind }) => kind !== 'record' && kind !== 'list');
  return isWhole
    ? [line('vault', 'proven', because('vault-lists-read', { versions, devices }), { essential: true })]
    : [];
}

function damageLines({ left, repaired, absent }: Mended): CheckupLine[] {
  const lines: CheckupLine[] = [];
  if (repaired.length > 0) {
    const more = named(repaired, ({ problem, donor }) => [repairedReason(problem, donor)]);
    lines.push(
      line('vault', 'repaired', because('vault-repaired', { places: repaired.length }), { essential: true }, more),
    );
  }
  if (left.length > 0) {
    // What no version needs, and what can be computed anew, endangers nothing.
    const essential = left.some(isLoss);
    const more = [...named(left, damageReasons), ...absent, ...nextSteps(left, absent, essential)];
    const reason = because('vault-damaged', {
      places: left.length,
      files: left.reduce((sum, each) => sum + filesOf(each), 0),
    });
    lines.push(line('vault', 'failed', reason, { essential }, more));
  }
  return lines;
}

function coverageLines(
  { versions, read, unread, since }: Reading,
  { left }: Mended,
  { quick }: TopicContext,
): CheckupLine[] {
  const about = { essential: !quick };
  const totalBytes = read.bytes + unread.bytes;
  const step = because('do-let-checkup-finish', {});
  if (unread.objects > 0 && read.bytes === 0) {
    return [line('vault', 'unproven', because('vault-not-read', { totalBytes }), about, [step])];
  }
  const part = because('vault-part-read', { bytes: read.bytes, totalBytes, since: since.toISOString() });
  if (unread.objects > 0) return [line('vault', 'unproven', part, about, [step])];
  if (left.some(({ kind }) => kind !== 'segment-index' && kind !== 'list-base')) return [];
  const all = because('vault-read', { bytes: read.bytes, pieces: read.objects, versions, since: since.toISOString() });
  return [line('vault', 'proven', all, { essential: true })];
}

function nextSteps(left: readonly VaultProblem[], absent: readonly Reason[], essential: boolean): Reason[] {
  const first = because(absent.length > 0 ? 'do-bring-copy' : 'do-repair', {});
  const isObject = left.some(({ kind }) => kind === 'object');
  return essential && isObject ? [first, because('do-back-up-now', {})] : [first];
}

const filesOf = (problem: VaultProblem): number => (problem.kind === 'object' ? problem.fileCount : 0);

/** Details of as many as are named, and how many there are besides. */
function named<T>(all: readonly T[], reasonsOf: (each: T) => Reason[]): Reason[] {
  const rest = all.length - MAX_NAMED;
  return [...all.slice(0, MAX_NAMED).flatMap(reasonsOf), ...(rest > 0 ? [because('and-more', { count: rest })] : [])];
}

function damageReasons(problem: VaultProblem): Reason[] {
  if (problem.kind === 'record') return [because('record-damaged', { path: problem.path })];
  if (problem.kind === 'list') return [because('list-damaged', { versions: problem.snapshots.join(', ') })];
  if (problem.kind === 'segment-index') return [because('index-damaged', { path: problem.path })];
  if (problem.kind === 'list-base') return [because('base-damaged', { path: problem.path })];
  const piece = pieceOf(problem);
  if (piece === undefined) {
    return [because('piece-unneeded', { bytes: problem.sizeBytes, path: problem.path ?? problem.sha256 })];
  }
  const alike = problem.fileCount - 1;
  return [because(`piece-${problem.damage}`, piece), ...(alike > 0 ? [because('pieces-alike', { files: alike })] : [])];
}

function repairedReason(problem: VaultProblem, donor: string | undefined): Reason {
  const copy = donor ?? '';
  if (problem.kind === 'record') return because('record-fetched', { path: problem.path, copy });
  if (problem.kind === 'list' && donor === undefined) {
    return because('base-rewritten', { path: `lists/${problem.sha256}` });
  }
  if (problem.kind === 'list') return because('list-fetched', { versions: problem.snapshots.join(', '), copy });
  if (problem.kind === 'segment-index') return because('index-rewritten', { path: problem.path });
  if (problem.kind === 'list-base') return because('base-rewritten', { path: problem.path });
  const piece = pieceOf(problem);
  if (piece === undefined) {
    return because('piece-unneeded', { bytes: problem.sizeBytes, path: problem.path ?? problem.sha256 });
  }
  return donor === undefined ? because('piece-kept', piece) : because('piece-fetched', { ...piece, copy });
}

function pieceOf({ files, sizeBytes: bytes }: Extract<VaultProblem, { kind: 'object' }>) {
  const [file] = files;
  return file && { device: file.deviceName, version: file.snapshot, path: file.path, bytes };
}
