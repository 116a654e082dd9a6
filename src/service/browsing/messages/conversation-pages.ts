import type { ConversationMonths, MessagesPage, MessagesQuery } from '../../../contract/index.ts';
import type { Conversation, Message, Messages, MessageTimeline } from '../../../content/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { messagesIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, shortId } from '../values.ts';
import { findConversation, lastMessages, tellConversation } from './conversation-list.ts';
import { tellMessage } from './tell-message.ts';
import { TimelineShelf } from './timeline-shelf.ts';

/** Rows looked at for one page: a conversation may be nothing but reactions. */
const MAX_ROWS = 2000;
const BATCH = 100;

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
  const reader = new PageReader(messages, conversation, timeline);
  const page = reader.page(wanted, query);
  return {
    conversation: tellConversation(messages, conversation, await lastMessages(unlocked)),
    messages: page.messages.map(({ message, n }) => tellMessage(message, n)),
    ...(page.start > 0 && { before: page.start }),
    ...(page.end < timeline.rowIds.length && { after: page.end - 1 }),
    ...(wanted !== undefined && { wanted }),
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

function firstAtOrAfter(timesMs: Float64Array, wantedMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < wantedMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Placed {
  readonly message: Message;
  readonly n: number;
}

interface ReadPage {
  readonly messages: readonly Placed[];
  /** Rows from here, up to before there, have been looked at. */
  readonly start: number;
  readonly end: number;
}

/** Reads rows in both directions until enough of them are messages: reactions are told with what they are about. */
class PageReader {
  readonly #messages: Messages;
  readonly #conversation: Conversation;
  readonly #rowIds: Float64Array;

  constructor(messages: Messages, conversation: Conversation, { rowIds }: MessageTimeline) {
    this.#messages = messages;
    this.#conversation = conversation;
    this.#rowIds = rowIds;
  }

  page(wanted: number | undefined, { before, after, limit }: MessagesQuery): ReadPage {
    if (before !== undefined && after !== undefined) {
      throw new AppError('USAGE', 'messages come before a place or after one, not both');
    }
    const { length } = this.#rowIds;
    if (wanted !== undefined) {
      const half = Math.ceil(limit / 2);
      const later = this.#forward(wanted, limit - half + 1);
      const earlier = this.#backward(wanted, half);
      return { messages: [...earlier.messages, ...later.messages], start: earlier.start, end: later.end };
    }
    if (after !== undefined) return this.#forward(Math.min(after + 1, length), limit);
    return this.#backward(Math.min(before ?? length, length), limit);
  }

  #forward(from: number, limit: number): ReadPage {
    const messages: Placed[] = [];
    let at = from;
    while (at < this.#rowIds.length && messages.length < limit && at - from < MAX_ROWS) {
      const end = Math.min(at + BATCH, this.#rowIds.length);
      for (const placed of this.#read(at, end)) {
        at = placed.n + 1;
        if (placed.isTold && messages.push(placed) === limit) return { messages, start: from, end: at };
      }
      at = end;
    }
    return { messages, start: from, end: at };
  }

  #backward(until: number, limit: number): ReadPage {
    const messages: Placed[] = [];
    let at = until;
    while (at > 0 && messages.length < limit && until - at < MAX_ROWS) {
      const start = Math.max(0, at - BATCH);
      for (const placed of this.#read(start, at).toReversed()) {
        at = placed.n;
        if (placed.isTold && messages.push(placed) === limit)
          return { messages: messages.toReversed(), start: at, end: until };
      }
      at = start;
    }
    return { messages: messages.toReversed(), start: at, end: until };
  }

  /** Rows that are gone are left out; a reaction without its message is told by itself. */
  #read(start: number, end: number): (Placed & { readonly isTold: boolean })[] {
    const rowIds = [...this.#rowIds.subarray(start, end)];
    const places = new Map(rowIds.map((rowId, i) => [rowId, start + i]));
    return this.#messages.read(this.#conversation, rowIds).map((message) => ({
      message,
      n: places.get(message.rowId) ?? start,
      isTold: message.reaction === undefined || !(message.reaction.hasTarget || message.reaction.isRemoval),
    }));
  }
}
