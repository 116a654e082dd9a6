import { z } from 'zod';
import { FileRef, moment, pageOf } from './common.ts';

export const VoiceMemo = z.object({
  id: z.string(),
  /** Empty where nobody gave it one. */
  title: z.string(),
  at: moment.optional(),
  durationSeconds: z.number().optional(),
  folder: z.string().optional(),
  /** Since when it is in "Recently Deleted". */
  deletedAt: moment.optional(),
  /** Plays with `?as=view` where the browser knows AAC. */
  recording: FileRef.optional(),
});
export type VoiceMemo = z.infer<typeof VoiceMemo>;

/** Newest first. */
export const VoiceMemos = pageOf(VoiceMemo);
export type VoiceMemos = z.infer<typeof VoiceMemos>;

export const VoiceMemoTranscript = z.object({
  /** What the phone understood. Absent where it wrote nothing down, empty where nobody speaks. */
  text: z.string().optional(),
  /** "de_DE" */
  language: z.string().optional(),
});
export type VoiceMemoTranscript = z.infer<typeof VoiceMemoTranscript>;
