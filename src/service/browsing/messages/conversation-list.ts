import type { Conversation as ToldConversation, Conversations, PageQuery } from '../../../contract/index.ts';
import { eventWords, type Conversation, type Message, type Messages } from '../../../content/index.ts';
import { messagesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, pageFrom, shortId } from '../values.ts';

/** Conversations as the phone shows them, the one with the newest message first. */
export async function listConversations(unlocked: Unlocked, query: PageQuery): Promise<Conversations> {
  const messages = demandKind(await messagesIn(unlocked), 'messages');
  const lastOnes = await lastMessages(unlocked);
  return pageFrom(messages.conversations, query, (conversation) => tellConversation(messages, conversation, lastOnes));
}

/** @param id as `tellConversation` gives it. @throws {AppError} CONTENT_NOT_FOUND */
export function findConversation(messages: Messages, id: string): Conversation {
  const found = messages.conversations.find(({ key }) => shortId(key) === id);
  return demandItem(found, 'conversation');
}

type LastOnes = Map<string, ToldConversation['last']>;

/** Looked up when a conversation is first told: a phone has thousands of them. */
export const lastMessages = (unlocked: Unlocked): Promise<LastOnes> =>
  unlocked.once('last messages', () => Promise.resolve<LastOnes>(new Map()));

export function tellConversation(messages: Messages, conversation: Conversation, lastOnes: LastOnes): ToldConversation {
  const { key, title, isGroup, participants, services, messageCount, firstAt, lastAt } = conversation;
  if (!lastOnes.has(key)) lastOnes.set(key, tellLast(messages.newest(conversation)));
  return {
    id: shortId(key),
    title,
    isGroup,
    people: participants.map(({ name, address }) => ({ name: name ?? address, address })),
    services: [...services],
    messages: messageCount,
    firstAt: isoOf(firstAt),
    lastAt: isoOf(lastAt),
    last: lastOnes.get(key),
  };
}

const LONGEST_PREVIEW = 200;

function tellLast(message: Message | undefined): ToldConversation['last'] {
  if (message === undefined) return undefined;
  const { event, app, text, subject } = message;
  const words = event === undefined ? (text ?? subject ?? app?.title ?? app?.name) : eventWords(message);
  return {
    at: isoOf(message.sentAt),
    fromMe: message.isFromMe,
    sender: message.sender?.name ?? message.sender?.address,
    text: words?.slice(0, LONGEST_PREVIEW) || undefined,
    files: message.attachments.filter(({ isHidden }) => isHidden !== true).length,
  };
}
