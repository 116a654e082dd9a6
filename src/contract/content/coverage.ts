import { z } from 'zod';
import { moment } from './common.ts';

export const ContentKindName = z.enum([
  'messages',
  'photos',
  'contacts',
  'calls',
  'voicemail',
  'notes',
  'calendar',
  'reminders',
  'safari',
  'whatsapp',
  'health',
  'voice-memos',
  'apps',
  'accounts',
  'wifi',
  'alarms',
  'blocked',
  'files',
]);
export type ContentKindName = z.infer<typeof ContentKindName>;

/** One board of the shelf: what there is of a kind. */
export const ShelfKind = z.object({
  kind: ContentKindName,
  /** `empty`: its place is there with nothing in it; `unreadable`: it is there, and its layout is not known or damaged. */
  state: z.enum(['here', 'empty', 'absent', 'unreadable']),
  count: z.int().nonnegative().optional(),
  /** More numbers, by name: `{ videos: 12, conversations: 40 }`. */
  details: z.record(z.string(), z.number()).default({}),
  newestAt: moment.optional(),
  /** Only encrypted backups hold it, and this is none. */
  needsEncryption: z.boolean().optional(),
});
export type ShelfKind = z.infer<typeof ShelfKind>;

/** One thing people would miss, and whether this version has it. */
export const CoveredArea = z.object({
  title: z.string(),
  presence: z.enum(['here', 'partly', 'absent', 'sealed']),
  remark: z.string().optional(),
});

export const Shelf = z.object({
  snapshot: z.string(),
  encrypted: z.boolean(),
  kinds: z.array(ShelfKind),
  areas: z.array(CoveredArea),
  /** What no backup holds. */
  never: z.array(z.string()),
  warnings: z.array(z.string()),
  appsWithoutData: z.array(z.string()),
});
export type Shelf = z.infer<typeof Shelf>;
