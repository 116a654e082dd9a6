import type { SnapshotLabels } from '../labels/label-file.ts';
import type { SnapshotRecord } from './record.ts';

/**
 * How many things are known to be wrong with what a version holds: what its last deep verification found, or, before
 * there was one, what it was known to lack when it was taken in. 0 does not say that it is whole.
 */
export function knownProblems(record: SnapshotRecord, labels: SnapshotLabels = {}): number {
  if (labels.deepVerifyProblems !== undefined) return labels.deepVerifyProblems;
  if (labels.deepVerifiedAt !== undefined) return 0;
  const { isDamaged, missing } = lackedAtFirst(record);
  return isDamaged ? 1 : missing;
}

/** What a version was known to lack when it was taken in: its list of files, or so many of them. */
export function lackedAtFirst({ checks }: SnapshotRecord): { isDamaged: boolean; missing: number } {
  const { manifest, missing } = checks;
  return { isDamaged: manifest === 'damaged', missing: typeof missing === 'number' ? missing : 0 };
}
