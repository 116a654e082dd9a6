import { z } from 'zod';
import { count, FileRef, moment, pageOf, Person } from './common.ts';

export const WhatsAppChat = z.object({
  id: z.string(),
  /** "WhatsApp" or "WhatsApp Business". */
  app: z.string(),
  kind: z.enum(['private', 'group', 'broadcast', 'status', 'channel', 'unknown']),
  title: z.string(),
  messages: count,
  lastAt: moment.optional(),
  members: z.array(Person),
  isArchived: z.boolean().optional(),
});
export type WhatsAppChat = z.infer<typeof WhatsAppChat>;

/** The latest talked in first. */
export const WhatsAppChats = pageOf(WhatsAppChat);
export type WhatsAppChats = z.infer<typeof WhatsAppChats>;

export const WhatsAppMessage = z.object({
  id: z.string(),
  n: count,
  kind: z.string(),
  at: moment.optional(),
  fromMe: z.boolean(),
  sender: Person.optional(),
  text: z.string().optional(),
  /** What happened, in English words, where it is known. */
  event: z.string().optional(),
  file: FileRef.optional(),
  /** A small picture of the file, where the phone had made one. */
  thumbnail: z.string().optional(),
  title: z.string().optional(),
  place: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  contacts: count,
  quoted: z.object({ sender: z.string().optional(), text: z.string().optional() }).optional(),
  reactions: z.array(z.object({ emoji: z.string(), sender: z.string().optional(), at: moment.optional() })),
  isStarred: z.boolean().optional(),
  isForwarded: z.boolean().optional(),
  status: z.enum(['sent', 'delivered', 'read', 'failed']).optional(),
});
export type WhatsAppMessage = z.infer<typeof WhatsAppMessage>;

export const WhatsAppPage = z.object({
  chat: WhatsAppChat,
  messages: z.array(WhatsAppMessage),
  before: count.optional(),
  after: count.optional(),
  wanted: count.optional(),
});
export type WhatsAppPage = z.infer<typeof WhatsAppPage>;
