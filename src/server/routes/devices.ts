import { z } from 'zod';
import {
  BackupRule,
  DeviceOverview,
  DeviceRule,
  DeviceStatus,
  EncryptionRequest,
  Job,
  LostPhone,
  Overview,
  RuleChange,
  RulePatch,
  RulePreview,
  SnapshotSummary,
  TryEntry,
} from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { DEVICE_CONTENT, DEVICE_HEALTH, SIGNED_IN } from '../access.ts';
import type { ServerContext } from '../context.ts';
import { visibleJob, visibleOverview } from '../live/visible.ts';
import type { Principal } from '../principal.ts';
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
    path: '/devices/:udid/status',
    summary: 'Where its versions lie, on what, how old they are, and when that was proven.',
    access: DEVICE_HEALTH,
    params,
    answer: DeviceStatus,
    async handle({ params: { udid }, context }) {
      const { devices } = await context.service.status();
      return devices.find((device) => device.udid === udid) ?? neverHeardOf();
    },
  }),
  route({
    method: 'GET',
    path: '/devices/:udid',
    summary: 'One device as the first page shows it.',
    access: DEVICE_HEALTH,
    params,
    answer: DeviceOverview,
    async handle({ params: { udid }, context }) {
      return (await context.service.device(udid)) ?? neverHeardOf();
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
      context.service.jobs().flatMap((job) => (job.udid === udid ? (visibleJob(principal, job) ?? []) : [])),
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
  route({
    method: 'POST',
    path: '/devices/:udid/pair',
    summary: 'Pair with it over a cable. It belongs to whoever does that, unless it has an owner.',
    access: DEVICE_HEALTH,
    params,
    body: z.object({}),
    answer: Job,
    status: 202,
    async handle({ params: { udid }, principal, context }) {
      const job = await context.service.startPairing(udid);
      void claimWhenDone(context, principal, job);
      return job;
    },
  }),
  route({
    method: 'POST',
    path: '/devices/:udid/encryption',
    summary: 'Turn the encryption of its backups on or off, or change the password. It asks for its passcode.',
    access: DEVICE_CONTENT,
    params,
    body: z.object({ change: EncryptionRequest, keep: z.boolean().default(false) }),
    answer: Job,
    status: 202,
    handle: ({ params: { udid }, body: { change, keep }, context }) =>
      context.service.changeEncryption(udid, change, { keep }),
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/lost',
    summary: 'What helps when it is lost: its numbers, when it was last seen and backed up.',
    access: DEVICE_CONTENT,
    params,
    answer: LostPhone,
    async handle({ params: { udid }, context }) {
      return (await context.service.lostPhone(udid)) ?? neverHeardOf();
    },
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/rule',
    summary: 'When it is backed up by itself.',
    access: DEVICE_HEALTH,
    params,
    answer: DeviceRule,
    handle: ({ params: { udid }, context }) => ruleOf(context, udid),
  }),
  route({
    method: 'PATCH',
    path: '/devices/:udid/rule',
    summary: 'Change that; null takes a value back to what it is for all devices.',
    access: DEVICE_HEALTH,
    params,
    body: RuleChange,
    answer: DeviceRule,
    async handle({ params: { udid }, body, context }) {
      await context.service.settings.write({ devices: { [udid]: { rule: body } } });
      return ruleOf(context, udid);
    },
  }),
  route({
    method: 'POST',
    path: '/devices/:udid/rule/preview',
    summary: 'What would come of such a rule: when it would be backed up next. Changes nothing.',
    access: DEVICE_HEALTH,
    params,
    body: RulePatch.strict(),
    answer: RulePreview,
    async handle({ params: { udid }, body, context: { service } }) {
      const rule = BackupRule.parse({ ...service.settings.read().rule, ...body });
      return (await service.previewRule(udid, rule)) ?? neverHeardOf();
    },
  }),
];

function neverHeardOf(): never {
  throw new AppError('DEVICE_NOT_FOUND', 'this device was never heard of here');
}

function ruleOf({ service }: ServerContext, udid: string): DeviceRule {
  const settings = service.settings.read();
  const said = settings.devices[udid]?.rule ?? {};
  return { said, rule: BackupRule.parse({ ...settings.rule, ...said }) };
}

/** Whoever has it in hand and was trusted by it may have it, if nobody else does. */
async function claimWhenDone(
  { service, accounts, live }: ServerContext,
  principal: Principal,
  job: Job,
): Promise<void> {
  const ended = await service.waitForJob(job.id);
  const { account } = principal;
  if (ended?.state !== 'done' || ended.udid === undefined || account === undefined) return;
  if (accounts.book.claim(account.id, ended.udid)) live.tell({ event: 'changed', what: 'accounts' });
}
