import { Job, RestoreRequest } from '../../contract/index.ts';
import { notAllowed, SIGNED_IN } from '../access.ts';
import type { ServerContext } from '../context.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';

/** It puts content on a device, so a token needs leave for content. */
const scope = 'content';

export const restoreRoutes = [
  route({
    method: 'POST',
    path: '/restore/plan',
    summary: 'Look whether a restore would work. Writes nothing; the job’s result has the checks.',
    access: SIGNED_IN,
    scope,
    body: RestoreRequest,
    answer: Job,
    status: 202,
    async handle({ body, principal, context }) {
      await demandRestorable(body, principal, context);
      return context.service.startRestore({ ...body, rehearse: true });
    },
  }),
  route({
    method: 'POST',
    path: '/restore',
    summary: 'Restore a version to a device. What is on the device is replaced.',
    access: SIGNED_IN,
    scope,
    body: RestoreRequest,
    answer: Job,
    status: 202,
    async handle({ body, principal, context }) {
      await demandRestorable(body, principal, context);
      return context.service.startRestore(body);
    },
  }),
];

/**
 * Whoever owns a version restores it, to a device of theirs or to one that nobody owns yet.
 *
 * @throws {AppError} NOT_ALLOWED
 */
async function demandRestorable(
  { snapshot, udid }: RestoreRequest,
  principal: Principal,
  { service, accounts }: ServerContext,
): Promise<void> {
  const from = (await service.snapshots()).find(({ id }) => id === snapshot)?.udid;
  if (principal.by !== 'local' && (from === undefined || !principal.owns(from))) {
    throw notAllowed('only its owner may restore this version');
  }
  if (!principal.owns(udid) && accounts.book.ownersOf(udid).length > 0) {
    throw notAllowed('the device that would be written to is somebody else’s');
  }
}
