import { z } from 'zod';
import { count, moment, PageQuery, pageOf } from './common.ts';

/** An app that was on the device. The app itself is in no backup; what it keeps may be. */
export const InstalledApp = z.object({
  /** Its bundle identifier: "org.example.cookbook". */
  id: z.string(),
  /** Absent where the backup does not tell it. */
  name: z.string().optional(),
  version: z.string().optional(),
  publisher: z.string().optional(),
  boughtAt: moment.optional(),
  /** Its number in the App Store, which the store finds it by. */
  storeId: z.int().positive().optional(),
  /** It comes with the system: nobody has to put it back. */
  isBuiltIn: z.boolean(),
  /** What it keeps in this version, parts of it and groups called after it counted too. */
  files: count,
  bytes: count,
  hasIcon: z.boolean(),
  /** Where it was on the home screen; absent where it was not, or where that is not known. */
  onHomeScreen: z
    .object({
      /** From 1; absent in the dock. */
      page: z.int().positive().optional(),
      folder: z.string().optional(),
    })
    .optional(),
});
export type InstalledApp = z.infer<typeof InstalledApp>;

export const AppsQuery = PageQuery.extend({
  /** A part of the name, the identifier or the publisher. */
  q: z.string().max(100).optional(),
  /** Those that keep most first, or by name. What comes with the system stands last in either. */
  order: z.enum(['name', 'size']).default('name'),
});
export type AppsQuery = z.infer<typeof AppsQuery>;

export const Apps = pageOf(InstalledApp).extend({
  /** Of all, whatever was looked for: how many were installed beside those of the system, and how many keep nothing. */
  installed: count,
  withoutData: count,
  /** What all of them keep together, with groups of which nothing says whose they are. */
  bytes: count,
});
export type Apps = z.infer<typeof Apps>;
