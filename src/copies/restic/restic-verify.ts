import { randomInt } from 'node:crypto';
import { because } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { polled } from '../../shared/flow/polled.ts';
import { newestOfEach, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { newestOf, type VerifyCopyEvent, type VerifyOptions } from '../copy.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';
import { compareSnapshot, type Compared, type Findings } from './compare-snapshot.ts';
import { healRepository } from './heal.ts';
import { oldStays, storeAgain, type AgainRequest, type StoredAgain } from './store-again.ts';

/** Of restic's words about damage so many lines are passed on. */
const PASSED_ON_LINES = 20;

/** How fast what is damaged there may be sent again. */
interface Limit {
  readonly bytesPerSecond?: number | undefined;
}

/**
 * Proves as much of a repository as one run can: restic's own check with one part of the data read, that every
 * snapshot of the vault is there, that the newest of each device, and by turns the others, have every file in its size,
 * and that a sample of files of the newest comes back byte for byte.
 *
 * @param options.parts in how many parts the data is read; `part`, from 1 on, is the one to be read now.
 * @param options.missing tells what is to be there and is not, by what of this vault is there.
 */
export async function* verifyRestic(
  repository: Repository,
  vault: Vault,
  options: VerifyOptions &
    Limit & {
      readonly parts: number;
      readonly missing: (stored: readonly StoredSnapshot[]) => readonly SnapshotRecord[];
    },
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const { signal, parts, part = randomInt(parts) + 1, repair = false } = options;
  const findings: Findings = {
    problems: 0,
    repaired: 0,
    whole: [],
    proven: [],
    unproven: [],
    reasons: { proven: [], unproven: [] },
  };
  const found = yield* checkData(repository, `${part}/${parts}`, findings, signal);
  if (repair && found.length > 0) {
    yield* healed(repository, vault, { part: `${part}/${parts}`, found }, findings, options);
  }
  const all = await repository.snapshots(signal);
  const stored = Map.groupBy(all, ({ id }) => id);
  const there = vault.snapshots().filter(({ id }) => stored.has(id));
  const newest = newestOfEach(there, new Date());
  const others = there.filter((record) => {
    if (newest.includes(record)) return false;
    const [best] = stored.get(record.id) ?? [];
    return isItsTurn(record, part, parts) || (best?.files ?? Infinity) <= record.list.files;
  });
  for (const record of [...newest, ...others]) {
    const isNewest = newest.includes(record);
    yield* compared(repository, vault, { record, stored: stored.get(record.id) ?? [], isNewest }, findings, options);
  }
  if (others.length > 0 && findings.problems === findings.repaired) {
    const older = others.length === 1 ? 'one older snapshot' : `${others.length} older snapshots`;
    findings.proven.push(`Every file of ${older} is there in its size.`);
  }
  const ours = all.filter(({ vaultId }) => vaultId === undefined || vaultId === vault.id);
  const absent = options.missing(ours).length;
  if (absent > 0) {
    findings.unproven.push(`Of the snapshots in the vault, ${absent} are not there yet.`);
    findings.reasons.unproven.push(because('copy-behind', { versions: absent }));
  }
  yield { kind: 'done', ...findings, newest: newestOf(newest), part: `${part}/${parts}` };
}

async function* checkData(
  repository: Repository,
  part: string,
  findings: Findings,
  signal: AbortSignal | undefined,
): AsyncGenerator<VerifyCopyEvent, readonly string[]> {
  const [at, of] = part.split('/').map(Number);
  const lines = yield* polled(repository.check(part, signal), reading);
  for (const line of lines.slice(0, PASSED_ON_LINES)) {
    findings.problems++;
    yield {
      kind: 'problem',
      sentence: `restic found damage: ${line}`,
      details: { problem: 'restic', part, ...packIn(line) },
      reason: because('copy-program-said', { words: line }),
    };
  }
  if (lines.length > 0) {
    findings.unproven.push('The repository is damaged: what depends on the damaged parts is not proven.');
    return lines;
  }
  findings.proven.push('Its structure is whole, by restic’s own check.');
  findings.reasons.proven.push(because('copy-part-read', { part: at ?? 1, parts: of ?? 1 }));
  if (of === 1) findings.proven.push('All of its data was read and compared with its hashes.');
  else {
    findings.proven.push(`Part ${at} of ${of} of its data was read and compared with its hashes.`);
    findings.unproven.push(`The other ${(of ?? 0) - 1} parts of its data were not read this time.`);
  }
  return lines;
}

async function* healed(
  repository: Repository,
  vault: Vault,
  checked: { readonly part: string; readonly found: readonly string[] },
  findings: Findings,
  options: Pick<VerifyOptions, 'signal'> & Limit,
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const { part } = checked;
  const healing = healRepository(repository, vault, checked, options);
  const isWhole = yield* polled(healing, repairing);
  if (!isWhole) return;
  findings.repaired = findings.problems;
  findings.unproven.length = 0;
  findings.proven.push('Damaged parts were dropped and sent again, and the check is clean now.');
  const [at = 1, of = 1] = part.split('/').map(Number);
  findings.reasons.proven.push(because('copy-part-read', { part: at, parts: of }));
  yield {
    kind: 'repaired',
    sentence: 'What was damaged there was sent again from the vault.',
    details: { problem: 'restic', part },
    problems: findings.problems,
  };
}

/** Compares a snapshot with the vault; to repair, one that is not whole is stored again, and compared once more. */
async function* compared(
  repository: Repository,
  vault: Vault,
  about: Compared,
  findings: Findings,
  { repair = false, bytesPerSecond, signal }: VerifyOptions & Limit,
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const { record, stored: incomplete } = about;
  const before = findings.problems;
  if ((yield* compareSnapshot(repository, vault, about, findings, signal)) || !repair) return;
  try {
    const storing = stageAndStoreAgain(repository, { vault, record, incomplete, bytesPerSecond, signal });
    const { resticId, isOldGone } = yield* polled(storing, repairing);
    const { id, udid, takenAt } = record;
    const problems = findings.problems - before;
    const now = { ...about, stored: [{ resticId, id, udid, takenAt, vaultId: vault.id }] };
    if (!(yield* compareSnapshot(repository, vault, now, findings, signal))) return;
    findings.repaired += problems;
    if (!isOldGone) findings.unproven.push(oldStays(record));
    yield {
      kind: 'repaired',
      sentence: `${record.device.name}, ${id} was stored there again.`,
      details: { problem: 'snapshot', snapshot: id },
      problems,
    };
  } catch (error) {
    // What the vault has lost itself it cannot send again.
    if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
  }
}

async function stageAndStoreAgain(repository: Repository, request: Omit<AgainRequest, 'staged'>): Promise<StoredAgain> {
  const { vault, record, signal } = request;
  using staging = vault.openStaging('a repair of a copy');
  const staged = await staging.stage(record, { signal });
  return await storeAgain(repository, { ...request, staged });
}

/** One in so many, each once in as many turns. */
function isItsTurn({ id }: SnapshotRecord, part: number, parts: number): boolean {
  return (Number.parseInt(id.slice(0, 8), 16) % parts) + 1 === part;
}

/** The pack that a line of restic's is about. */
function packIn(line: string): { pack?: string } {
  const [, pack] = /\bpack (?:ID does not match, want )?([0-9a-f]{64})\b/i.exec(line) ?? [];
  return pack === undefined ? {} : { pack };
}

const reading = (): VerifyCopyEvent => ({ kind: 'progress', phase: 'reading', bytes: 0, totalBytes: 0 });
const repairing = (): VerifyCopyEvent => ({ kind: 'progress', phase: 'repairing', bytes: 0, totalBytes: 0 });
