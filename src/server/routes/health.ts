import { Health } from '../../contract/index.ts';
import { ANYONE } from '../access.ts';
import { route } from '../route.ts';

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/health',
    summary: 'Whether the service answers. Says nothing else, to nobody.',
    access: ANYONE,
    answer: Health,
    handle: () => ({ status: 'ok' as const }),
  }),
];
