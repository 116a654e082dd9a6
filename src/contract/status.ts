import { z } from 'zod';
import { Reason, Verdict } from './reason.ts';

/** What something lies on, as far as that can be told. */
export const Medium = z.object({
  /** `device`: in the phone itself. `network`: another computer. `cloud`: a service on the internet. */
  kind: z.enum(['device', 'disk', 'removable', 'network', 'cloud', 'unknown']),
  /** "Samsung SSD 870", "nas.lan", "s3.eu-central-1.amazonaws.com". */
  name: z.string().optional(),
});
export type Medium = z.infer<typeof Medium>;

/** One place in which the data of a device lies. */
export const KeptPlace = z.object({
  kind: z.enum(['phone', 'vault', 'copy', 'icloud']),
  /** Of a copy. */
  name: z.string().optional(),
  medium: Medium,
  offSite: z.boolean(),
  /** When the device was as it is there; of the phone itself, when it was last seen. Absent where nothing is. */
  at: z.iso.datetime().optional(),
  /** How many versions lie there, where that is known. */
  versions: z.int().nonnegative().optional(),
  /** When it was last proven. */
  provenAt: z.iso.datetime().optional(),
  /** Whether it counts among the copies; nobody counts what cannot be looked at. */
  counts: z.boolean(),
  verdict: Verdict,
  /** What is to be said of this place. */
  reasons: z.array(Reason),
});
export type KeptPlace = z.infer<typeof KeptPlace>;

/** Three copies, two media, one elsewhere: one device in one picture. */
export const DeviceStatus = z.object({
  udid: z.string(),
  name: z.string(),
  model: z.string().optional(),
  verdict: Verdict,
  /** The sentence that matters most first. Never empty. */
  reasons: z.array(Reason),
  /** What to do, the most urgent first; nothing where all is well. */
  steps: z.array(Reason),
  /** The device itself counted. */
  copies: z.int().nonnegative(),
  media: z.int().nonnegative(),
  offSite: z.int().nonnegative(),
  /** When its newest version was last proven to come back, wherever. */
  provenAt: z.iso.datetime().optional(),
  /** The phone, the vault, each copy, iCloud. */
  places: z.array(KeptPlace),
});
export type DeviceStatus = z.infer<typeof DeviceStatus>;

export const Status = z.object({
  at: z.iso.datetime(),
  verdict: Verdict,
  summary: Reason,
  /** Where the vault is, and why it cannot be looked at, where that is so. */
  vault: z.object({
    dir: z.string(),
    medium: Medium,
    freeBytes: z.number().nonnegative().optional(),
    problem: Reason.optional(),
  }),
  /** Why nobody knows which copies there are, where that is so. */
  copiesProblem: Reason.optional(),
  devices: z.array(DeviceStatus),
});
export type Status = z.infer<typeof Status>;
