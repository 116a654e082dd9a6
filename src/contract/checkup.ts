import { z } from 'zod';
import { Reason, Verdict } from './reason.ts';

/** When everything is proven to be intact by itself, and how hard the disk is worked for it. */
export const CheckupSettings = z.strictObject({
  automatic: z.boolean().default(true),
  /** The day of the month, in local time. One that was missed is made up. */
  dayOfMonth: z.int().min(1).max(28).default(1),
  /** Larger vaults are read in slices, one a night, so that the checkup itself has little left to read. */
  slicesFromBytes: z.number().nonnegative().default(200e9),
  /** How fast the vault is read by itself, at most; as fast as one thread can when left out. */
  bytesPerSecond: z.number().positive().optional(),
  /** Whether what is damaged is fetched back at once from a copy that has it. */
  repair: z.boolean().default(true),
});
export type CheckupSettings = z.infer<typeof CheckupSettings>;

/** What a checkup looks at, in the order of its report. */
export const CheckupTopic = z.enum([
  'vault',
  'versions',
  'passwords',
  'copies',
  'backups',
  'disks',
  'space',
  'clock',
  'alarms',
  'reports',
]);
export type CheckupTopic = z.infer<typeof CheckupTopic>;

/** `repaired`: it was damaged and is proven to be whole again. `unproven`: nobody could look, which is no proof of harm. */
export const CheckupState = z.enum(['proven', 'repaired', 'failed', 'unproven']);
export type CheckupState = z.infer<typeof CheckupState>;

/** One thing that was to be proven, and what came of it. */
export const CheckupLine = z.object({
  topic: CheckupTopic,
  state: CheckupState,
  /** Whether backups are in danger where this is not proven; the rest is good to know. */
  essential: z.boolean(),
  /** What it is about, by name: a device, a copy, a disk. */
  subject: z.string().optional(),
  udid: z.string().optional(),
  /** What was found, how, and how much of it. */
  reason: Reason,
  /** What belongs to it: each damaged thing by name, what to do. */
  more: z.array(Reason).default([]),
});
export type CheckupLine = z.infer<typeof CheckupLine>;

export const CheckupCounts = z.object({
  proven: z.int().nonnegative(),
  repaired: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  unproven: z.int().nonnegative(),
});
export type CheckupCounts = z.infer<typeof CheckupCounts>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The report of one checkup, whole. Its SHA-256 is that of this object as canonical JSON; see docs/checkup.md. */
export const CheckupReport = z.object({
  format: z.literal('holdfast-checkup'),
  version: z.literal(1),
  /** "0007-2026-12-01". */
  id: z.string().regex(/^\d{4,}-\d{4}-\d\d-\d\d$/),
  /** Counts from 1 without gaps. */
  number: z.int().positive(),
  /** The report before this one; null for the first. */
  previous: z.object({ id: z.string(), sha256 }).nullable(),
  product: z.string(),
  host: z.string(),
  vault: z.object({ id: z.string(), dir: z.string() }),
  /** IANA: what its dates are written in. */
  timeZone: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Whether it was cut off and went on later. */
  resumed: z.boolean(),
  /** Whether it left out what takes long. */
  quick: z.boolean(),
  verdict: Verdict,
  summary: Reason,
  counts: CheckupCounts,
  lines: z.array(CheckupLine),
});
export type CheckupReport = z.infer<typeof CheckupReport>;

/** One checkup in the list of all. */
export const CheckupSummary = CheckupReport.pick({
  id: true,
  number: true,
  startedAt: true,
  endedAt: true,
  quick: true,
  verdict: true,
  summary: true,
  counts: true,
}).extend({ sha256 });
export type CheckupSummary = z.infer<typeof CheckupSummary>;

/** What the page about checkups shows. */
export const Checkups = z.object({
  /** Newest first. */
  reports: z.array(CheckupSummary),
  /** Absent where none is made by itself. */
  nextAt: z.iso.datetime().optional(),
  /** When one began that was cut off; it goes on where it stopped. */
  unfinishedSince: z.iso.datetime().optional(),
  /** What does not fit together in the chain of reports; none is as it should be. */
  chain: z.array(Reason),
});
export type Checkups = z.infer<typeof Checkups>;
