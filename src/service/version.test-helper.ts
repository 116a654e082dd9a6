import type { SnapshotRecord } from '../vault/index.ts';

/** The record of a version that was taken and finished at a time. */
export function versionAt(
  at: Date,
  facts: Partial<SnapshotRecord> & Pick<SnapshotRecord, 'id' | 'udid'>,
): SnapshotRecord {
  return {
    takenAt: at,
    startedAt: at,
    finishedAt: at,
    kind: 'incremental',
    encrypted: true,
    list: { sha256: '0'.repeat(64), files: 1000, bytes: 1e9 },
    newBytes: 1e8,
    device: { name: 'Anna’s iPhone', productType: 'iPhone15,2', productVersion: '18.1', buildVersion: '22B83' },
    checks: {},
    warnings: 0,
    ...facts,
  };
}
