import { z } from 'zod';
import { SIGNED_IN } from '../access.ts';
import { route } from '../route.ts';

export const documentRoutes = [
  route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    access: SIGNED_IN,
    answer: z.record(z.string(), z.unknown()),
    handle: ({ context }) => context.openApi(),
  }),
];
