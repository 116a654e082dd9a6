import type { ContentDatabase } from '../source/content-database.ts';
import { flagOf, numberOf, textOf } from '../source/row-values.ts';
import { fromCocoaTime } from '../../shared/apple-time.ts';
import type { Correspondents } from './correspondents.ts';
import type { Chat, Conversation, Correspondent } from './message.ts';

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
      isFiltered: flagOf(row['is_filtered']),
      ownAddress: emptyAsNull(textOf(row['last_addressed_handle'])),
    };
  });
}

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
interface Extent {
  count: number;
  first: number;
  last: number;
}

/** Conversations with how much is in each, the one with the newest message first. */
export function conversationsOf(database: ContentDatabase, chats: readonly Chat[]): Conversation[] {
  const extents = extentsByChat(database);
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

/** How many messages each chat has and between when; under 0 those that are in none. */
function extentsByChat(database: ContentDatabase): Map<number, Extent> {
  const extents = new Map<number, Extent>();
  const of = 'count(*) AS count, CAST(min(nullif(m.date, 0)) AS REAL) AS first, CAST(max(m.date) AS REAL) AS last';
  const tables = joinTables(database);
  const perChat = tables.map(
    (table) => `SELECT j.chat_id AS chat_id, ${of} FROM ${table} j JOIN message m ON m.ROWID = j.message_id GROUP BY 1`,
  );
  const isStray = tables.map((table) => `m.ROWID NOT IN (SELECT message_id FROM ${table})`);
  const strays = `SELECT 0 AS chat_id, ${of} FROM message m WHERE ${isStray.join(' AND ') || '1'}`;
  for (const row of [...perChat, strays].flatMap((sql) => database.all(sql))) {
    const id = numberOf(row['chat_id']) ?? 0;
    const count = numberOf(row['count']) ?? 0;
    const before = extents.get(id);
    if (count === 0) continue;
    const [first, last] = [numberOf(row['first']) ?? 0, numberOf(row['last']) ?? 0];
    extents.set(id, {
      count: count + (before?.count ?? 0),
      first: before === undefined || before.first === 0 ? first : Math.min(first, before.first),
      last: Math.max(last, before?.last ?? 0),
    });
  }
  return extents;
}

/** The tables that say which messages are in which chat: one more since iOS 16, for Recently Deleted. */
export const joinTables = (database: ContentDatabase): string[] =>
  ['chat_message_join', 'chat_recoverable_message_join'].filter((table) => database.has(table, 'message_id'));

const emptyAsNull = <T>(text: T | ''): T | null => (text === '' ? null : text);
