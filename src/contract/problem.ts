import { z } from 'zod';

/** What went wrong, as the body of every answer that is no success. `code` is one of the codes in docs/exit-codes.md. */
export const Problem = z.object({
  code: z.string(),
  /** A sentence for a person. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
  /** Identifiers, counts, what the other side said: for those who look closer. Never secrets. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type Problem = z.infer<typeof Problem>;
