import { z } from 'zod';

/**
 * Why something is as it is, in a form that every language can say: the code names a sentence in `words/`, the values
 * fill it. Times are ISO 8601 in UTC.
 */
export const Reason = z.object({
  code: z.string().regex(/^[a-z][a-z0-9-]*$/),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export type Reason = z.infer<typeof Reason>;

/** How a device, a copy or all of it stands. Never shown by colour alone. */
export const Verdict = z.enum(['safe', 'attention', 'at-risk', 'unknown']);
export type Verdict = z.infer<typeof Verdict>;
