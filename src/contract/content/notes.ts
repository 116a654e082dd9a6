import { z } from 'zod';
import { count, FileRef, moment, pageOf } from './common.ts';

export const NoteFolder = z.object({
  id: z.string(),
  name: z.string(),
  path: z.array(z.string()),
  account: z.string().optional(),
  notes: count,
  isTrash: z.boolean(),
});
export type NoteFolder = z.infer<typeof NoteFolder>;

export const NoteSummary = z.object({
  /** The same in every version of the device. */
  id: z.string(),
  title: z.string(),
  /** The beginning of its text. */
  excerpt: z.string(),
  folder: z.string().optional(),
  account: z.string().optional(),
  createdAt: moment.optional(),
  modifiedAt: moment.optional(),
  isPinned: z.boolean().optional(),
  isDeleted: z.boolean(),
  /** Of a locked one: whether and why it is not open. */
  lock: z.enum(['open', 'no-password', 'wrong-password', 'device-passcode', 'key-missing', 'damaged']).optional(),
  attachments: count,
});
export type NoteSummary = z.infer<typeof NoteSummary>;

/** Pinned ones first, then newest first. */
export const Notes = pageOf(NoteSummary).extend({ folders: z.array(NoteFolder) });
export type Notes = z.infer<typeof Notes>;

const look = {
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  underlined: z.boolean().optional(),
  struck: z.boolean().optional(),
  raised: z.enum(['superscript', 'subscript']).optional(),
  highlight: z.enum(['purple', 'pink', 'orange', 'mint', 'blue']).optional(),
  /** "#RRGGBB" */
  colour: z.string().optional(),
  /** Only http, https, mailto and tel. */
  link: z.string().optional(),
};

export const NoteSpan = z.union([
  z.object({ text: z.string(), ...look }),
  /** An attachment that stands here, by its id. */
  z.object({ attachment: z.string(), ...look }),
]);
export type NoteSpan = z.infer<typeof NoteSpan>;

export const NoteBlock = z.object({
  style: z.enum([
    'title',
    'heading',
    'subheading',
    'body',
    'monospaced',
    'bulleted',
    'dashed',
    'numbered',
    'checklist',
  ]),
  indent: count,
  quoted: z.boolean().optional(),
  alignment: z.enum(['center', 'right', 'justified']).optional(),
  checked: z.boolean().optional(),
  startsAt: z.int().optional(),
  spans: z.array(NoteSpan),
});
export type NoteBlock = z.infer<typeof NoteBlock>;

export const NoteAttachment = z.object({
  id: z.string(),
  /** "image", "table", "hashtag" … */
  kind: z.string(),
  /** Whether it stands in the text as a word. */
  isInline: z.boolean(),
  /** Whether a span names it; what no span names comes after the text. */
  isInText: z.boolean(),
  title: z.string().optional(),
  text: z.string().optional(),
  /** Only http, https, mailto and tel. */
  link: z.string().optional(),
  file: FileRef.optional(),
  /** How it looks: of drawings, scans, previews. */
  picture: FileRef.optional(),
  table: z.object({ isRightToLeft: z.boolean(), rows: z.array(z.array(z.array(NoteBlock))) }).optional(),
  transcript: z.string().optional(),
  recognised: z.string().optional(),
  durationSeconds: z.number().optional(),
  /** Pictures of a gallery, tracks of a recording, by their ids. */
  parts: z.array(z.string()),
  problem: z.string().optional(),
});
export type NoteAttachment = z.infer<typeof NoteAttachment>;

export const Note = NoteSummary.omit({ attachments: true, excerpt: true }).extend({
  /** Absent where it cannot be read: `lock` or `problem` says why. */
  blocks: z.array(NoteBlock).optional(),
  attachments: z.array(NoteAttachment),
  problem: z.string().optional(),
});
export type Note = z.infer<typeof Note>;

export const UnlockNotes = z.object({ password: z.string().min(1).max(1024) });
