import { z } from 'zod';
import { FileRef, moment, pageOf, Person } from './common.ts';

export const Call = z.object({
  id: z.string(),
  at: moment.optional(),
  direction: z.enum(['incoming', 'outgoing']),
  outcome: z.enum(['answered', 'missed', 'blocked', 'connected', 'not-reached']),
  medium: z.enum(['phone', 'facetime-video', 'facetime-audio', 'app', 'unknown']),
  /** Empty when the number was withheld. */
  people: z.array(Person),
  durationSeconds: z.number().optional(),
  location: z.string().optional(),
  isEmergency: z.boolean().optional(),
});
export type Call = z.infer<typeof Call>;

/** Newest first. */
export const Calls = pageOf(Call);
export type Calls = z.infer<typeof Calls>;

export const Voicemail = z.object({
  id: z.string(),
  at: moment.optional(),
  from: Person.optional(),
  durationSeconds: z.number().optional(),
  state: z.enum(['new', 'heard', 'trashed', 'deleted']),
  /** Plays everywhere with `?as=view`. */
  recording: FileRef.optional(),
  transcript: z.string().optional(),
});
export type Voicemail = z.infer<typeof Voicemail>;

/** Newest first. */
export const Voicemails = pageOf(Voicemail);
export type Voicemails = z.infer<typeof Voicemails>;
