import { z } from 'zod';
import { Problem } from './problem.ts';

export const JobKind = z.enum([
  'backup',
  'restore',
  'encryption',
  'pair',
  'verify',
  'copy',
  'checkup',
  'take-out',
  'import',
  'forget',
]);
export type JobKind = z.infer<typeof JobKind>;

export const JobState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'not-confirmed']);
export type JobState = z.infer<typeof JobState>;

/** Where a job stands. Phases of a backup are those of `holdfast backup --json`. */
export const JobProgress = z.object({
  phase: z.string(),
  files: z.int().nonnegative().optional(),
  bytes: z.int().nonnegative().optional(),
  bytesPerSecond: z.number().nonnegative().optional(),
  secondsLeft: z.number().nonnegative().optional(),
  /** Of the whole, 0 to 1; absent where it cannot be told. Never goes backwards. */
  fraction: z.number().min(0).max(1).optional(),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** One thing the service does, or did since it started. */
export const Job = z.object({
  id: z.string(),
  kind: JobKind,
  state: JobState,
  /** Of the device it is about. */
  udid: z.string().optional(),
  /** Whether the service began it by a rule. */
  automatic: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  progress: JobProgress.optional(),
  /** Whether the device waits for its passcode at this moment. */
  asksPasscode: z.boolean().default(false),
  /** Sentences that were told on the way, the newest last. */
  warnings: z.array(z.string()).default([]),
  problem: Problem.optional(),
  /** The snapshot a backup became. */
  snapshot: z.string().optional(),
  /** What kinds of job say more: a plan, a report's name. */
  result: z.record(z.string(), z.unknown()).optional(),
});
export type Job = z.infer<typeof Job>;
