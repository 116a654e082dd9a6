import { z } from 'zod';

/** The kinds that can come back by themselves, by the names that `holdfast restore --only` takes. */
export const RestorableKind = z.enum([
  'messages',
  'contacts',
  'calls',
  'notes',
  'calendar',
  'reminders',
  'safari',
  'voice-memos',
  'photos',
]);
export type RestorableKind = z.infer<typeof RestorableKind>;

/** A kind, all data of one app (`app:BUNDLE-ID`), or one group that apps share (`group:GROUP-ID`). */
export const RestoreChoice = z
  .string()
  .regex(new RegExp(`^(?:${RestorableKind.options.join('|')}|(?:app|group):[A-Za-z0-9][A-Za-z0-9._-]{0,254})$`));

const RestoreAmount = z.object({
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** What a person counts: messages, contacts. Absent where nothing is counted. */
  items: z.int().nonnegative().optional(),
});

/** A sentence in English; `code` and what stands beside it say the same in any language. */
const warning = { message: z.string() };
const app = z.string();

/** What a person should know before parts come back. */
export const RestoreWarning = z.discriminatedUnion('code', [
  /** The data is of an older iOS, which the newer one converts. */
  z.object({ ...warning, code: z.literal('ios-converts'), from: z.string(), to: z.string() }),
  z.object({ ...warning, code: z.literal('other-device') }),
  /** iCloud brings its own state back for these: "Messages", "iCloud Drive (call history)". */
  z.object({ ...warning, code: z.literal('in-icloud'), names: z.array(z.string()) }),
  /** These three of an app, by its bundle identifier. */
  z.object({ ...warning, code: z.literal('app-missing'), app }),
  z.object({ ...warning, code: z.literal('app-older'), app }),
  z.object({ ...warning, code: z.literal('app-passwords'), app }),
]);
export type RestoreWarning = z.infer<typeof RestoreWarning>;

/** What a restore of parts exchanges on the device; the `parts` of its result. */
export const RestoreParts = z.object({
  exchanged: z.array(
    z.object({
      /** A `RestorableKind`, a part of one (`bookmarks`), or what was chosen of apps. */
      id: z.string(),
      title: z.string(),
      /** On the device now, or when it was backed up last. */
      before: RestoreAmount,
      after: RestoreAmount,
    }),
  ),
  /** Chosen, but it stays as it is on the device. */
  stays: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      why: z.enum(['nothing-there', 'encrypted-only', 'moved']),
      reason: z.string(),
    }),
  ),
  warnings: z.array(RestoreWarning),
  /** Bundle identifiers that the device is asked to load. */
  appsToLoad: z.array(z.string()),
  /** Whether files of these parts that only the device has are removed: not where its backups are unencrypted. */
  removes: z.boolean(),
});
export type RestoreParts = z.infer<typeof RestoreParts>;

/** The apps of a version, whose data can come back by itself. */
export const VersionApps = z.array(z.object({ id: z.string(), name: z.string() }));
export type VersionApps = z.infer<typeof VersionApps>;
