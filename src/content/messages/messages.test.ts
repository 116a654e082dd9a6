import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { openDatabase, openMemoryDatabase } from '../../database/index.ts';
import { encodeBinaryPlist, encodeKeyedArchive, KeyedObject, PlistReal } from '../../formats/index.ts';
import { messageItems } from './message-items.ts';
import { archived, openMessagesOf, Phone } from './messages.test-helper.ts';

describe('conversations', () => {
  test('with one person are one, whatever address and service was used', () => {
    using phone = new Phone();
    phone.add('handle', { id: '+4915112345', service: 'iMessage', person_centric_id: 'P' });
    phone.add('handle', { id: 'anna@example.org', service: 'iMessage', person_centric_id: 'P' });
    phone.add('handle', { id: '+4915112345', service: 'SMS', person_centric_id: null });
    for (const [guid, handle] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const) {
      phone.message(phone.chat(guid, [handle]), { text: guid, handle_id: handle });
    }
    const messages = phone.open();
    const [conversation, ...others] = messages.conversations;
    assert.ok(conversation !== undefined && others.length === 0);
    assert.deepEqual(
      conversation.chats.map(({ guid }) => guid),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(
      [...messages.messages(conversation)].map(({ text, chatGuid }) => [text, chatGuid]),
      [
        ['a', 'a'],
        ['b', 'b'],
        ['c', 'c'],
      ],
    );
  });

  test('take the names of people from the address book, which also tells who is one person', () => {
    using phone = new Phone();
    for (const id of ['+49 151 1', 'anna@example.org', '+49152']) phone.add('handle', { id, service: 'iMessage' });
    for (const handle of [1, 2, 3]) phone.message(phone.chat(`chat ${handle}`, [handle]), { text: 'x' });
    const contacts = { find: (address: string) => (address === '+49152' ? undefined : { key: 'k', name: 'Anna' }) };
    assert.deepEqual(
      phone.open([], contacts).conversations.map(({ title, chats }) => [title, chats.length]),
      [
        ['+49152', 1],
        ['Anna', 2],
      ],
    );
  });

  test('of groups are one when the people are the same, unless their names differ', () => {
    using phone = new Phone();
    for (const id of ['a@x', 'b@x']) phone.add('handle', { id, service: 'iMessage' });
    for (const name of ['Familie', null, 'Familie', 'Arbeit']) {
      phone.message(phone.chat(`g${Math.random()}`, [1, 2], { display_name: name }), { text: 'x' });
    }
    assert.deepEqual(
      phone
        .open()
        .conversations.map(({ title, chats }) => [title, chats.length])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b), 'en')),
      [
        ['a@x, b@x', 1],
        ['Arbeit', 1],
        ['Familie', 2],
      ],
    );
  });

  test('include what belongs to none', () => {
    using phone = new Phone();
    phone.message(0, { text: 'lost' });
    const messages = phone.open();
    assert.deepEqual(
      messages.conversations.map(({ key, messageCount }) => [key, messageCount]),
      [['no-chat', 1]],
    );
    assert.equal(phone.all()[0]?.text, 'lost');
  });
});

