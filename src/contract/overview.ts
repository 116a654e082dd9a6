import { z } from 'zod';
import { Reason, Verdict } from './reason.ts';

export const LinkKind = z.enum(['usb', 'network']);
export type LinkKind = z.infer<typeof LinkKind>;

/** One device as the first page shows it. */
export const DeviceOverview = z.object({
  udid: z.string(),
  name: z.string(),
  /** "iPhone17,1", and as people say it: "iPhone 16 Pro". */
  productType: z.string().optional(),
  model: z.string().optional(),
  productVersion: z.string().optional(),
  /** How it is reached now; absent where it is not. */
  link: LinkKind.optional(),
  lastSeenAt: z.iso.datetime().optional(),
  trusted: z.boolean(),
  locked: z.boolean().optional(),
  batteryPercent: z.int().min(0).max(100).optional(),
  onPower: z.boolean().optional(),
  /** Whether its backups are encrypted, as far as is known. */
  encrypted: z.boolean().optional(),
  verdict: Verdict,
  /** The sentence under its name, the most important first. */
  reasons: z.array(Reason),
  lastBackup: z.object({ snapshot: z.string(), at: z.iso.datetime(), bytes: z.int() }).optional(),
  /** When it is backed up next, and what is waited for. */
  next: z.object({ dueAt: z.iso.datetime().optional(), waitingFor: z.array(Reason) }),
  snapshots: z.int().nonnegative(),
  /** The last 30 days, the oldest first: what happened on each, in local time of the service. */
  days: z.array(z.object({ day: z.iso.date(), state: z.enum(['done', 'failed', 'not-confirmed', 'none']) })),
  /** Where its newest version lies besides the vault; left out where the list of copies cannot be read. */
  copies: z
    .array(
      z.object({
        name: z.string(),
        newestAt: z.iso.datetime().optional(),
        offSite: z.boolean(),
        provenAt: z.iso.datetime().optional(),
      }),
    )
    .optional(),
  /** The job that runs for it now. */
  job: z.string().optional(),
});
export type DeviceOverview = z.infer<typeof DeviceOverview>;

export const StorageOverview = z.object({
  usedBytes: z.int().nonnegative(),
  freeBytes: z.int().nonnegative().optional(),
  fullOn: z.iso.date().optional(),
});
export type StorageOverview = z.infer<typeof StorageOverview>;

export const Overview = z.object({
  verdict: Verdict,
  devices: z.array(DeviceOverview),
  storage: StorageOverview.optional(),
  lastCheckup: z.object({ at: z.iso.datetime(), verdict: Verdict }).optional(),
  alarms: z.array(z.object({ id: z.string(), udid: z.string().optional(), since: z.iso.datetime(), reason: Reason })),
});
export type Overview = z.infer<typeof Overview>;
