import type { ConversationMonths, MessagesPage, MessagesQuery } from '../../../contract/index.ts';
import type { Conversation, Message, Messages, MessageTimeline } from '../../../content/index.ts';
import { messagesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, shortId } from '../values.ts';
import { findConversation, lastMessages, tellConversation } from './conversation-list.ts';
import { firstAtOrAfter, neighboursOf, readPage, type LongList } from './page-reader.ts';
import { tellMessage } from './tell-message.ts';
import { TimelineShelf } from './timeline-shelf.ts';

/**
 * A page of a conversation, the oldest of it first.
 *
 * @throws {AppError} CONTENT_NOT_FOUND
 */
export async function readConversation(unlocked: Unlocked, id: string, query: MessagesQuery): Promise<MessagesPage> {
  const messages = demandKind(await messagesIn(unlocked), 'messages');
  const conversation = findConversation(messages, id);
  const timeline = await timelineOf(unlocked, messages, conversation);
  const wanted = placeOf(messages, conversation, timeline, query);
  const list = rowsOf(messages, conversation, timeline);
  const page = readPage(list, { ...query, wanted });
  return {
    conversation: tellConversation(messages, conversation, await lastMessages(unlocked)),
    messages: page.items.map(({ item, n }) => tellMessage(item, n)),
    ...neighboursOf(page, list),
    ...(wanted !== undefined && { wanted }),
  };
}

/** A reaction without its message is told by itself. */
function rowsOf(messages: Messages, conversation: Conversation, { rowIds }: MessageTimeline): LongList<Message> {
  return {
    length: rowIds.length,
    read(start, end) {
      const wanted = [...rowIds.subarray(start, end)];
      const places = new Map(wanted.map((rowId, i) => [rowId, start + i]));
      return messages.read(conversation, wanted).map((item) => ({
        item,
        n: places.get(item.rowId) ?? start,
        isTold: item.reaction === undefined || !(item.reaction.hasTarget || item.reaction.isRemoval),
      }));
    },
  };
}

/** How many messages there are in each month, by UTC. */
export async function conversationMonths(unlocked: Unlocked, id: string): Promise<ConversationMonths> {
  const messages = demandKind(await messagesIn(unlocked), 'messages');
  const { timesMs } = await timelineOf(unlocked, messages, findConversation(messages, id));
  const months: { month: string; messages: number; n: number }[] = [];
  let untilMs = -Infinity;
  for (const [n, atMs] of timesMs.entries()) {
    const last = months.at(-1);
    if (last !== undefined && atMs < untilMs) {
      last.messages++;
      continue;
    }
    const at = new Date(atMs);
    untilMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
    const month = Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 7);
    if (/^\d{4}-\d{2}$/.test(month)) months.push({ month, messages: 1, n });
  }
  return { months };
}

/** Where a message is. @throws {AppError} CONTENT_NOT_FOUND */
export async function placeOfMessage(unlocked: Unlocked, guid: string): Promise<{ conversation: string; n: number }> {
  const messages = demandKind(await messagesIn(unlocked), 'messages');
  const { rowId, conversation } = demandItem(messages.whereIs(guid), 'message');
  const n = (await timelineOf(unlocked, messages, conversation)).rowIds.indexOf(rowId);
  return { conversation: shortId(conversation.key), n: Math.max(0, n) };
}

async function timelineOf(
  unlocked: Unlocked,
  messages: Messages,
  conversation: Conversation,
): Promise<MessageTimeline> {
  const shelf = await unlocked.once('timelines', () => Promise.resolve(new TimelineShelf(messages)));
  return shelf.of(conversation);
}

/** The place that was asked for; undefined where the newest are wanted, or what is before or after a place. */
function placeOf(
  messages: Messages,
  conversation: Conversation,
  { rowIds, timesMs }: MessageTimeline,
  { around, at, message }: MessagesQuery,
): number | undefined {
  if (message !== undefined) {
    const found = messages.whereIs(message);
    const n = found?.conversation === conversation ? rowIds.indexOf(found.rowId) : -1;
    return demandItem(n < 0 ? undefined : n, 'message');
  }
  if (around !== undefined)
    return Math.min(firstAtOrAfter(timesMs, Date.parse(around)), Math.max(0, rowIds.length - 1));
  return at === undefined ? undefined : Math.min(at, Math.max(0, rowIds.length - 1));
}
