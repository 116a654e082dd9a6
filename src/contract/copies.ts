import { z } from 'zod';
import { ClockWindow } from './clock-time.ts';
import { Reason } from './reason.ts';

/** So that it can name a file, and nobody has to quote it. */
export const CopyName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dots, hyphens and underscores, such as "usb-disk"');

const count = z.int().positive().max(99_999);

/**
 * What a copy keeps: the newest so many, and the last one of each of the last so many days, weeks, months and years.
 */
export const KeepThere = z
  .object({
    last: count.optional(),
    daily: count.optional(),
    weekly: count.optional(),
    monthly: count.optional(),
    yearly: count.optional(),
  })
  .refine((rule) => Object.values(rule).some((each) => each !== undefined), 'at least one of them');
export type KeepThere = z.infer<typeof KeepThere>;

/** One try of bringing a copy up to date, or of proving it. */
export const CopyAttempt = z.object({
  at: z.iso.datetime(),
  /** `paused`: its hours were over before it was through, and it goes on when they come again. */
  outcome: z.enum(['done', 'paused', 'failed', 'cancelled', 'not-connected']),
  sentence: z.string().optional(),
  hint: z.string().optional(),
  newBytes: z.number().nonnegative().optional(),
  problems: z.number().nonnegative().optional(),
  repaired: z.number().nonnegative().optional(),
});
export type CopyAttempt = z.infer<typeof CopyAttempt>;

/** The vault in another place, as it stands. */
export const CopyOverview = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'restic']),
  /** Where it is, without anything secret. */
  place: z.string(),
  offSite: z.boolean(),
  everyHours: z.number().positive(),
  window: z.object({ from: z.string(), to: z.string() }).optional(),
  bytesPerSecond: z.number().positive().optional(),
  /** Everything where it is left out. */
  keep: KeepThere.optional(),
  isDue: z.boolean(),
  lastRun: CopyAttempt.optional(),
  lastDone: CopyAttempt.optional(),
  lastVerify: CopyAttempt.optional(),
  /** When it was last read back, at least in part, and found to be whole. */
  provenAt: z.iso.datetime().optional(),
  /** Since when all of it has been read back at least once. */
  allReadSince: z.iso.datetime().optional(),
  /** The newest version of each device there, by UDID. */
  newest: z.record(z.string(), z.object({ snapshot: z.string(), takenAt: z.iso.datetime() })),
  /** The job that runs for it now. */
  job: z.string().optional(),
});
export type CopyOverview = z.infer<typeof CopyOverview>;

/** An absolute path without anything in it that is not seen. */
const folder = z
  .string()
  .max(4096)
  .regex(/^(\/|[A-Za-z]:[\\/])\P{Cc}+$/u, 'a folder, from the root on: /media/usb/holdfast');

const USER = '([A-Za-z0-9_][\\w.-]*@)?';
const HOST = '(\\[[0-9A-Fa-f:]+\\]|[A-Za-z0-9][\\w.-]*)';
const REST_OF_IT = '\\P{Cc}+';
/**
 * The places a repository may be in when a web page names it. Narrower than what restic takes: what it hands on to ssh
 * and rclone can neither be an option for them nor name a program.
 */
const REPOSITORIES = [
  `/${REST_OF_IT}`,
  `sftp:(${USER}${HOST}:|//${USER}${HOST}(:\\d{1,5})?/)${REST_OF_IT}`,
  'rest:https?://\\S+',
  's3:(https?://)?[A-Za-z0-9][\\w.:-]*/\\S+',
  'b2:[A-Za-z0-9-]+(:\\S*)?',
  'azure:[A-Za-z0-9-]+:\\S*',
  `rclone:[A-Za-z0-9_][\\w .+@-]*:${REST_OF_IT}`,
].map((pattern) => new RegExp(`^${pattern}$`, 'u'));

/** What a place asks for, by the names restic knows it under. Nothing of it names a file or a program. */
export const CopyCredential = z.enum([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_DEFAULT_REGION',
  'B2_ACCOUNT_ID',
  'B2_ACCOUNT_KEY',
  'AZURE_ACCOUNT_NAME',
  'AZURE_ACCOUNT_KEY',
  'RESTIC_REST_USERNAME',
  'RESTIC_REST_PASSWORD',
]);
export type CopyCredential = z.infer<typeof CopyCredential>;

const password = z.string().min(1).max(1024);
const credentials = z.partialRecord(CopyCredential, z.string().min(1).max(4096));
const everyHours = z.int().min(1).max(8784);
const bytesPerSecond = z.int().min(1000).max(100_000_000_000);

const common = {
  name: CopyName,
  everyHours: everyHours.default(24),
  /** When it may run by itself, by the clock of the computer; over midnight where `to` is the earlier. */
  window: ClockWindow.optional(),
  bytesPerSecond: bytesPerSecond.optional(),
  /** Whether a fire at home would spare it; guessed by its address where it is left out. */
  offSite: z.boolean().optional(),
  /** Everything where it is left out. */
  keep: KeepThere.optional(),
};

/** A copy to be set up. */
export const NewCopy = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('folder'), dir: folder }),
  z.object({
    ...common,
    kind: z.literal('restic'),
    repository: z
      .string()
      .max(4096)
      .refine((text) => REPOSITORIES.some((each) => each.test(text)), 'an address such as sftp:ada@nas:/backups'),
    /** Of a repository that is there already. Made, and told once, where it is left out. */
    password: password.optional(),
    credentials: credentials.optional(),
    /** In how many parts its data is read back, one with every verification. */
    readParts: z.int().min(1).max(256).default(12),
  }),
]);
export type NewCopy = z.infer<typeof NewCopy>;

/** What may change about a copy. `null` takes away. */
export const CopyPatch = z.object({
  everyHours: everyHours.optional(),
  window: ClockWindow.nullable().optional(),
  bytesPerSecond: bytesPerSecond.nullable().optional(),
  offSite: z.boolean().optional(),
  keep: KeepThere.nullable().optional(),
});
export type CopyPatch = z.infer<typeof CopyPatch>;

/** What a repository is opened with from now on, once it has opened it. What is left out stays. */
export const CopySecretsPatch = z
  .object({
    password: password.optional(),
    /** Those named take the place of what is kept under the same names. */
    credentials: credentials.optional(),
  })
  .refine((patch) => patch.password !== undefined || Object.keys(patch.credentials ?? {}).length > 0, {
    error: 'a password, credentials, or both',
    path: ['password'],
  });
export type CopySecretsPatch = z.infer<typeof CopySecretsPatch>;

/** A copy that was set up just now. */
export const AddedCopy = z.object({
  copy: CopyOverview,
  /** Whether what lies there already was found, and not made anew. */
  found: z.boolean(),
  /** The password that was made for it. Told this once. */
  password: z.string().optional(),
  /** What a person should know. */
  warnings: z.array(Reason),
});
export type AddedCopy = z.infer<typeof AddedCopy>;
