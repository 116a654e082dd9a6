import { availableMemory } from 'node:process';
import type { Backup } from '../backup.ts';
import { shrunk } from './compare.ts';
import type { DeepEvent } from './events.ts';
import { FileWalk } from './file-walk.ts';
import { survey } from './survey.ts';

export interface VerifyDeepOptions {
  /** The backup of the same device before this one, to compare with. */
  readonly previous?: Backup | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Larger databases that would have to be held in memory are not checked. */
  readonly maxDatabaseBytes?: number;
}

/** SQLite needs a copy of its own beside what was decrypted, and other programs need memory, too. */
const MEMORY_SHARE = 1 / 6;
const MAX_DATABASE_BYTES = 1024 ** 3;

/**
 * Proves that a backup can be restored, as far as that can be proved without a phone: every file that the manifest
 * names is there, is what the phone sent (where it has a digest), decrypts, and is an intact database where it is one.
 * Only reads. What is wrong with one file hides nothing of another.
 *
 * Memory does not grow with the files or their number, but for databases, which are looked into in memory.
 *
 * @throws {AppError} when the backup cannot be read at all any more; whatever is wrong with its files is a finding.
 */
export async function* verifyDeep(
  backup: Backup,
  options: VerifyDeepOptions = {},
): AsyncGenerator<DeepEvent, undefined> {
  const { previous, signal } = options;
  const maxDatabaseBytes = options.maxDatabaseBytes ?? Math.min(MAX_DATABASE_BYTES, availableMemory() * MEMORY_SHARE);
  const surveyed = survey(backup.manifest, signal);
  await using walk = new FileWalk(backup, surveyed, maxDatabaseBytes);
  for (const entry of backup.manifest.entries({ onProblem: () => {} })) {
    signal?.throwIfAborted();
    if (entry.kind !== 'file') continue;
    const work = walk.visit(entry);
    if (work) await work;
    if (walk.hasNews) yield* walk.takeEvents();
  }
  await walk.finish();
  yield* walk.takeEvents();
  if (surveyed.isCutOff) {
    const detail = 'the list of files breaks off where it is damaged: what came behind cannot be told';
    yield { kind: 'finding', finding: walk.record({ kind: 'manifest-damaged', detail }) };
  }
  if (surveyed.oddRows > 0) yield { kind: 'remark', remark: { kind: 'odd-rows', rows: surveyed.oddRows } };
  if (previous) {
    for (const remark of shrunk(survey(previous.manifest, signal), surveyed)) yield { kind: 'remark', remark };
  }
  yield { kind: 'done', summary: walk.summary() };
}
