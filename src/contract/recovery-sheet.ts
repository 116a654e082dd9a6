import { z } from 'zod';

/** A page to print: what to do with the backups when nobody remembers. */
export const RecoverySheetRequest = z.object({
  /** What of the backup password goes onto paper: nothing, all of it, or shares on pages of their own. */
  content: z
    .union([
      z.enum(['no-password', 'password']),
      z
        .object({ needed: z.int().min(2).max(20), count: z.int().min(2).max(20) })
        .refine(({ needed, count }) => needed <= count, 'no more are needed than there are'),
    ])
    .default('no-password'),
  /** Of the backups, where it goes onto paper and is not kept on the computer. */
  password: z.string().min(1).max(1024).optional(),
});
export type RecoverySheetRequest = z.infer<typeof RecoverySheetRequest>;

/** Where the pages are to be opened, by whoever asked for them, for a few minutes. */
export const RecoverySheet = z.object({
  sheet: z.string(),
  /** One for each person. */
  shares: z.array(z.string()),
  until: z.iso.datetime(),
});
export type RecoverySheet = z.infer<typeof RecoverySheet>;
