import { Status } from '../../contract/index.ts';
import { SIGNED_IN } from '../access.ts';
import { visibleStatus } from '../live/visible.ts';
import { route } from '../route.ts';

export const statusRoutes = [
  route({
    method: 'GET',
    path: '/status',
    summary: 'Three copies, two media, one elsewhere: where the versions of each device lie, how old, when proven.',
    access: SIGNED_IN,
    answer: Status,
    handle: async ({ principal, context }) => visibleStatus(principal, await context.service.status()),
  }),
];
