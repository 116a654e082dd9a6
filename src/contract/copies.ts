import { z } from 'zod';

/** One try of bringing a copy up to date, or of proving it. */
export const CopyAttempt = z.object({
  at: z.iso.datetime(),
  outcome: z.enum(['done', 'failed', 'cancelled', 'not-connected']),
  sentence: z.string().optional(),
  hint: z.string().optional(),
  newBytes: z.number().nonnegative().optional(),
  problems: z.number().nonnegative().optional(),
  repaired: z.number().nonnegative().optional(),
});
export type CopyAttempt = z.infer<typeof CopyAttempt>;

/** The vault in another place, as it stands. */
export const CopyOverview = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'restic']),
  /** Where it is, without anything secret. */
  place: z.string(),
  offSite: z.boolean(),
  everyHours: z.number().positive(),
  window: z.object({ from: z.string(), to: z.string() }).optional(),
  isDue: z.boolean(),
  lastRun: CopyAttempt.optional(),
  lastDone: CopyAttempt.optional(),
  lastVerify: CopyAttempt.optional(),
  /** When it was last read back, at least in part, and found to be whole. */
  provenAt: z.iso.datetime().optional(),
  /** Since when all of it has been read back at least once. */
  allReadSince: z.iso.datetime().optional(),
  /** The newest version of each device there, by UDID. */
  newest: z.record(z.string(), z.object({ snapshot: z.string(), takenAt: z.iso.datetime() })),
  /** The job that runs for it now. */
  job: z.string().optional(),
});
export type CopyOverview = z.infer<typeof CopyOverview>;
