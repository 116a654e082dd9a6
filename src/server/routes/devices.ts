import { z } from 'zod';
import { DeviceOverview, Job, Overview, SnapshotSummary, TryEntry } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { DEVICE_HEALTH, SIGNED_IN } from '../access.ts';
import { seesDevice, seesJob, visibleOverview } from '../live/visible.ts';
import { route } from '../route.ts';

const params = z.object({ udid: z.string().min(1).max(64) });

export const deviceRoutes = [
  route({
    method: 'GET',
    path: '/overview',
    summary: 'How everything stands that one may see: the first page.',
    access: SIGNED_IN,
    answer: Overview,
    handle: async ({ principal, context }) => visibleOverview(principal, await context.service.overview()),
  }),
  route({
    method: 'GET',
    path: '/snapshots',
    summary: 'The versions of all devices one may see, the newest first.',
    access: SIGNED_IN,
    answer: z.array(SnapshotSummary),
    handle: async ({ principal, context }) =>
      (await context.service.snapshots()).filter(({ udid }) => seesDevice(principal, udid)),
  }),
  route({
    method: 'GET',
    path: '/devices/:udid',
    summary: 'One device as the first page shows it.',
    access: DEVICE_HEALTH,
    params,
    answer: DeviceOverview,
    async handle({ params: { udid }, context }) {
      const device = await context.service.device(udid);
      if (device !== undefined) return device;
      throw new AppError('DEVICE_NOT_FOUND', 'this device was never heard of here');
    },
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/snapshots',
    summary: 'Its versions, the newest first.',
    access: DEVICE_HEALTH,
    params,
    answer: z.array(SnapshotSummary),
    handle: ({ params: { udid }, context }) => context.service.snapshots(udid),
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/history',
    summary: 'Every try with it, the newest first, with the reason of each that was skipped.',
    access: DEVICE_HEALTH,
    params,
    answer: z.array(TryEntry),
    handle: ({ params: { udid }, context }) => context.service.history(udid),
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/jobs',
    summary: 'What is done with it now, and what was done last.',
    access: DEVICE_HEALTH,
    params,
    answer: z.array(Job),
    handle: ({ params: { udid }, principal, context }) =>
      context.service.jobs().filter((job) => job.udid === udid && seesJob(principal, job)),
  }),
  route({
    method: 'POST',
    path: '/devices/:udid/backup',
    summary: 'Back it up now. It may ask for its passcode.',
    access: DEVICE_HEALTH,
    params,
    body: z.object({ full: z.boolean().default(false) }),
    answer: Job,
    status: 202,
    handle: ({ params: { udid }, body, context }) => context.service.startBackup(udid, body),
  }),
];
