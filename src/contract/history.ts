import { z } from 'zod';
import { LinkKind } from './overview.ts';
import { Reason } from './reason.ts';

/** One try with a device, or a moment at which it was due and nothing could be started. */
export const TryEntry = z.object({
  at: z.iso.datetime(),
  kind: z.string(),
  outcome: z.enum(['done', 'failed', 'cancelled', 'not-confirmed', 'skipped', 'interrupted']),
  code: z.string().optional(),
  snapshot: z.string().optional(),
  sentence: z.string().optional(),
  hint: z.string().optional(),
  connection: LinkKind.optional(),
  /** Whether it happened by itself, by a rule. */
  automatic: z.boolean().optional(),
  /** What was waited for, where it was skipped. */
  reasons: z.array(Reason).optional(),
  startedAt: z.iso.datetime().optional(),
  /** Whether the device asked for its passcode. */
  asked: z.boolean().optional(),
});
export type TryEntry = z.infer<typeof TryEntry>;
