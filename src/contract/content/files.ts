import { z } from 'zod';
import { count, moment, pageOf } from './common.ts';

/** One of the parts a backup consists of: an app's container, a part of the system. */
export const FileDomain = z.object({
  domain: z.string(),
  title: z.string(),
  /** The bundle identifier of an app. */
  app: z.string().optional(),
  files: count,
  bytes: count,
});
export type FileDomain = z.infer<typeof FileDomain>;

export const FileDomains = z.object({ domains: z.array(FileDomain) });
export type FileDomains = z.infer<typeof FileDomains>;

export const FolderItem = z.object({
  name: z.string(),
  kind: z.enum(['file', 'directory', 'symlink']),
  /** For `files/content/{file}`; of files only. */
  file: z.string().optional(),
  path: z.string(),
  sizeBytes: count.optional(),
  modifiedAt: moment.optional(),
  /** Below a folder, at any depth. */
  filesBelow: count,
  bytesBelow: count,
  shownAs: z.string().optional(),
});
export type FolderItem = z.infer<typeof FolderItem>;

export const FolderQuery = z.object({
  domain: z.string().min(1).max(500),
  path: z.string().max(4000).default(''),
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type FolderQuery = z.infer<typeof FolderQuery>;

/** Folders first, then by name. */
export const Folder = pageOf(FolderItem).extend({ domain: z.string(), path: z.string() });
export type Folder = z.infer<typeof Folder>;

export const FindFilesQuery = z.object({
  name: z.string().min(1).max(500),
  domain: z.string().max(500).optional(),
  kind: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const FoundFiles = z.object({
  items: z.array(FolderItem.extend({ domain: z.string() })),
  /** Whether there are more than these. */
  isMore: z.boolean(),
});
export type FoundFiles = z.infer<typeof FoundFiles>;

/**
 * How a file comes: `original` to be kept as it was on the phone, `view` as a browser shows it (HEIC as JPEG, AMR as
 * WAV), `thumbnail` as a small JPEG.
 */
export const FileContentQuery = z.object({ as: z.enum(['original', 'view', 'thumbnail']).default('original') });
