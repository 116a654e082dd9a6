import { z } from 'zod';
import { CopyOverview, Job } from '../../contract/index.ts';
import { ADMINISTRATOR } from '../access.ts';
import { route } from '../route.ts';

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
    path: '/copies/:name/run',
    summary: 'Bring a copy up to date, or read it back.',
    access: ADMINISTRATOR,
    scope: 'operate',
    params: z.object({ name: z.string().min(1).max(200) }),
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
