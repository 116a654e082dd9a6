import { z } from 'zod';
import { Reason } from '../contract/index.ts';

/**
 * Something to tell, in a form that waits in the outbox and is put into words when it goes out: each channel has its
 * own language, and "for 9 days" is to be true when it is read.
 */

/** One line of what is told. */
export const NoticeItem = z.object({
  /** The `id` of an alarm, or what else this is about. */
  id: z.string(),
  level: z.enum(['safe', 'attention', 'at-risk']),
  udid: z.string().optional(),
  since: z.iso.datetime().optional(),
  reason: Reason,
  nextStep: Reason.optional(),
});
export type NoticeItem = z.infer<typeof NoticeItem>;

export const Notice = z.object({
  /** The same however often it is sent: what Message-ID and the delivery number of a webhook are made of. */
  id: z.string(),
  kind: z.enum(['alarm', 'cleared', 'announce', 'all-is-well', 'report', 'test']),
  at: z.iso.datetime(),
  /** From then on it is of no use to anybody. */
  until: z.iso.datetime().optional(),
  /** At least one; the gravest first. */
  items: z.array(NoticeItem).min(1),
  /** Files that go with it, by mail alone: where they lie, what they are called, and of which kind they are. */
  attachments: z.array(z.object({ path: z.string(), name: z.string(), type: z.string() })).default([]),
});
export type Notice = z.infer<typeof Notice>;

/** The gravest of its lines. */
export function levelOf({ items }: Pick<Notice, 'items'>): NoticeItem['level'] {
  return items.some(({ level }) => level === 'at-risk')
    ? 'at-risk'
    : items.some(({ level }) => level === 'attention')
      ? 'attention'
      : 'safe';
}
