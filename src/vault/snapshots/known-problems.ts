import type { SnapshotLabels } from '../labels/label-file.ts';
import type { SnapshotRecord } from './record.ts';

/**
 * How many things are known to be wrong with what a version holds: what its last deep verification found, or, before
 * there was one, what it was known to lack when it was taken in. 0 does not say that it is whole.
 */
export function knownProblems({ checks }: SnapshotRecord, labels: SnapshotLabels = {}): number {
  if (labels.deepVerifyProblems !== undefined) return labels.deepVerifyProblems;
  if (labels.deepVerifiedAt !== undefined) return 0;
  const { manifest, missing } = checks;
  if (manifest === 'damaged') return 1;
  return typeof missing === 'number' ? missing : 0;
}
