import type { ContentDatabase } from '../source/content-database.ts';
import { flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { fromCocoaTime } from '../../shared/time/apple-time.ts';
import type { Correspondents } from './correspondents.ts';
import { DatesByRow } from './dates-by-row.ts';
import type { Chat, ChatFilter, Conversation, Correspondent } from './message.ts';

/** `chat.style`: 43 is a group, 45 two people. */
const GROUP = 43;
/** The key of what belongs to no chat. */
export const NO_CHAT = 'no-chat';

/** All chats, in the order they were made. */
export function readChats(database: ContentDatabase, correspondents: Correspondents): Chat[] {
  const members = membersByChat(database, correspondents);
  const columns = database.select('chat', 'c', [
    'guid',
    'style',
    'chat_identifier',
    'service_name',
    'display_name',
    'is_archived',
    'is_filtered',
    'last_addressed_handle',
    'room_name',
  ]);
  return database.all(`SELECT c.ROWID AS row_id, ${columns} FROM chat c ORDER BY c.ROWID`).map((row) => {
    const rowId = numberOf(row['row_id']) ?? 0;
    const guid = textOf(row['guid']) ?? `chat-${rowId}`;
    const identifier = textOf(row['chat_identifier']) ?? guid.split(';').at(-1) ?? guid;
    const listed = members.get(rowId) ?? [];
    const style = numberOf(row['style']);
    const isGroup =
      typeof style === 'number' && style > 0 ? style === GROUP : listed.length > 1 || guid.includes(';+;');
    return {
      rowId,
      guid,
      identifier,
      service: textOf(row['service_name']) ?? guid.split(';')[0] ?? '',
      isGroup,
      participants: listed.length === 0 && !isGroup ? [correspondents.at(identifier)] : listed,
      displayName: emptyAsNull(textOf(row['display_name'])),
      isArchived: flagOf(row['is_archived']),
      filteredAs: filterOf(numberOf(row['is_filtered'])),
      ownAddress: emptyAsNull(textOf(row['last_addressed_handle'])),
    };
  });
}

/** `is_filtered` began as a flag. Transactions have kinds of their own above the lowest four bits. */
function filterOf(value: Recorded<number>): Recorded<ChatFilter> {
  if (!value) return value === undefined ? undefined : null;
  return FILTERS[value & 15] ?? 'other';
}

const FILTERS: Readonly<Record<number, ChatFilter>> = {
  1: 'unknown-sender',
  2: 'junk',
  3: 'promotion',
  4: 'transaction',
};

function membersByChat(database: ContentDatabase, correspondents: Correspondents): Map<number, Correspondent[]> {
  const members = new Map<number, Correspondent[]>();
  if (!database.has('chat_handle_join', 'handle_id')) return members;
  for (const row of database.all('SELECT chat_id, handle_id FROM chat_handle_join ORDER BY chat_id, handle_id')) {
    const chatId = numberOf(row['chat_id']) ?? 0;
    const person = correspondents.byRow(numberOf(row['handle_id']) ?? 0);
    const list = members.get(chatId) ?? [];
    members.set(chatId, list);
    if (person !== undefined && !list.includes(person)) list.push(person);
  }
  return members;
}

/**
 * Puts chats together as the phone does: with one person all of them, whatever address or service was used; of
 * groups those with the same people, unless they were given different names.
 */
export function mergeChats(chats: readonly Chat[]): Chat[][] {
  const groups = new Map<string, Chat[]>();
  for (const chat of chats) {
    const key = `${chat.isGroup ? 'group' : 'one'}\n${peopleOf(chat) || chat.guid}`;
    const list = groups.get(key) ?? [];
    groups.set(key, list);
    list.push(chat);
  }
  return [...groups.values()].flatMap(byName);
}

const peopleOf = ({ participants }: Chat): string =>
  [...new Set(participants.map(({ person }) => person))].toSorted().join('\n');

/** Groups without a name go with the named one when there is just one. */
function byName(chats: Chat[]): Chat[][] {
  const names = new Set(chats.map(({ displayName }) => displayName).filter((name) => typeof name === 'string'));
  if (names.size < 2 || !chats[0]?.isGroup) return [chats];
  const parts = [...names, undefined].map((name) => chats.filter((chat) => (chat.displayName ?? undefined) === name));
  return parts.filter(({ length }) => length > 0);
}

/** How much is in a chat, and between when, in seconds or nanoseconds since 2001. */
export interface Extent {
  count: number;
  first: number;
  last: number;
}

/** Conversations with how much is in each, the one with the newest message first. */
export function conversationsOf(chats: readonly Chat[], extents: Extents): Conversation[] {
  const conversations = mergeChats(chats).map((merged) => {
    const own = merged.map(({ rowId }) => extents.get(rowId)).filter((each) => each !== undefined);
    return makeConversation(merged, own);
  });
  const strays = extents.get(0);
  if (strays !== undefined) conversations.push(makeConversation([], [strays]));
  return conversations.toSorted((a, b) => (b.lastAt?.getTime() ?? 0) - (a.lastAt?.getTime() ?? 0));
}

/** @param extents of its chats. */
export function makeConversation(chats: readonly Chat[], extents: readonly Extent[]): Conversation {
  const people = new Map<string, Correspondent>();
  for (const each of chats.flatMap(({ participants }) => participants)) {
    if (!people.has(each.person)) people.set(each.person, each);
  }
  const participants = [...people.values()];
  const name = chats.map(({ displayName }) => displayName).find((each) => typeof each === 'string');
  const firsts = extents.map(({ first }) => first).filter((time) => time !== 0);
  return {
    key: chats[0]?.guid ?? NO_CHAT,
    title: name ?? titleOf(chats, participants),
    isGroup: chats[0]?.isGroup === true,
    chats,
    participants,
    services: [...new Set(chats.map(({ service }) => service))],
    messageCount: extents.reduce((sum, { count }) => sum + count, 0),
    firstAt: firsts.length === 0 ? undefined : fromCocoaTime(Math.min(...firsts)),
    lastAt: firsts.length === 0 ? undefined : fromCocoaTime(Math.max(...extents.map(({ last }) => last))),
  };
}

function titleOf(chats: readonly Chat[], participants: readonly Correspondent[]): string {
  if (participants.length === 0) return chats[0]?.identifier ?? 'Not in any conversation';
  const names = participants.map(({ name, address }) => name ?? address);
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

/** How much is in each chat, by its row; under 0 what is in none. */
export type Extents = ReadonlyMap<number, Extent>;

/**
 * How many messages each chat has and between when. A million rows take seconds: they are gone through here and not by
 * SQLite, with a pause now and then for whoever has other things to do in between.
 */
export function* countingMessages(database: ContentDatabase): Generator<void, Extents> {
  const rows = new DatesByRow(database);
  let looked = 0;
  for (const [row, date] of database.arrays('SELECT ROWID, CAST(date AS REAL) FROM message')) {
    rows.add(numberOf(row) ?? 0, numberOf(date) ?? 0);
    if (++looked % PAUSE_EVERY === 0) yield;
  }
  const extents = new Map<number, Extent>();
  const chats = new Set(Array.from(database.arrays('SELECT ROWID FROM chat'), ([id]) => numberOf(id) ?? 0));
  for (const table of joinTables(database)) {
    for (const [chat, message] of database.arrays(`SELECT chat_id, message_id FROM ${table}`)) {
      // What a chat is said to hold may not be there, and what is there may be of a chat that is gone.
      const date = chats.has(numberOf(chat) ?? 0) ? rows.take(numberOf(message) ?? 0) : undefined;
      if (date !== undefined) extend(extents, numberOf(chat) ?? 0, date);
      if (++looked % PAUSE_EVERY === 0) yield;
    }
  }
  for (const date of rows.left()) extend(extents, 0, date);
  return extents;
}

const PAUSE_EVERY = 256;

function extend(extents: Map<number, Extent>, chat: number, date: number): void {
  const known = extents.get(chat);
  if (known === undefined) {
    extents.set(chat, { count: 1, first: date, last: date });
    return;
  }
  known.count++;
  // Without a date is 0, and no beginning.
  if (date !== 0 && (known.first === 0 || date < known.first)) known.first = date;
  if (date > known.last) known.last = date;
}

/** The tables that say which messages are in which chat: one more since iOS 16, for Recently Deleted. */
export const joinTables = (database: ContentDatabase): string[] =>
  ['chat_message_join', 'chat_recoverable_message_join'].filter((table) => database.has(table, 'message_id'));

const emptyAsNull = <T>(text: T | ''): T | null => (text === '' ? null : text);
