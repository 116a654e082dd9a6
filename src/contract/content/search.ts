import { z } from 'zod';
import { moment } from './common.ts';

export const SearchQuery = z.object({
  /** Words; `"…"` for words in this order, `-word` for without it. */
  q: z.string().min(1).max(200),
  /** `all` looks through every version of the device. */
  versions: z.enum(['this', 'all']).default('this'),
  /** Kinds, parted by commas. */
  kinds: z.string().max(200).optional(),
  /** Of the time things happened. */
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

const version = z.object({ snapshot: z.string(), takenAt: moment });

export const SearchHit = z.object({
  kind: z.string(),
  /** The id of the thing in its kind, as its pages have it. */
  id: z.string(),
  at: moment.optional(),
  title: z.string(),
  /** Pieces of the text around what was found; every second one is what was found. */
  excerpt: z.array(z.string()),
  /** Where versions were asked for: when it was first and last there, and since when it is gone. */
  firstSeen: version.optional(),
  lastSeen: version.optional(),
  goneSince: version.optional(),
});
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchResult = z.object({
  /** Newest first. */
  hits: z.array(SearchHit),
  /** Kinds that could not be looked through. */
  unreadable: z.array(z.string()),
  /** Versions that need a password of their own and were left out. */
  lockedVersions: z.array(version),
});
export type SearchResult = z.infer<typeof SearchResult>;
