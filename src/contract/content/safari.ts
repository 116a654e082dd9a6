import { z } from 'zod';
import { count, moment, pageOf } from './common.ts';

export const Visit = z.object({
  at: moment.optional(),
  title: z.string().optional(),
  /** As it was visited: shown as text. */
  url: z.string(),
  /** Only http and https. */
  link: z.string().optional(),
  isOtherDevice: z.boolean().optional(),
  profile: z.string().optional(),
});
export type Visit = z.infer<typeof Visit>;

/** Newest first. */
export const History = pageOf(Visit);
export type History = z.infer<typeof History>;

export const HistoryQuery = z.object({
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Only what was visited before this. */
  before: z.iso.datetime({ offset: true }).optional(),
});

export interface Bookmark {
  id: string;
  kind: 'bookmark' | 'folder';
  role?: string | undefined;
  title: string;
  url?: string | undefined;
  link?: string | undefined;
  isRead?: boolean | undefined;
  addedAt?: string | undefined;
  excerpt?: string | undefined;
  children: Bookmark[];
}
export const Bookmark: z.ZodType<Bookmark> = z.object({
  id: z.string(),
  kind: z.enum(['bookmark', 'folder']),
  /** `favorites`, `menu`, `reading-list`: those that Safari makes. */
  role: z.string().optional(),
  title: z.string(),
  url: z.string().optional(),
  link: z.string().optional(),
  isRead: z.boolean().optional(),
  addedAt: moment.optional(),
  excerpt: z.string().optional(),
  get children() {
    return z.array(Bookmark);
  },
});

export const Bookmarks = z.object({ top: z.array(Bookmark), total: count, isCut: z.boolean() });
export type Bookmarks = z.infer<typeof Bookmarks>;

export const Tab = z.object({
  id: z.string(),
  title: z.string().optional(),
  url: z.string(),
  link: z.string().optional(),
  place: z.enum(['group', 'window', 'pinned', 'recently-closed', 'start-page', 'other-device', 'earlier']),
  name: z.string().optional(),
  profile: z.string().optional(),
  lastViewedAt: moment.optional(),
  isPrivate: z.boolean(),
});
export const Tabs = pageOf(Tab);
export type Tabs = z.infer<typeof Tabs>;
