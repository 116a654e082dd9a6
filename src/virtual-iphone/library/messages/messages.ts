import type { Database } from '../../../database/index.ts';
import { after, cocoaNanoseconds, DAY_MS, daysBefore, HOUR_MS, MINUTE_MS } from '../apple-time.ts';
import { makeAttachment } from './attachments.ts';
import { addChat, addHandle, type Member } from './message-chats.ts';
import { addUnusualMessages } from './messages-unusual.ts';
import { rewrite, type Library } from '../library.ts';
import {
  addEdited,
  addMessage,
  addTapback,
  addUnsent,
  addWithAttachment,
  type Chat,
  type NewMessage,
  type Written,
} from './message-rows.ts';
import { MESSAGES_SCHEMA } from './messages-schema.ts';
import type { Person } from '../people.ts';
import type { Random } from '../random.ts';
import { editDatabase, insert, makeDatabase } from '../sqlite.ts';
import { phrase, title } from '../texts.ts';

const DOMAIN = 'HomeDomain';
const PATH = 'Library/SMS/sms.db';

/** sms.db and all attachments: direct chats, groups, a service that texts codes; tapbacks, replies, edits, deletions. */
export function fillMessages(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('messages');
  const bytes = makeDatabase(MESSAGES_SCHEMA, (database) => {
    for (const [key, value] of [
      ['_ClientVersion', '18026'],
      ['_UniqueIdentifier', random.uuid()],
    ]) {
      insert(database, '_SqliteDatabaseProperties', { key: key ?? '', value: value ?? '' });
    }
    const chats = makeChats(library, database, random);
    const each = Math.floor(amounts.messages / chats.length);
    for (const { chat, members } of chats) {
      const start = daysBefore(now, random.between(20, 900));
      talk(library, database, random, { chat, members, count: each, from: start, to: now });
    }
    codes(database, random, library);
    throwAway(database, now);
    addUnusualMessages(library, database, library.random('unusual messages'));
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
  disk.makeDirectory(DOMAIN, 'Library/SMS/Drafts');
  disk.makeDirectory('MediaDomain', 'Library/SMS/StickerCache');
}

/** A day's messages in a few of the chats. */
export function changeMessages(library: Library): void {
  const { now } = library;
  const random = library.random('messages');
  rewrite(library, DOMAIN, PATH, (bytes) =>
    editDatabase(bytes, (database) => {
      for (const conversation of random.some(knownChats(library, database), 3)) {
        talk(library, database, random, {
          ...conversation,
          count: random.between(2, 9),
          from: daysBefore(now, 1),
          to: now,
        });
      }
    }),
  );
}

interface Conversation {
  readonly chat: Chat;
  readonly members: readonly Member[];
}

function makeChats(library: Library, database: Database, random: Random): Conversation[] {
  const { people, owner, amounts } = library;
  const conversations: Conversation[] = [];
  const direct = people.slice(0, Math.max(2, amounts.conversations - 2));
  direct.forEach((person, i) => {
    const service = i % 5 === 3 ? 'SMS' : i % 7 === 5 ? 'RCS' : 'iMessage';
    const members = [addHandle(database, person, service)];
    conversations.push({
      chat: addChat(database, random, owner.phone, { service, members, identifier: person.phone }),
      members,
    });
  });
  // Who also writes from a mail address has a second handle and a second chat, tied by person_centric_id.
  const second = people[0];
  if (second) {
    const members = [addHandle(database, second, 'iMessage', second.email)];
    const identifier = second.email;
    conversations.push({
      chat: addChat(database, random, owner.phone, { service: 'iMessage', members, identifier }),
      members,
    });
  }
  for (const name of ['Familie 👨‍👩‍👧', undefined]) {
    const members = random.some(people, random.between(3, 5)).map((person) => addHandle(database, person, 'iMessage'));
    const identifier = `chat${random.digits(18)}`;
    const chat = addChat(database, random, owner.phone, { service: 'iMessage', members, identifier, name });
    conversations.push({ chat, members });
  }
  return conversations;
}

interface Talk extends Conversation {
  readonly count: number;
  readonly from: Date;
  readonly to: Date;
}

/** Messages to and fro: bursts of a few minutes, hours and days apart. */
function talk(library: Library, database: Database, random: Random, { chat, members, count, from, to }: Talk): void {
  const pause = Math.max(MINUTE_MS, (to.getTime() - from.getTime()) / Math.max(1, count));
  let sentAt = from;
  let last: (Written & { text: string }) | undefined;
  for (let i = 0; i < count; i++) {
    sentAt = after(
      sentAt,
      Math.floor(random.chance(0.6) ? random.between(4000, 120_000) : pause * 1.6 * random.fraction()),
    );
    if (sentAt > to) sentAt = new Date(to.getTime() - random.below(HOUR_MS));
    const sender = random.chance(0.45) ? undefined : random.pick(members);
    const language = sender?.person.language ?? members[0]?.person.language;
    const message = { chat, sentAt, handleId: sender?.handleId ?? 0, text: phrase(random, language) };
    last = { ...addSomething(library, database, random, message, last), text: message.text };
  }
}

/** A plain message mostly; now and then something a reader must not stumble over. */
function addSomething(
  library: Library,
  database: Database,
  random: Random,
  message: NewMessage & { text: string },
  last: (Written & { text: string }) | undefined,
): Written {
  const kind = random.fraction();
  const { text } = message;
  if (kind < 0.04) {
    const attachment = makeAttachment(library, random, message.sentAt);
    const caption = random.chance(0.4) ? text : '';
    return addWithAttachment(database, random, { ...message, text: caption, attachment });
  }
  if (last && kind < 0.1) {
    return addTapback(database, random, { ...message, target: last, kind: 2000 + random.below(7), quoted: last.text });
  }
  if (last && kind < 0.14) {
    return addMessage(database, random, {
      ...message,
      more: { thread_originator_guid: last.guid, thread_originator_part: '0:0:1' },
    });
  }
  if (kind < 0.15) return addEdited(database, random, { ...message, first: `${text.slice(0, 6)}…` });
  if (kind < 0.155) return addUnsent(database, random, message);
  if (kind < 0.165 && message.chat.handleIds.length > 1) {
    return addMessage(database, random, {
      ...message,
      text: '',
      more: { item_type: 2, group_title: title(random), text: null, attributedBody: null },
    });
  }
  if (kind < 0.18 && message.chat.handleIds.length > 1) return addMention(library, database, random, message);
  return addMessage(database, random, message);
}

function addMention(
  library: Library,
  database: Database,
  random: Random,
  message: NewMessage & { text: string },
): Written {
  const person = random.pick(library.people);
  const part = { __kIMMessagePartAttributeName: 0 };
  const runs = [
    { length: person.first.length, attributes: { ...part, __kIMMentionConfirmedMention: person.phone } },
    { length: message.text.length + 1, attributes: part },
  ];
  return addMessage(database, random, { ...message, text: `${person.first} ${message.text}`, runs });
}

/** A short code that texts one-time passwords, by SMS. */
function codes(database: Database, random: Random, { now, owner }: Library): void {
  const handleId = insert(database, 'handle', {
    id: '72345',
    country: 'de',
    service: 'SMS',
    uncanonicalized_id: '72345',
  });
  const person: Person = { first: '', last: '', phone: '72345', email: '', country: 'de', language: 'en' };
  const members = [{ handleId, person }];
  const chat = addChat(database, random, owner.phone, { service: 'SMS', members, identifier: '72345' });
  for (let i = 0; i < 5; i++) {
    const text = `${random.digits(6)} is your Example Bank code. Never share it.`;
    addMessage(database, random, { chat, sentAt: daysBefore(now, 60 - i * 11), handleId, text });
  }
}

/** Puts the oldest message of the first chat into "Recently Deleted", where it stays for 30 days. */
function throwAway(database: Database, now: Date): void {
  const oldest = database
    .prepare('SELECT chat_id, message_id FROM chat_message_join ORDER BY message_date LIMIT 1')
    .get();
  if (!oldest) return;
  const { chat_id: chatId = null, message_id: messageId = null } = oldest;
  const deletedAt = cocoaNanoseconds(new Date(now.getTime() - 3 * DAY_MS));
  database.prepare('DELETE FROM chat_message_join WHERE message_id = ?').run(messageId);
  insert(database, 'chat_recoverable_message_join', { chat_id: chatId, message_id: messageId, delete_date: deletedAt });
}

function knownChats({ people }: Library, database: Database): Conversation[] {
  return database
    .prepare(
      "SELECT ROWID AS id, guid, service_name, account_login FROM chat WHERE chat_identifier != '72345' AND is_filtered = 0",
    )
    .all()
    .map((row) => {
      const rows = database
        .prepare(
          'SELECT h.ROWID AS id, h.id AS name FROM chat_handle_join j JOIN handle h ON h.ROWID = j.handle_id WHERE j.chat_id = ?',
        )
        .all(row['id'] ?? null);
      const members = rows.flatMap(({ id, name }) => {
        const person = people.find(({ phone, email }) => phone === name || email === name);
        return person ? [{ handleId: Number(id), person }] : [];
      });
      const service: Chat['service'] =
        row['service_name'] === 'SMS' ? 'SMS' : row['service_name'] === 'RCS' ? 'RCS' : 'iMessage';
      const handleIds = members.map(({ handleId }) => handleId);
      return {
        chat: {
          id: Number(row['id']),
          guid: String(row['guid']),
          service,
          handleIds,
          account: String(row['account_login']),
        },
        members,
      };
    })
    .filter(({ members }) => members.length > 0);
}