describe('a message', () => {
  test('tells what this iOS does not record from what is empty', () => {
    using old = new Phone('old');
    using recent = new Phone();
    for (const phone of [old, recent]) phone.message(phone.chat('a', []), { text: 'x' });
    assert.equal(old.all()[0]?.readAt, undefined);
    assert.equal(recent.all()[0]?.readAt, null);
    assert.ok(old.open().notAvailable.includes('readAt') && !recent.open().notAvailable.includes('readAt'));
  });

  test('has its date whether seconds or nanoseconds were counted', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    phone.message(chat, { text: 'seconds', date: 600_000_000 });
    phone.message(chat, { text: 'nanoseconds', date: 600_000_000_250_000_000n });
    assert.deepEqual(
      phone.all().map(({ sentAt }) => sentAt?.toISOString()),
      ['2020-01-06T10:40:00.000Z', '2020-01-06T10:40:00.250Z'],
    );
  });

  test('takes its words from the archive, from the text, or from the history of edits', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    phone.message(chat, { attributedBody: archived('Grüße'), text: null });
    phone.message(chat, { text: 'plain' });
    const history = ['first', 'second'].map((text) => ({ d: new PlistReal(7e8), t: archived(text) }));
    const summary = encodeBinaryPlist({ ec: { 0: history }, rp: [1] });
    phone.message(chat, { message_summary_info: summary, date_edited: 600_000_180_000_000_000n });
    const all = phone.all();
    assert.deepEqual(
      all.map(({ text }) => text),
      ['Grüße', 'plain', 'second'],
    );
    assert.deepEqual(
      all[2]?.edits.map(({ text }) => text),
      ['first', 'second'],
    );
    assert.deepEqual(
      all[2]?.parts.map(({ kind }) => kind),
      ['text', 'unsent'],
    );
  });

  test('whose body is damaged says so and is never just empty', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    phone.message(chat, { attributedBody: archived('Hello').subarray(0, 40) });
    phone.message(chat, { attributedBody: Buffer.from('garbage'), text: 'still here' });
    assert.deepEqual(
      phone.all().map(({ text, problem }) => [text, problem]),
      [
        [null, 'body unreadable'],
        ['still here', 'formatting unreadable'],
      ],
    );
  });

  test('knows what it replies to, and how it was sent', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    phone.message(chat, { text: 'question', is_from_me: 1 });
    phone.message(chat, { text: 'answer', thread_originator_guid: 'M1', thread_originator_part: '0:0:8' });
    phone.message(chat, {
      text: 'late',
      thread_originator_guid: 'gone',
      expressive_send_style_id: 'com.apple.messages.effect.CKHappyBirthdayEffect',
    });
    const [, answer, late] = phone.all();
    assert.deepEqual([answer?.replyTo?.part, answer?.replyTo?.original?.text], [0, 'question']);
    assert.deepEqual([late?.replyTo?.original, late?.effect], [undefined, 'Balloons']);
  });

  test('may be in Recently Deleted, whole or in part', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    const deleted = phone.message(0, { text: 'deleted' });
    phone.add('chat_recoverable_message_join', {
      chat_id: chat,
      message_id: deleted,
      delete_date: 600_100_000_000_000_000n,
    });
    const kept = phone.message(chat, { text: 'kept' });
    const part = { chat_id: chat, message_id: kept, part_index: 1, delete_date: 0, part_text: archived('part') };
    phone.add('recoverable_message_part', part);
    const [first, second] = phone.all();
    assert.equal(first?.deletedAt?.toISOString(), '2020-01-07T14:26:40.000Z');
    assert.equal(first?.chatGuid, 'a');
    assert.deepEqual([second?.deletedAt, second?.deletedParts[0]?.text], [undefined, 'part']);
  });

  test('of an app shows what the app wanted to be seen', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    const metadata = new KeyedObject('LPLinkMetadata', { title: 'A page', originalURL: 'https://example.org/' });
    const payload = encodeKeyedArchive(new KeyedObject('RichLink', { richLinkMetadata: metadata }));
    const bundle = 'com.apple.messages.URLBalloonProvider';
    phone.message(chat, { text: 'https://example.org/', balloon_bundle_id: bundle, payload_data: payload });
    phone.message(chat, { balloon_bundle_id: bundle, payload_data: Buffer.from('x'), text: 'see https://example.com' });
    const [link, broken] = phone.all();
    assert.deepEqual([link?.app?.name, link?.app?.title, link?.app?.url], ['Link', 'A page', 'https://example.org/']);
    assert.deepEqual([broken?.app?.problem, broken?.app?.url], ['app data unreadable', 'https://example.com']);
  });

  test('of a group says what happened and to whom', () => {
    using phone = new Phone();
    phone.add('handle', { id: 'a@x', service: 'iMessage' });
    phone.add('handle', { id: 'b@x', service: 'iMessage' });
    phone.message(phone.chat('g', [1, 2]), { item_type: 1, group_action_type: 1, other_handle: 2 });
    const [{ event, type } = {}] = phone.all();
    assert.deepEqual([type, event?.kind, event?.whom?.address], ['event', 'member-removed', 'b@x']);
    assert.deepEqual(
      [...messageItems(phone.open())].map(({ text }) => text),
      ['a@x removed b@x from the conversation'],
    );
  });
});

