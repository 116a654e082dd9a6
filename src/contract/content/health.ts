import { z } from 'zod';
import { count, moment, pageOf } from './common.ts';

export const HealthType = z.object({
  /** For `health/types/{id}`. */
  id: z.int(),
  /** Apple's name of it: "StepCount". */
  name: z.string(),
  kind: z.enum(['quantity', 'category', 'other', 'unknown']),
  unit: z.string().optional(),
  /** How days are made of it: steps add up, heart rates are averaged, nights of sleep are counted in minutes. */
  told: z.enum(['sum', 'average', 'minutes', 'count']),
  samples: count,
});
export type HealthType = z.infer<typeof HealthType>;

export const HealthOverview = z.object({
  types: z.array(HealthType),
  workouts: count,
  person: z.object({ birthDate: z.string().optional(), sex: z.string().optional(), bloodType: z.string().optional() }),
});
export type HealthOverview = z.infer<typeof HealthOverview>;

export const HealthSeriesQuery = z.object({
  by: z.enum(['day', 'week', 'month']).default('day'),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  timeZone: z.string().max(64).optional(),
});

export const HealthSeries = z.object({
  type: HealthType,
  by: z.enum(['day', 'week', 'month']),
  /** Oldest first; spans without a sample are left out. At most 1,000, the newest. */
  points: z.array(
    z.object({
      /** The first day of the span. */
      day: z.iso.date(),
      value: z.number(),
      least: z.number().optional(),
      most: z.number().optional(),
      samples: count,
    }),
  ),
  first: moment.optional(),
  last: moment.optional(),
  isCut: z.boolean(),
  /** Watch and phone count the same steps: the larger of the sources is taken for each day. */
  bySource: z.boolean(),
});
export type HealthSeries = z.infer<typeof HealthSeries>;

export const Workout = z.object({
  id: z.string(),
  /** Apple's name of it: "Running". */
  activity: z.string(),
  at: moment.optional(),
  endAt: moment.optional(),
  durationSeconds: z.number().optional(),
  distanceKm: z.number().optional(),
  energyKcal: z.number().optional(),
  isIndoor: z.boolean().optional(),
  source: z.string().optional(),
});
/** Newest first. */
export const Workouts = pageOf(Workout);
export type Workouts = z.infer<typeof Workouts>;
