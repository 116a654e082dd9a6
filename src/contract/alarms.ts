import { z } from 'zod';
import { Reason } from './reason.ts';

/** What alarms are about; each has its sentence and its next step in `words/`. */
export const AlarmKind = z.enum([
  'overdue',
  'failing',
  'not-confirmed',
  'disk-filling',
  'pairing-lapses',
  'password-unknown',
  'copy-late',
  'copy-failing',
  'copies-unreadable',
  'checkup-failed',
  'checkup-late',
  'version-shrunk',
  'clock-wrong',
  'version-misdated',
  'vault-missing',
  'settings-invalid',
  'cannot-tell',
]);
export type AlarmKind = z.infer<typeof AlarmKind>;

/** Something a person should do something about. */
export const Alarm = z.object({
  /** What it is about: its kind, and the device, copy or channel. The same as long as it is the same thing. */
  id: z.string(),
  kind: AlarmKind,
  /** Of the device it is about. */
  udid: z.string().optional(),
  level: z.enum(['attention', 'at-risk']),
  /** How far it has come, 1 at first: it is told anew when it grows. */
  grade: z.int().min(1),
  since: z.iso.datetime(),
  reason: Reason,
  /** What to do. */
  nextStep: Reason,
  /** When somebody was last told of it. */
  toldAt: z.iso.datetime().optional(),
  /** Nobody is told before then, however bad it becomes: somebody knows and wants it so. */
  mutedUntil: z.iso.datetime().optional(),
});
export type Alarm = z.infer<typeof Alarm>;

/** How telling goes over one channel. */
export const ChannelState = z.object({
  id: z.string(),
  kind: z.enum(['mail', 'ntfy', 'gotify', 'webhook', 'ping']),
  enabled: z.boolean(),
  /** Messages that wait to be sent. */
  waiting: z.int().nonnegative(),
  lastSentAt: z.iso.datetime().optional(),
  /** Since when nothing gets through; absent where the last message did. */
  failingSince: z.iso.datetime().optional(),
  /** What is in the way, without anything secret. */
  problem: z.string().optional(),
  nextTryAt: z.iso.datetime().optional(),
});
export type ChannelState = z.infer<typeof ChannelState>;

/** What a person changes about an alarm. */
export const AlarmChange = z.object({ mutedUntil: z.iso.datetime().nullable() });
export type AlarmChange = z.infer<typeof AlarmChange>;

/** What a channel needs to know and nobody reads again. */
export const ChannelSecret = z.object({
  secret: z.string().min(1).max(4096).nullable(),
  /** Where the address itself is the secret; otherwise it is the password, the token or the key. */
  part: z.literal('url').optional(),
});
export type ChannelSecret = z.infer<typeof ChannelSecret>;
