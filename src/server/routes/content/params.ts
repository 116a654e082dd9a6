import { z } from 'zod';

/** In every address of what is in a version. */
export const SNAPSHOT_PARAMS = z.object({ id: z.string().min(1).max(64) });

/** What names one thing of a version: Apple’s identifiers, and ours. */
export const KEY = z.string().min(1).max(500);

/** The answer of routes that give a file or a picture. */
export const BYTES = { raw: 'application/octet-stream' } as const;
