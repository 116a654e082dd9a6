import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../shared/logger.ts';
import { StateJson } from '../../shared/files/state-json.ts';
import { Notice } from '../notice.ts';

/** A notice that waits to go over one channel. */
export const Entry = z.object({
  channel: z.string(),
  notice: Notice,
  addedAt: z.iso.datetime(),
  tries: z.int().nonnegative(),
});
export type Entry = z.infer<typeof Entry>;

/** How it goes over one channel. */
export const ChannelLife = z.object({
  lastSentAt: z.iso.datetime().optional(),
  failingSince: z.iso.datetime().optional(),
  failures: z.int().nonnegative().default(0),
  /** What is in the way, without anything secret. */
  problem: z.string().optional(),
  nextTryAt: z.iso.datetime().optional(),
  /** Alarms it was told of, and not yet that they are over. */
  told: z.array(z.string()).default([]),
});
export type ChannelLife = z.infer<typeof ChannelLife>;

const OutboxFile = z.object({
  version: z.literal(1),
  entries: z.array(Entry),
  channels: z.record(z.string(), ChannelLife),
  /** What was taken in lately, so that the same notice given twice is told once. */
  takenIn: z.array(z.object({ id: z.string(), at: z.iso.datetime() })),
});
export type OutboxContent = z.infer<typeof OutboxFile>;

/** What waits to be told, in the state folder. Only the service writes it; others may look. */
export function outboxFile(stateDir: string, log: Logger): StateJson<OutboxContent> {
  const nothing: OutboxContent = { version: 1, entries: [], channels: {}, takenIn: [] };
  return new StateJson(join(stateDir, 'outbox.json'), OutboxFile, nothing, log);
}
