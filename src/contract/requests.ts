import { z } from 'zod';
import { RestoreChoice } from './restore-parts.ts';
import { SnapshotSummary } from './snapshots.ts';

const password = z.string().min(1).max(1024);

/** What may change about a version. `null` removes. */
export const LabelChange = z.object({
  pinned: z.boolean().optional(),
  name: z.string().trim().min(1).max(200).nullable().optional(),
  note: z.string().trim().min(1).max(4000).nullable().optional(),
});
export type LabelChange = z.infer<typeof LabelChange>;

/** Versions that are to go. */
export const ForgetRequest = z.object({
  /** Ids. */
  snapshots: z
    .array(z.string().regex(/^[0-9a-f]{8}$/))
    .min(1)
    .max(10_000),
  /** Also where that leaves a device without any version. */
  evenTheNewest: z.boolean().default(false),
});
export type ForgetRequest = z.infer<typeof ForgetRequest>;

/** What forgetting would remove and give back. */
export const ForgetPlan = z.object({
  snapshots: z.array(SnapshotSummary),
  /** Bytes that only these versions hold, about. */
  freedBytes: z.int().nonnegative(),
});
export type ForgetPlan = z.infer<typeof ForgetPlan>;

/** What is to become of the encryption of a device's backups. */
export const EncryptionRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('on'), newPassword: password }),
  z.object({ kind: z.literal('off'), oldPassword: password }),
  z.object({ kind: z.literal('change'), oldPassword: password, newPassword: password }),
]);
export type EncryptionRequest = z.infer<typeof EncryptionRequest>;

const WHOLE_ONLY =
  'with `only` the device is always backed up first, and everything else on it stays: leave safetyBackup, systemFiles, ' +
  'preserveSettings and removeOthers out';

/** A version onto a device, or parts of it. */
export const RestoreRequest = z
  .object({
    snapshot: z.string().regex(/^[0-9a-f]{8}$/),
    /** The device that takes it. */
    udid: z.string().min(8).max(64),
    /** Of the backup, where it is encrypted and its password is not kept. */
    password: password.optional(),
    /** Only look whether it would work: what stands in the way is told by the job's checks. */
    rehearse: z.boolean().default(false),
    /** Back the device up before anything is written to it. */
    safetyBackup: z.boolean().default(true),
    /** Leave out reading every file before: for a version proven not long ago. */
    skipVerify: z.boolean().default(false),
    /** Let the device decide although a check says that it will refuse. */
    force: z.boolean().default(false),
    systemFiles: z.boolean().default(true),
    preserveSettings: z.boolean().default(false),
    removeOthers: z.boolean().default(true),
    apps: z.boolean().default(true),
    /** Bring only this back, and leave everything else on the device as it is. Experimental. */
    only: z.array(RestoreChoice).min(1).max(100).optional(),
    /** With `only`: of the backups that the device makes now, where it is another than that of the version. */
    devicePassword: password.optional(),
    /** With `only`: what was encrypted may be in the device's unencrypted backups from now on. */
    allowDecryption: z.boolean().default(false),
  })
  .refine(
    ({ only, safetyBackup, systemFiles, preserveSettings, removeOthers }) =>
      only === undefined || (safetyBackup && systemFiles && !preserveSettings && removeOthers),
    { message: WHOLE_ONLY, path: ['only'] },
  );
export type RestoreRequest = z.infer<typeof RestoreRequest>;

/** Everything to be read again and compared, or one version decrypted and proven to be restorable. */
export const VerifyRequest = z.object({
  /** The id of a version; all of the vault where it is left out. */
  snapshot: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .optional(),
  /** Decrypt every file of that version, check every digest and database. */
  deep: z.boolean().default(false),
  password: password.optional(),
});
export type VerifyRequest = z.infer<typeof VerifyRequest>;