describe('reactions', () => {
  test('stand with what they are about until they are replaced or taken back', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    phone.message(chat, { text: 'target', is_from_me: 1 });
    for (const [type, isFromMe] of [
      [2000, 0],
      [2003, 0],
      [2001, 1],
      [3001, 1],
      [2006, 1],
    ] as const) {
      phone.message(chat, {
        text: 'Loved…',
        is_from_me: isFromMe,
        associated_message_guid: 'p:0/M1',
        associated_message_type: type,
        associated_message_emoji: type === 2006 ? '🦭' : null,
      });
    }
    const [target, ...rows] = phone.all();
    assert.deepEqual(
      target?.reactions.filter(({ stands }) => stands).map(({ emoji }) => emoji),
      ['😂', '🦭'],
    );
    assert.deepEqual(
      rows.map(({ type, reaction }) => [type, reaction?.stands]),
      [
        ['reaction', false],
        ['reaction', true],
        ['reaction', false],
        ['reaction', false],
        ['reaction', true],
      ],
    );
  });

  test('to what is gone are still there', () => {
    using phone = new Phone();
    phone.message(phone.chat('a', []), {
      text: 'Liked “x”',
      associated_message_guid: 'bp:gone',
      associated_message_type: 2001,
    });
    const [row] = phone.all();
    assert.deepEqual([row?.reaction?.hasTarget, row?.reaction?.targetGuid], [false, 'gone']);
  });
});

describe('files that were sent', () => {
  test('are found wherever the phone says they lie, and told apart where they are not', () => {
    using phone = new Phone();
    const chat = phone.chat('a', []);
    const message = phone.message(chat, { text: '\uFFFC\uFFFCcaption' });
    phone.attach(message, { guid: 'A', filename: '~/Library/SMS/Attachments/aa/1.heic', transfer_name: 'Photo.heic' });
    phone.attach(message, { guid: 'B', filename: '/var/mobile/Library/SMS/Attachments/Gr\u00fc\u00dfe.txt' });
    phone.attach(message, { guid: 'C', filename: '~/Library/SMS/Attachments/gone.jpg', hide_attachment: 1 });
    phone.attach(message, { guid: 'D', filename: null, transfer_name: 'later.mov' });
    phone.attach(message, { guid: 'E', filename: '/etc/passwd' });
    const [{ attachments, parts, text } = { attachments: [], parts: [] }] = phone.all([
      'MediaDomain/Library/SMS/Attachments/aa/1.heic',
      'MediaDomain/Library/SMS/Attachments/aa/1.MOV',
      'MediaDomain/Library/SMS/Attachments/Gru\u0308\u00dfe.txt',
      'MediaDomain//etc/passwd',
    ]);
    assert.deepEqual(
      attachments.map(({ guid, state }) => [guid, state]),
      [
        ['A', 'in-backup'],
        ['B', 'in-backup'],
        ['C', 'not-in-backup'],
        ['D', 'not-downloaded'],
        ['E', 'not-in-backup'],
      ],
    );
    assert.equal(attachments[0]?.livePhoto?.relativePath, 'Library/SMS/Attachments/aa/1.MOV');
    assert.equal(text, 'caption');
    assert.deepEqual(
      parts.map((part) => (part.kind === 'attachment' ? part.attachment.guid : part.kind)),
      ['A', 'B', 'text', 'D', 'E'],
    );
  });
});

