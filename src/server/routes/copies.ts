import { z } from 'zod';
import { AddedCopy, CopyOverview, CopyPatch, CopySecretsPatch, Job, NewCopy } from '../../contract/index.ts';
import { ADMINISTRATOR } from '../access.ts';
import { route } from '../route.ts';

const params = z.object({ name: z.string().min(1).max(200) });

export const copyRoutes = [
  route({
    method: 'GET',
    path: '/copies',
    summary: 'The vault in other places, as they stand.',
    access: ADMINISTRATOR,
    answer: z.array(CopyOverview),
    handle: ({ context }) => context.service.copies(),
  }),
  route({
    method: 'POST',
    path: '/copies',
    summary:
      'Set up a copy: a second vault in a folder, or a restic repository. A password that is made is told this once.',
    access: ADMINISTRATOR,
    // Whoever adds a copy has everything brought there: a token that got lost must not.
    scope: 'session',
    body: NewCopy,
    answer: AddedCopy,
    status: 201,
    async handle({ body, principal, signal, context }) {
      const attempt = isPasswordGiven(body) ? context.accounts.countTry('copy', principal) : undefined;
      const added = await context.service.copyList.add(body, signal);
      attempt?.right();
      return added;
    },
  }),
  route({
    method: 'PATCH',
    path: '/copies/:name',
    summary: 'Change how often a copy runs, when, how fast, what it keeps, and whether it is elsewhere.',
    access: ADMINISTRATOR,
    params,
    body: CopyPatch,
    answer: 'nothing',
    handle: ({ params: { name }, body, context }) => context.service.copyList.change(name, body),
  }),
  route({
    method: 'PUT',
    path: '/copies/:name/secrets',
    summary:
      'Another password or other credentials for a repository: kept once they have opened it, else the old ones stay.',
    access: ADMINISTRATOR,
    scope: 'session',
    params,
    body: CopySecretsPatch,
    answer: 'nothing',
    async handle({ params: { name }, body, principal, signal, context }) {
      const attempt = context.accounts.countTry('copy', principal);
      await context.service.copyList.changeSecrets(name, body, signal);
      attempt.right();
    },
  }),
  route({
    method: 'DELETE',
    path: '/copies/:name',
    summary: 'Forget a copy and its password; what lies in its place stays there.',
    access: ADMINISTRATOR,
    scope: 'session',
    params,
    answer: 'nothing',
    handle: ({ params: { name }, context }) => context.service.copyList.remove(name),
  }),
  route({
    method: 'POST',
    path: '/copies/:name/run',
    summary: 'Bring a copy up to date, or read it back.',
    access: ADMINISTRATOR,
    scope: 'operate',
    params,
    body: z.object({ verify: z.boolean().default(false) }),
    answer: Job,
    status: 202,
    handle: ({ params: { name }, body, context }) => context.service.startCopy(name, body),
  }),
  route({
    method: 'POST',
    path: '/verify',
    summary: 'Read everything in the vault again, and compare.',
    access: ADMINISTRATOR,
    scope: 'operate',
    body: z.object({}),
    answer: Job,
    status: 202,
    handle: ({ context }) => context.service.startVerify({ deep: false }),
  }),
];

function isPasswordGiven(copy: NewCopy): boolean {
  return copy.kind === 'restic' && copy.password !== undefined;
}
