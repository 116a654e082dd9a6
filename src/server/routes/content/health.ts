import { z } from 'zod';
import { HealthOverview, HealthSeries, HealthSeriesQuery, PageQuery, Workouts } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const healthDataRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/health',
    summary: 'What was measured, the most first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: HealthOverview,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readHealth(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/health/types/:type',
    summary: 'What a chart shows: a value for each day, week or month.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ type: z.coerce.number().int() }),
    query: HealthSeriesQuery,
    answer: HealthSeries,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.readHealthSeries(unlocked, call.params.type, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/health/workouts',
    summary: 'Workouts, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: Workouts,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listWorkouts(unlocked, call.query)),
  }),
];
