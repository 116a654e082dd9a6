import { z } from 'zod';

/** When it was, in UTC. */
export const moment = z.iso.datetime();
export const count = z.int().nonnegative();

/** Somebody, as far as the backup says who. */
export const Person = z.object({
  /** What to call them: the name in the address book, else the number or address. */
  name: z.string(),
  /** A number or an address of mail. */
  address: z.string().optional(),
});
export type Person = z.infer<typeof Person>;

/** How a browser can show a file: pictures, films and sounds inside a page, the rest only to be loaded. */
export const ShownAs = z.enum(['picture', 'film', 'sound', 'document', 'other']);
export type ShownAs = z.infer<typeof ShownAs>;

/** A file that belongs to something in the backup. */
export const FileRef = z.object({
  /** For `files/content/{file}`. Absent where the backup does not hold its content. */
  file: z.string().optional(),
  /** As people see it. Hostile: text, never a path or HTML. */
  name: z.string(),
  shownAs: ShownAs,
  sizeBytes: count.optional(),
  /**
   * `not-in-backup`: the phone had it, or keeps it in iCloud; `not-downloaded`: it never was on the phone; `locked`: of
   * a locked note.
   */
  state: z.enum(['in-backup', 'not-in-backup', 'not-downloaded', 'locked']),
});
export type FileRef = z.infer<typeof FileRef>;

/** Whole lists are read in pages: `?from=` is where a page begins, `?limit=` how long it is at most. */
export const PageQuery = z.object({
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A part of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    /** Of the whole list. */
    total: count,
    /** Where the next page begins; absent after the last. */
    next: count.optional(),
  });
}

/** A part of a list, as `pageOf` describes it. */
export interface Page<T> {
  readonly items: T[];
  readonly total: number;
  readonly next?: number | undefined;
}
