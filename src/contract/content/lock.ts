import { z } from 'zod';
import { moment } from './common.ts';

/** Whether the content of a version can be read in this session. */
export const ContentLock = z.object({
  snapshot: z.string(),
  state: z.enum(['locked', 'unlocked']),
  /** Whether a password is asked for. Versions without encryption open by themselves. */
  needsPassword: z.boolean(),
  /** Whether the password kept on this computer may be used, because the owner has chosen that. */
  canUseKept: z.boolean(),
  /** Whether unlocking without a password opens it: with the kept one, or with the one this session has given already. */
  opensUnasked: z.boolean(),
  /** When it locks by itself, if nothing is read until then. */
  locksAt: moment.optional(),
});
export type ContentLock = z.infer<typeof ContentLock>;

/** Without a password, the one kept on this computer is tried where its owner has chosen that. */
export const UnlockContent = z.object({ password: z.string().min(1).max(1024).optional() });
export type UnlockContent = z.infer<typeof UnlockContent>;

/** Whether the kept backup password of a device opens its versions for the one who is signed in. */
export const KeptPasswordUse = z.object({
  useKept: z.boolean(),
  /** The backup password, as the proof that it is theirs to choose. Needed to turn it on. */
  password: z.string().min(1).max(1024).optional(),
});
export type KeptPasswordUse = z.infer<typeof KeptPasswordUse>;
