import { z } from 'zod';

/** An administrator runs the machine and sees health, not content; an owner sees the devices that are theirs. */
export const Role = z.enum(['administrator', 'owner']);
export type Role = z.infer<typeof Role>;

/** What an API token may do, never more than its account: look, start work, change the machine, read what is in backups. */
export const TokenScope = z.enum(['status', 'operate', 'administer', 'content']);
export type TokenScope = z.infer<typeof TokenScope>;

const name = z.string().trim().min(1).max(64);
const password = z.string().min(10, 'at least 10 characters').max(1024);
/** One that is there already: whatever was allowed when it was chosen. */
const presentPassword = z.string().max(1024);
const udids = z.array(z.string().min(1).max(64)).max(256);

export const SignIn = z.object({ name, password: presentPassword });
export type SignIn = z.infer<typeof SignIn>;

export const NewAccount = z.object({
  name,
  password,
  roles: z.array(Role).min(1).max(2),
  /** UDIDs of the devices that are theirs. */
  devices: udids.default([]),
  language: z.enum(['en', 'de']).default('en'),
});
export type NewAccount = z.infer<typeof NewAccount>;

export const Account = NewAccount.omit({ password: true }).extend({ id: z.string(), createdAt: z.iso.datetime() });
export type Account = z.infer<typeof Account>;

/** What is not mentioned stays. */
export const AccountPatch = z.object({
  name: name.optional(),
  roles: z.array(Role).min(1).max(2).optional(),
  devices: udids.optional(),
  language: z.enum(['en', 'de']).optional(),
});
export type AccountPatch = z.infer<typeof AccountPatch>;

/** One's own needs the present one; an administrator sets another's without. Every session of the account ends. */
export const PasswordChange = z.object({ present: presentPassword.optional(), password });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** The first account. Who makes it has read the code where the service was started. */
export const SetUp = z.object({
  code: z.string().max(64),
  name,
  password,
  language: z.enum(['en', 'de']).default('en'),
});
export type SetUp = z.infer<typeof SetUp>;

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

/** One place where an account is signed in. */
export const SignedInPlace = z.object({
  id: z.string(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  address: z.string(),
  /** As the browser calls itself. */
  userAgent: z.string(),
});
export type SignedInPlace = z.infer<typeof SignedInPlace>;

export const NewToken = z.object({
  name,
  scopes: z.array(TokenScope).min(1).max(4),
  expiresAt: z.iso.datetime().optional(),
});
export type NewToken = z.infer<typeof NewToken>;

export const ApiToken = NewToken.extend({
  id: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
});
export type ApiToken = z.infer<typeof ApiToken>;

/** The only time the token itself is told: it is kept as a hash. */
export const MadeToken = ApiToken.extend({ token: z.string() });
export type MadeToken = z.infer<typeof MadeToken>;
