import { z } from 'zod';
import { count, FileRef, moment, pageOf, Person } from './common.ts';

/** The words of the last message, for a list of conversations. */
export const LastMessage = z.object({
  at: moment.optional(),
  fromMe: z.boolean(),
  sender: z.string().optional(),
  /** Absent where it has no words: `files` of it, or an event. */
  text: z.string().optional(),
  files: count,
});

export const Conversation = z.object({
  /** The same in every version of the device. */
  id: z.string(),
  title: z.string(),
  isGroup: z.boolean(),
  people: z.array(Person),
  /** "iMessage", "SMS", "RCS" */
  services: z.array(z.string()),
  /** Reactions are counted as well. */
  messages: count,
  firstAt: moment.optional(),
  lastAt: moment.optional(),
  last: LastMessage.optional(),
});
export type Conversation = z.infer<typeof Conversation>;

export const Conversations = pageOf(Conversation);
export type Conversations = z.infer<typeof Conversations>;

/** What is special about a stretch of a text, in UTF-16 units. Stretches do not overlap. */
export const TextSpan = z.object({
  start: count,
  end: count,
  mention: z.string().optional(),
  /** Only http, https, mailto and tel. */
  link: z.string().optional(),
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  underline: z.boolean().optional(),
  strikethrough: z.boolean().optional(),
});

export const MessagePart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), spans: z.array(TextSpan) }),
  z.object({
    kind: z.literal('attachment'),
    attachment: FileRef,
    transcript: z.string().optional(),
    livePhoto: z.string().optional(),
    isSticker: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('unsent') }),
]);
export type MessagePart = z.infer<typeof MessagePart>;

export const MessageReaction = z.object({
  kind: z.enum(['love', 'like', 'dislike', 'laugh', 'emphasis', 'question', 'emoji', 'sticker']),
  emoji: z.string().optional(),
  sticker: FileRef.optional(),
  fromMe: z.boolean(),
  sender: z.string().optional(),
  at: moment.optional(),
  /** To which part of the message. */
  part: z.int(),
});

export const GroupEvent = z.object({
  kind: z.string(),
  whom: z.string().optional(),
  name: z.string().optional(),
});

export const MessageApp = z.object({
  name: z.string(),
  title: z.string().optional(),
  subtitle: z.string().optional(),
  summary: z.string().optional(),
  url: z.string().optional(),
});

export const Message = z.object({
  id: z.string(),
  /** Where it stands in its conversation, the oldest being 0. Reactions take a place of their own and are left out. */
  n: count,
  type: z.enum(['message', 'event', 'reaction']),
  at: moment.optional(),
  fromMe: z.boolean(),
  sender: Person.optional(),
  service: z.string().optional(),
  subject: z.string().optional(),
  parts: z.array(MessagePart),
  /** Made by an app: a link with its preview, money, a game. */
  app: MessageApp.optional(),
  event: GroupEvent.optional(),
  /** Those that stand, in order. */
  reactions: z.array(MessageReaction),
  replyTo: z
    .object({
      id: z.string(),
      /** False where that message is gone. */
      isThere: z.boolean(),
      fromMe: z.boolean().optional(),
      sender: z.string().optional(),
      text: z.string().optional(),
    })
    .optional(),
  /** Earlier wordings, the oldest first. */
  edits: z.array(z.object({ at: moment.optional(), text: z.string().optional(), part: z.int() })),
  effect: z.string().optional(),
  readAt: moment.optional(),
  deliveredAt: moment.optional(),
  editedAt: moment.optional(),
  unsentAt: moment.optional(),
  /** In Recently Deleted since. */
  deletedAt: moment.optional(),
  isAudio: z.boolean().optional(),
  isScheduled: z.boolean().optional(),
  /** It was not sent. */
  failed: z.boolean().optional(),
  /** Not all of it could be read. */
  problem: z.string().optional(),
});
export type Message = z.infer<typeof Message>;

/** One of `around` (a time), `at` (a place), `before` and `after` (places); without any, the newest. */
export const MessagesQuery = z.object({
  around: z.iso.datetime({ offset: true }).optional(),
  at: z.coerce.number().int().nonnegative().optional(),
  before: z.coerce.number().int().nonnegative().optional(),
  after: z.coerce.number().int().nonnegative().optional(),
  /** The message that must be among them. */
  message: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type MessagesQuery = z.infer<typeof MessagesQuery>;

export const MessagesPage = z.object({
  conversation: Conversation,
  /** Oldest first. */
  messages: z.array(Message),
  /** `?before=` this for older ones; absent at the beginning. */
  before: count.optional(),
  /** `?after=` this for newer ones; absent at the end. */
  after: count.optional(),
  /** Where the time or message that was asked for is. */
  wanted: count.optional(),
});
export type MessagesPage = z.infer<typeof MessagesPage>;

/** How many messages there are in each month, for jumping. */
export const ConversationMonths = z.object({
  months: z.array(
    z.object({ month: z.string().regex(/^\d{4}-\d{2}$/), messages: count, /** The first one's place. */ n: count }),
  ),
});
export type ConversationMonths = z.infer<typeof ConversationMonths>;
