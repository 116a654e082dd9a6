import { createHash, randomInt } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { because, type Reason } from '../../contract/index.ts';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { polled } from '../../shared/polled.ts';
import { formatSize } from '../../shared/size.ts';
import { newestOfEach, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { newestOf, type VerifyCopyEvent, type VerifyOptions } from '../copy.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';
import { healRepository } from './heal.ts';

/** Files of each device's newest snapshot that are read back and compared, besides those without which it is nothing. */
const SAMPLED_FILES = 10;
const ALWAYS_SAMPLED = ['Manifest.db', 'Manifest.plist'];
/** Of restic's words about damage so many lines are passed on. */
const PASSED_ON_LINES = 20;

interface SampledFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** How fast what is damaged there may be sent again. */
interface Limit {
  readonly bytesPerSecond?: number | undefined;
}

interface Findings {
  problems: number;
  repaired: number;
  readonly proven: string[];
  readonly unproven: string[];
  readonly reasons: { readonly proven: Reason[]; readonly unproven: Reason[] };
}

/**
 * Proves as much of a repository as one run can: restic's own check with one part of the data read, that every
 * snapshot of the vault is there, that the newest of each device has every file in its size, and that a sample of
 * files comes back byte for byte.
 *
 * @param options.parts in how many parts the data is read; `part`, from 1 on, is the one to be read now.
 */
export async function* verifyRestic(
  repository: Repository,
  vault: Vault,
  options: VerifyOptions & Limit & { readonly parts: number },
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const { signal, parts, part = randomInt(parts) + 1, repair = false } = options;
  const findings: Findings = {
    problems: 0,
    repaired: 0,
    proven: [],
    unproven: [],
    reasons: { proven: [], unproven: [] },
  };
  yield* checkData(repository, `${part}/${parts}`, findings, signal);
  if (repair && findings.problems > 0) yield* healed(repository, vault, `${part}/${parts}`, findings, options);
  const stored = await repository.snapshots(signal);
  // Of one that was stored twice, the newer counts: they come newest first.
  const there = new Map(stored.toReversed().map((each) => [each.id, each]));
  const newest = newestOfEach(
    vault.snapshots().filter(({ id }) => there.has(id)),
    new Date(),
  );
  for (const record of newest) {
    const snapshot = there.get(record.id);
    if (snapshot !== undefined) yield* compareSnapshot(repository, vault, record, snapshot, findings, signal);
  }
  const absent = vault.snapshots().filter(({ id }) => !there.has(id)).length;
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
): AsyncGenerator<VerifyCopyEvent, undefined> {
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
    return;
  }
  findings.proven.push('Its structure is whole, by restic’s own check.');
  findings.reasons.proven.push(because('copy-part-read', { part: at ?? 1, parts: of ?? 1 }));
  if (of === 1) findings.proven.push('All of its data was read and compared with its hashes.');
  else {
    findings.proven.push(`Part ${at} of ${of} of its data was read and compared with its hashes.`);
    findings.unproven.push(`The other ${(of ?? 0) - 1} parts of its data were not read this time.`);
  }
}

async function* healed(
  repository: Repository,
  vault: Vault,
  part: string,
  findings: Findings,
  options: Pick<VerifyOptions, 'signal'> & Limit,
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const healing = healRepository(repository, vault, part, options);
  const isWhole = yield* polled(healing, () => ({ ...reading(), phase: 'repairing' as const }));
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
  };
}

async function* compareSnapshot(
  repository: Repository,
  vault: Vault,
  record: SnapshotRecord,
  { resticId }: StoredSnapshot,
  findings: Findings,
  signal: AbortSignal | undefined,
): AsyncGenerator<VerifyCopyEvent, undefined> {
  const name = `${record.device.name}, ${record.id}`;
  const before = findings.problems - findings.repaired;
  const details = { problem: 'snapshot', snapshot: record.id };
  try {
    using view = vault.openSnapshot(record);
    const found = new Map(
      (yield* polled(repository.files(resticId, signal), () => comparing(0))).map((each) => [each.path, each]),
    );
    const wanted: SampledFile[] = [];
    for (const { directory, entry } of view.entries()) {
      if (entry.kind !== 'file') continue;
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      wanted.push({ path, sha256: entry.sha256, sizeBytes: entry.sizeBytes });
    }
    const wrong = wanted.filter(({ path, sizeBytes }) => found.get(`/${record.udid}/${path}`)?.sizeBytes !== sizeBytes);
    if (wrong.length > 0) {
      findings.problems++;
      yield {
        kind: 'problem',
        sentence: `${name} lacks ${wrong.length} files there.`,
        details,
        reason: because('copy-lacks-files', { version: record.id, files: wrong.length }),
      };
    }
    const sample = sampleOf(wanted);
    const bytes = sample.reduce((sum, each) => sum + each.sizeBytes, 0);
    const differing = yield* polled(differingOf(repository, resticId, vault, record.udid, sample, signal), () =>
      comparing(bytes),
    );
    for (const path of differing) {
      findings.problems++;
      yield {
        kind: 'problem',
        sentence: `${path} of ${name} does not come back as it was.`,
        details: { ...details, path },
        reason: because('copy-differs', { version: record.id, path }),
      };
    }
    if (findings.problems - findings.repaired === before) {
      findings.proven.push(`Every file of ${name} is there in its size.`);
      findings.proven.push(`A sample of it came back byte for byte: ${sample.length} files, ${formatSize(bytes)}.`);
      const { id: version, device } = record;
      findings.reasons.proven.push(
        because('copy-sample', { device: device.name, version, files: sample.length, bytes }),
      );
    }
  } catch (error) {
    if (!isAppError(error, 'SNAPSHOT_CORRUPT', 'COPY_FAILED')) throw error;
    findings.problems++;
    yield {
      kind: 'problem',
      sentence: `${name} could not be compared: ${error.message}.`,
      details,
      reason: because('copy-broken', { error: error.code }),
    };
  }
}

function sampleOf<T extends { readonly path: string }>(files: readonly T[]): T[] {
  const sample = new Set(files.filter(({ path }) => ALWAYS_SAMPLED.includes(path)));
  for (let turn = 0; turn < SAMPLED_FILES && files.length > 0; turn++) {
    const file = files[randomInt(files.length)];
    if (file !== undefined) sample.add(file);
  }
  return [...sample];
}

/** Restores files, and tells which of them are not what they should be. */
async function differingOf(
  repository: Repository,
  resticId: string,
  vault: Vault,
  udid: string,
  files: readonly SampledFile[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  using staging = vault.openStaging('a verification of a copy');
  const dir = staging.makeTemporary();
  try {
    const paths = files.map(({ path }) => `/${udid}/${path}`);
    await repository.restore(resticId, dir, { paths, signal });
    const differing: string[] = [];
    for (const { path, sha256 } of files) {
      if ((await hashOf(join(dir, udid, path))) !== sha256) differing.push(path);
    }
    return differing;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @returns undefined when it is not there. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The pack that a line of restic's is about. */
function packIn(line: string): { pack?: string } {
  const [, pack] = /\bpack (?:ID does not match, want )?([0-9a-f]{64})\b/i.exec(line) ?? [];
  return pack === undefined ? {} : { pack };
}

const reading = (): VerifyCopyEvent => ({ kind: 'progress', phase: 'reading', bytes: 0, totalBytes: 0 });
const comparing = (totalBytes: number): VerifyCopyEvent => {
  return { kind: 'progress', phase: 'comparing', bytes: 0, totalBytes };
};
