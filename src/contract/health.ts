import { z } from 'zod';

/** For whatever watches the service from outside. */
export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;
