import { z } from 'zod';

const periods = z.int().nonnegative();

/** How long versions are kept. Everything has a value, so that an empty object is the rule as it comes. */
export const RetentionRule = z.object({
  /** Whether versions go by themselves after a backup. */
  automatic: z.boolean().default(true),
  /** Every version of the last so many hours. */
  allHours: periods.default(24),
  /** The last one of each of the last so many days, weeks, months. */
  dailyDays: periods.default(30),
  weeklyWeeks: periods.default(52),
  monthlyMonths: z.union([periods, z.literal('forever')]).default('forever'),
});
export type RetentionRule = z.infer<typeof RetentionRule>;
