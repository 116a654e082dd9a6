import { createHash, randomInt } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { because, type Reason } from '../../contract/index.ts';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { polled } from '../../shared/flow/polled.ts';
import { formatSize } from '../../shared/text/size.ts';
import type { SnapshotRecord, Vault } from '../../vault/index.ts';
import type { VerifyCopyEvent } from '../copy.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';

/** Files of each device's newest snapshot that are read back and compared, besides those without which it is nothing. */
const SAMPLED_FILES = 10;
const ALWAYS_SAMPLED = ['Manifest.db', 'Manifest.plist'];
interface SampledFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What a verification has found so far. */
export interface Findings {
  problems: number;
  repaired: number;
  /** Ids of snapshots that were compared and are whole. */
  readonly whole: string[];
  readonly proven: string[];
  readonly unproven: string[];
  readonly reasons: { readonly proven: Reason[]; readonly unproven: Reason[] };
}

/** A snapshot of the vault, and what is there of it. */
export interface Compared {
  readonly record: SnapshotRecord;
  /** The one that counts first. */
  readonly stored: readonly StoredSnapshot[];
  readonly isNewest: boolean;
}

/**
 * Compares what is there of a snapshot with the vault: every file by its size, and of the newest a sample byte for byte.
 *
 * @returns whether it is whole; true also where nobody can say so.
 */
export async function* compareSnapshot(
  repository: Repository,
  vault: Vault,
  { record, stored: [stored], isNewest }: Compared,
  findings: Findings,
  signal: AbortSignal | undefined,
): AsyncGenerator<VerifyCopyEvent, boolean> {
  if (stored === undefined) return true;
  const { resticId } = stored;
  const name = `${record.device.name}, ${record.id}`;
  const before = findings.problems;
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
    // Without its record it is no snapshot to whoever has nothing but the copy.
    const files = wrong.length + (found.has(`/${record.udid}.snapshot.json`) ? 0 : 1);
    if (files > 0) {
      findings.problems++;
      yield {
        kind: 'problem',
        sentence: `${name} lacks ${files} ${files === 1 ? 'file' : 'files'} there.`,
        details,
        reason: because('copy-lacks-files', { version: record.id, files }),
      };
    }
    // What is missing already need not be fetched.
    const sample = isNewest && files === 0 ? sampleOf(wanted) : [];
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
    if (findings.problems > before) return false;
    findings.whole.push(record.id);
    if (isNewest) {
      findings.proven.push(`Every file of ${name} is there in its size.`);
      findings.proven.push(`A sample of it came back byte for byte: ${sample.length} files, ${formatSize(bytes)}.`);
      const { id: version, device } = record;
      findings.reasons.proven.push(
        because('copy-sample', { device: device.name, version, files: sample.length, bytes }),
      );
    }
    return true;
  } catch (error) {
    if (!isAppError(error, 'SNAPSHOT_CORRUPT', 'COPY_FAILED')) throw error;
    // A place that is full, or refuses us, and a vault that has lost something say nothing of what is there.
    const isThere = error.code === 'SNAPSHOT_CORRUPT' || error.details['isUnderstood'] === true;
    findings.problems++;
    yield {
      kind: 'problem',
      sentence: `${name} could not be compared: ${error.message}.`,
      details: isThere ? { ...details, problem: 'not-compared' } : details,
      reason: because('copy-broken', { error: error.code }),
    };
    return isThere;
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
  // Restic takes no paths for all of them.
  if (files.length === 0) return [];
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

const comparing = (totalBytes: number): VerifyCopyEvent => {
  return { kind: 'progress', phase: 'comparing', bytes: 0, totalBytes };
};
