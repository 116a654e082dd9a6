import type { SnapshotRecord } from '../snapshots/record.ts';

let serial = 0;

/** A record of a snapshot that was taken and finished at a time. */
export function snapshotAt(time: string | Date, facts: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const takenAt = new Date(time);
  return {
    id: (serial++).toString(16).padStart(8, '0'),
    udid: '00008110-000A1B2C3D4E5F60',
    takenAt,
    startedAt: takenAt,
    finishedAt: takenAt,
    kind: 'incremental',
    encrypted: true,
    list: { sha256: '0'.repeat(64), files: 1000, bytes: 1e9 },
    newBytes: 1e7,
    device: { name: "Ada's iPhone", productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
    checks: {},
    warnings: 0,
    ...facts,
  };
}

/** "2026-11-22T10:43", as a clock in UTC shows it. */
export function timesOf(records: Iterable<SnapshotRecord>): string[] {
  return Array.from(records, ({ takenAt }) => takenAt.toISOString().slice(0, 16));
}
