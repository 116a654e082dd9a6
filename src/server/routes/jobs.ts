import { z } from 'zod';
import { Job } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { JOB_HEALTH, SIGNED_IN } from '../access.ts';
import type { ServerContext } from '../context.ts';
import { visibleJob } from '../live/visible.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().max(64) });

export const jobRoutes = [
  route({
    method: 'GET',
    path: '/jobs',
    summary: 'What runs and what ended last, the newest first.',
    access: SIGNED_IN,
    answer: z.array(Job),
    handle: ({ principal, context }) => context.service.jobs().flatMap((job) => visibleJob(principal, job) ?? []),
  }),
  route({
    method: 'GET',
    path: '/jobs/:id',
    summary: 'One job.',
    access: JOB_HEALTH,
    params,
    answer: Job,
    handle: ({ params: { id }, principal, context }) => demandJob(context, principal, id),
  }),
  route({
    method: 'DELETE',
    path: '/jobs/:id',
    summary: 'Ask a job to stop. What it has stays: the next one goes on from there.',
    access: JOB_HEALTH,
    scope: 'operate',
    params,
    answer: 'nothing',
    handle({ params: { id }, principal, context }) {
      demandJob(context, principal, id);
      context.service.cancelJob(id);
    },
  }),
];

/** @throws {AppError} NOT_FOUND also for what somebody may not see who sees the device's other jobs. */
function demandJob({ service }: ServerContext, principal: Principal, id: string): Job {
  const job = service.job(id);
  const visible = job && visibleJob(principal, job);
  if (visible !== undefined) return visible;
  throw new AppError('NOT_FOUND', 'there is no such job, or it ended long ago');
}
