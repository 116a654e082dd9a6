import { z } from 'zod';
import { ForgetPlan, ForgetRequest, Job, LabelChange, SnapshotSummary } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { notAllowed, SIGNED_IN, SNAPSHOT_CONTENT, SNAPSHOT_HEALTH } from '../access.ts';
import { tryBackupPasswordsInJob } from '../backup-passwords.ts';
import type { ServerContext } from '../context.ts';
import { seesDevice } from '../live/visible.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().min(1).max(64) });

export const snapshotRoutes = [
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
    path: '/snapshots/:id',
    summary: 'One version.',
    access: SNAPSHOT_HEALTH,
    params,
    answer: SnapshotSummary,
    async handle({ params: { id }, context }) {
      const found = (await context.service.snapshots()).find((snapshot) => snapshot.id === id);
      if (found !== undefined) return found;
      throw new AppError('SNAPSHOT_NOT_FOUND', 'there is no such version');
    },
  }),
  route({
    method: 'PATCH',
    path: '/snapshots/:id',
    summary: 'Pin a version, give it a name or a note; null takes them away.',
    access: SNAPSHOT_HEALTH,
    params,
    body: LabelChange,
    answer: SnapshotSummary,
    handle: ({ params: { id }, body, context }) => context.service.label(id, body),
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/verify',
    summary: 'Read one version again; deeply with its password, every file of it.',
    access: SNAPSHOT_CONTENT,
    params,
    body: z.object({ deep: z.boolean().default(true), password: z.string().min(1).max(1024).optional() }),
    answer: Job,
    status: 202,
    async handle({ params: { id }, body, principal, context }) {
      const udids = body.password === undefined ? [] : [(await SNAPSHOT_CONTENT.device({ id }, context)) ?? id];
      const verify = (): Promise<Job> => context.service.startVerify({ snapshot: id, ...defined(body) });
      return tryBackupPasswordsInJob({ principal, context }, udids, verify);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/forget/plan',
    summary: 'What forgetting these versions would remove and give back. Changes nothing.',
    access: SIGNED_IN,
    scope: 'status',
    body: ForgetRequest,
    maxBodyBytes: 1024 * 1024,
    answer: ForgetPlan,
    async handle({ body, principal, context }) {
      await demandDevicesOf(body.snapshots, principal, context);
      return context.service.planForget(body);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/forget',
    summary: 'Remove versions for good.',
    access: SIGNED_IN,
    scope: 'administer',
    body: ForgetRequest,
    maxBodyBytes: 1024 * 1024,
    answer: Job,
    status: 202,
    async handle({ body, principal, context }) {
      await demandDevicesOf(body.snapshots, principal, context);
      return context.service.startForget(body);
    },
  }),
];

/** @throws {AppError} NOT_ALLOWED for a version of a device that is not theirs, or that does not exist. */
async function demandDevicesOf(
  ids: readonly string[],
  principal: Principal,
  { service }: ServerContext,
): Promise<void> {
  if (principal.isAdministrator) return;
  const seen = (await service.snapshots()).filter(({ udid }) => seesDevice(principal, udid)).map(({ id }) => id);
  const own = new Set(seen);
  if (!ids.every((id) => own.has(id))) throw notAllowed('not all of these versions are of your devices');
}

/** Without what was not said. */
function defined<T extends { password?: string | undefined }>({
  password,
  ...rest
}: T): Omit<T, 'password'> & { password?: string } {
  return password === undefined ? rest : { ...rest, password };
}
