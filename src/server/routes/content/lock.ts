/** Opening and locking versions, and whether a kept password may open them. */
import { z } from 'zod';
import { ContentLock, KeptPasswordUse, UnlockContent } from '../../../contract/index.ts';
import { DEVICE_CONTENT, SNAPSHOT_CONTENT } from '../../access.ts';
import { tryBackupPassword } from '../../backup-passwords.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const lockRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/lock',
    summary: 'Whether the content of a version is open for this session, and what opens it.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: ContentLock,
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      return browsing.stateOf(context.browsing.visitorOf(principal), params.id);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/unlock',
    summary: 'Opens the content of a version for this session with its backup password. Takes some seconds.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    body: UnlockContent,
    answer: ContentLock,
    async handle({ params, body: { password }, principal, context }) {
      const { browsing } = await context.browsing.get();
      const unlock = (): Promise<ContentLock> =>
        browsing.unlock(context.browsing.visitorOf(principal), params.id, password);
      if (password === undefined) return unlock();
      const { udid } = await browsing.record(params.id);
      return tryBackupPassword({ principal, context }, udid, unlock, ({ needsPassword }) => needsPassword);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/lock',
    summary: 'Locks it again: the keys are wiped, whatever is being sent ends.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: ContentLock,
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      const visitor = context.browsing.visitorOf(principal);
      await browsing.lock(visitor, params.id);
      return browsing.stateOf(visitor, params.id);
    },
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/kept-password',
    summary: 'Whether the backup password kept on this computer opens versions of a device for this account.',
    access: DEVICE_CONTENT,
    params: z.object({ udid: z.string().min(1).max(64) }),
    answer: z.object({ useKept: z.boolean() }),
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      return { useKept: browsing.usesKeptPassword(context.browsing.visitorOf(principal), params.udid) };
    },
  }),
  route({
    method: 'PUT',
    path: '/devices/:udid/kept-password',
    summary: 'Lets the kept backup password open versions for this account, or not. To allow it takes the password.',
    access: DEVICE_CONTENT,
    scope: 'session',
    params: z.object({ udid: z.string().min(1).max(64) }),
    body: KeptPasswordUse,
    answer: z.object({ useKept: z.boolean() }),
    async handle({ params: { udid }, body: { useKept, password }, principal, context }) {
      const { browsing } = await context.browsing.get();
      const visitor = context.browsing.visitorOf(principal);
      const use = (): Promise<void> => browsing.useKeptPassword(visitor, udid, useKept, password);
      if (password === undefined || !useKept) await use();
      else await tryBackupPassword({ principal, context }, udid, use, () => false);
      return { useKept: browsing.usesKeptPassword(visitor, udid) };
    },
  }),
];
