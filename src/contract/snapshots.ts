import { z } from 'zod';

/** One version of one device, as a list shows it. */
export const SnapshotSummary = z.object({
  id: z.string(),
  udid: z.string(),
  deviceName: z.string(),
  productVersion: z.string(),
  takenAt: z.iso.datetime(),
  kind: z.enum(['full', 'incremental', 'import']),
  encrypted: z.boolean(),
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** That the vault did not hold before. */
  newBytes: z.int().nonnegative(),
  pinned: z.boolean(),
  name: z.string().optional(),
  note: z.string().optional(),
  deepVerifiedAt: z.iso.datetime().optional(),
  /** Also without a deep verification, where the version was known to lack something when it was taken in. */
  deepVerifyProblems: z.int().optional(),
  warnings: z.int().nonnegative(),
});
export type SnapshotSummary = z.infer<typeof SnapshotSummary>;
