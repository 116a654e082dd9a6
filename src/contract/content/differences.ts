import { z } from 'zod';
import { count, moment, pageOf } from './common.ts';

export const DifferencesQuery = z.object({
  /** The other version, of the same device. */
  with: z.string().regex(/^[0-9a-f]{8}$/),
});

export const KindDifference = z.object({
  kind: z.string(),
  before: count,
  after: count,
  added: count,
  changed: count,
  gone: count,
  /** One of the two could not hold it or could not be read: nothing is known of what changed. */
  isComparable: z.boolean(),
});
export type KindDifference = z.infer<typeof KindDifference>;

const version = z.object({ snapshot: z.string(), takenAt: moment });

export const Differences = z.object({
  before: version,
  after: version,
  kinds: z.array(KindDifference),
  files: KindDifference.omit({ kind: true, isComparable: true }),
});
export type Differences = z.infer<typeof Differences>;

export const ChangedItemsQuery = DifferencesQuery.extend({
  /** A kind, or `files`. */
  kind: z.string().max(40),
  change: z.enum(['added', 'changed', 'gone']),
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const ChangedItem = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string().optional(),
  at: moment.optional(),
});
export const ChangedItems = pageOf(ChangedItem);
export type ChangedItems = z.infer<typeof ChangedItems>;