test('no bytes in any column end the reading', () => {
  const blob = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.concat([archived('x').subarray(0, 90), bytes])),
    fc.string().map((text) => encodeBinaryPlist({ ec: { [text]: [{ t: text }] }, rp: [text, -1] })),
    fc.constantFrom(null, 'text', 5, 2n ** 62n),
  );
  fc.assert(
    fc.property(blob, blob, blob, (attributedBody, message_summary_info, payload_data) => {
      using phone = new Phone();
      const values = {
        attributedBody,
        message_summary_info,
        payload_data,
        balloon_bundle_id: 'x',
        date: attributedBody,
      };
      phone.message(phone.chat('a', []), {
        ...values,
        associated_message_type: payload_data,
        thread_originator_guid: 'M1',
      });
      assert.equal(phone.all().length, 1);
    }),
    { numRuns: 150 },
  );
});

test('a database without messages is refused with what is missing', () => {
  using phone = new Phone();
  phone.database.exec('ALTER TABLE message DROP COLUMN is_from_me');
  assert.throws(() => phone.open(), { name: 'FormatError', message: /is_from_me/ });
});

const DATA = join(import.meta.dirname, '../../../../shared/data');
for (const { file, count, conversations } of [
  { file: 'magnet-2020/sms.db', count: 105, conversations: 7 },
  { file: 'novkostya/messages/testdata/messages.1.sms.db', count: 10, conversations: 2 },
  { file: 'plaso/imessage_chat.db', count: 10, conversations: 7 },
]) {
  if (!existsSync(join(DATA, file))) continue;
  test(`reads ${file}`, () => {
    using database = openDatabase(join(DATA, file), { immutable: true });
    const messages = openMessagesOf(database);
    const all = messages.conversations.flatMap((each) => [...messages.messages(each)]);
    assert.deepEqual([all.length, messages.count, messages.conversations.length], [count, count, conversations]);
    const texts = database.prepare('SELECT guid, text FROM message WHERE text IS NOT NULL').all();
    for (const { guid, text } of texts) {
      const words = String(text).replaceAll('\uFFFC', '');
      assert.equal(all.find((each) => each.guid === guid)?.text ?? '', words);
    }
  });
}

const SCHEMAS = join(DATA, 'schemas/schemas/messages');
for (const { name, hasEffects } of [
  { name: 'iOS6.1.6.sql', hasEffects: false },
  { name: 'iOS9.2.1.sql', hasEffects: false },
  { name: 'iOS10.2.sql', hasEffects: true },
  { name: 'iOS11.2.sql', hasEffects: true },
]) {
  if (!existsSync(join(SCHEMAS, name))) continue;
  test(`reads a database laid out as ${name} says`, () => {
    using database = openMemoryDatabase();
    // Triggers of the phone call functions that only the phone has.
    const tables = readFileSync(join(SCHEMAS, name), 'utf8').match(/CREATE TABLE (?!sqlite_)[^;]+;/g) ?? [];
    for (const sql of tables) database.exec(sql);
    database.exec(`INSERT INTO handle (ROWID, id, service) VALUES (1, '+491511', 'SMS');
      INSERT INTO chat (ROWID, guid, style, chat_identifier, service_name) VALUES (1, 'SMS;-;+491511', 45, '+491511', 'SMS');
      INSERT INTO chat_handle_join VALUES (1, 1);
      INSERT INTO message (ROWID, guid, text, handle_id, service, date) VALUES (1, 'G', 'Hallo', 1, 'SMS', 600000000);
      INSERT INTO chat_message_join (chat_id, message_id) VALUES (1, 1);`);
    const messages = openMessagesOf(database);
    const [message] = messages.conversations.flatMap((each) => [...messages.messages(each)]);
    assert.deepEqual(
      [message?.text, message?.sender?.address, message?.sentAt?.toISOString()],
      ['Hallo', '+491511', '2020-01-06T10:40:00.000Z'],
    );
    assert.equal(messages.notAvailable.includes('effect'), !hasEffects);
  });
}
