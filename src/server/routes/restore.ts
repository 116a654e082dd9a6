import { z } from 'zod';
import { Job, RestoreRequest, VersionApps } from '../../contract/index.ts';
import { notAllowed, SIGNED_IN, SNAPSHOT_CONTENT } from '../access.ts';
import { tryBackupPasswordsInJob } from '../backup-passwords.ts';
import type { ServerContext } from '../context.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';

/** It puts content on a device, so a token needs leave for content. */
const scope = 'content';

export const restoreRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/apps',
    summary: 'The apps of a version, whose data can be restored by itself.',
    access: SNAPSHOT_CONTENT,
    params: z.object({ id: z.string().regex(/^[0-9a-f]{8}$/) }),
    answer: VersionApps,
    handle: ({ params: { id }, context }) => context.service.versionApps(id),
  }),
  route({
    method: 'POST',
    path: '/restore/plan',
    summary: 'Look whether a restore would work. Writes nothing; the job’s result has the checks.',
    access: SIGNED_IN,
    scope,
    body: RestoreRequest,
    answer: Job,
    status: 202,
    handle({ body, principal, context }) {
      return start({ ...body, rehearse: true }, principal, context);
    },
  }),
  route({
    method: 'POST',
    path: '/restore',
    summary: 'Restore a version to a device: what is on it is replaced. With `only`, parts of it, and the rest stays.',
    access: SIGNED_IN,
    scope,
    body: RestoreRequest,
    answer: Job,
    status: 202,
    handle({ body, principal, context }) {
      return start(body, principal, context);
    },
  }),
];

async function start(request: RestoreRequest, principal: Principal, context: ServerContext): Promise<Job> {
  const from = await demandRestorable(request, principal, context);
  const { udid, password, devicePassword } = request;
  const tried = [...(password === undefined ? [] : [from]), ...(devicePassword === undefined ? [] : [udid])];
  return tryBackupPasswordsInJob({ principal, context }, tried, () => context.service.startRestore(request));
}

/**
 * Whoever owns a version restores it, to a device of theirs or to one that nobody owns yet. Parts are exchanged in what
 * the device holds, which is counted and told: they go to devices of theirs alone.
 *
 * @returns the device whose version it is; the version's id where there is none of that id.
 * @throws {AppError} NOT_ALLOWED
 */
async function demandRestorable(
  { snapshot, udid, only }: RestoreRequest,
  principal: Principal,
  { service, accounts }: ServerContext,
): Promise<string> {
  const from = (await service.snapshots()).find(({ id }) => id === snapshot)?.udid;
  if (principal.by !== 'local' && (from === undefined || !principal.owns(from))) {
    throw notAllowed('only its owner may restore this version');
  }
  if (only !== undefined && !principal.owns(udid)) {
    throw notAllowed(
      'parts of a version are restored to devices of yours only',
      'Who owns a device is set under Accounts.',
    );
  }
  if (!principal.owns(udid) && accounts.book.ownersOf(udid).length > 0) {
    throw notAllowed('the device that would be written to is somebody else’s');
  }
  return from ?? snapshot;
}
