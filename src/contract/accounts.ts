import { z } from 'zod';

/** An administrator runs the machine and sees health, not content; an owner sees the devices that are theirs. */
export const Role = z.enum(['administrator', 'owner']);
export type Role = z.infer<typeof Role>;

const name = z.string().trim().min(1).max(64);
const password = z.string().min(10, 'at least 10 characters').max(1024);

export const SignIn = z.object({ name, password: z.string().max(1024) });
export type SignIn = z.infer<typeof SignIn>;

export const NewAccount = z.object({
  name,
  password,
  roles: z.array(Role).min(1),
  /** UDIDs of the devices that are theirs. */
  devices: z.array(z.string()).default([]),
  language: z.enum(['en', 'de']).default('en'),
});
export type NewAccount = z.infer<typeof NewAccount>;

export const Account = NewAccount.omit({ password: true }).extend({ id: z.string(), createdAt: z.iso.datetime() });
export type Account = z.infer<typeof Account>;

/** Who is signed in, and what a page needs to know before anything else. */
export const Session = z.object({
  /** Absent where nobody is signed in. */
  account: Account.optional(),
  /** Whether the first account is still to be made. */
  needsSetUp: z.boolean(),
  /** To be sent back as `X-Holdfast-Csrf` with everything that changes something. */
  csrfToken: z.string().optional(),
  version: z.string(),
  /** Whether this is the demo: everything in it is made up. */
  demo: z.boolean().default(false),
});
export type Session = z.infer<typeof Session>;
