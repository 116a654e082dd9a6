import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBinaryPlist, encodeKeyedArchive, PlistReal } from '../../formats/index.ts';
import { archived, Phone } from './messages.test-helper.ts';

const POLLS = 'com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.messages.Polls';

/** What Messages of iOS 26 puts beside a poll or a vote. */
function pollPayload(item: object, query = ''): Buffer {
  const json = Buffer.from(JSON.stringify({ version: 1, item })).toString('base64');
  return encodeKeyedArchive({
    an: 'Polls',
    ldtext: 'Sent a poll',
    URL: `data:,${json}${query}`,
    userInfo: { caption: 'Sent a poll' },
  });
}

test('a poll shows what may be chosen, and a vote what was', () => {
  using phone = new Phone();
  const chat = phone.chat('a', []);
  const options = ['Pizza', 'Grünkohl'].map((text, i) => ({ text, optionIdentifier: `O${i}` }));
  phone.message(chat, {
    guid: 'POLL',
    text: '\uFFFC',
    balloon_bundle_id: POLLS,
    payload_data: pollPayload({ title: 'Was essen wir?', orderedPollOptions: options }, '?src=p&c=2'),
  });
  phone.message(chat, {
    balloon_bundle_id: POLLS,
    payload_data: pollPayload({ votes: [{ voteOptionIdentifier: 'O1', participantHandle: '+491' }] }),
    associated_message_guid: 'POLL',
    associated_message_type: 4000,
  });
  phone.message(chat, { balloon_bundle_id: POLLS, payload_data: encodeKeyedArchive({ URL: 'data:,{' }) });
  assert.deepEqual(
    phone.all().map(({ app }) => [app?.name, app?.title, app?.subtitle, app?.summary, app?.url]),
    [
      ['Poll', 'Was essen wir?', 'Pizza · Grünkohl', undefined, undefined],
      ['Poll', 'Was essen wir?', 'Grünkohl', 'Vote', undefined],
      ['Poll', undefined, undefined, undefined, undefined],
    ],
  );
});

test('what was edited and then taken back is not said any more, and its wordings are still told', () => {
  using phone = new Phone();
  const wordings = ['erst', 'dann'].map((text, i) => ({ d: new PlistReal(700_000_000 + i), t: archived(text) }));
  phone.message(phone.chat('a', []), {
    text: null,
    message_summary_info: encodeBinaryPlist({ ec: { '0': wordings }, rp: [0] }),
  });
  const [message] = phone.all();
  assert.deepEqual([message?.text, message?.parts], [null, [{ kind: 'unsent', index: 0 }]]);
  assert.deepEqual(
    message?.edits.map(({ text }) => text),
    ['erst', 'dann'],
  );
});

test('messages of a chat that is gone are not lost', () => {
  using phone = new Phone();
  phone.message(phone.chat('a', []), { text: 'da' });
  phone.message(0, { text: 'ohne Unterhaltung' });
  phone.add('chat_message_join', { chat_id: 77, message_id: 2 });
  phone.add('chat_message_join', { chat_id: null, message_id: null });
  const messages = phone.open();
  assert.equal(messages.count, 2);
  const [gone] = messages.conversations.filter(({ chats }) => chats.length === 0);
  assert.ok(gone !== undefined);
  assert.deepEqual(
    [...messages.messages(gone)].map(({ text }) => text),
    ['ohne Unterhaltung'],
  );
  assert.equal(messages.whereIs('M2')?.conversation, gone);
});

test('a location that the owner shares is theirs, though no sender is written down', () => {
  using phone = new Phone();
  phone.database.exec('ALTER TABLE message ADD COLUMN share_direction INTEGER');
  const chat = phone.chat('a', []);
  const event = { item_type: 4, other_handle: 1, share_status: 0 };
  for (const share_direction of [0, 1]) phone.message(chat, { ...event, share_direction });
  assert.deepEqual(
    phone.all().map(({ isFromMe, event: what }) => [isFromMe, what?.kind]),
    [
      [true, 'location-shared'],
      [false, 'location-shared'],
    ],
  );
});

test('what was sorted out is with the rest from the same sender, and under a name', () => {
  using phone = new Phone();
  const ids = ['+4915112345', '+4915112345(filtered)', '+4915112345(smsft_fi)(smsft)', 'BANK-S(smsfp)', '(filtered)'];
  for (const id of ids) phone.add('handle', { id, service: 'SMS' });
  for (const [i, id] of ids.entries()) {
    const chat = phone.chat(`any;-;${id}`, i === 3 ? [] : [i + 1], { chat_identifier: id, style: 45 });
    phone.message(chat, { text: `${i}`, handle_id: i + 1 });
  }
  const contacts = { find: (address: string) => (address === '+4915112345' ? { key: 'k', name: 'Anna' } : undefined) };
  const messages = phone.open([], contacts);
  assert.deepEqual(
    messages.conversations.map(({ title, messageCount }) => [title, messageCount]),
    [
      ['(filtered)', 1],
      ['BANK-S', 1],
      ['Anna', 3],
    ],
  );
  const [anna] = messages.conversations.filter(({ title }) => title === 'Anna');
  assert.ok(anna !== undefined);
  assert.deepEqual(
    Array.from(messages.messages(anna), ({ text, sender }) => [text, sender?.name, sender?.address]),
    ['0', '1', '2'].map((text) => [text, 'Anna', '+4915112345']),
  );
});

test('what a filter took a conversation for is known, also of kinds within a kind', () => {
  using phone = new Phone();
  phone.database.exec('ALTER TABLE chat ADD COLUMN is_filtered INTEGER');
  for (const [i, is_filtered] of [0, 1, 2, 3, 4, 36, 68, 15, null].entries()) {
    phone.chat(`any;-;${i}`, [], { chat_identifier: `${i}`, style: 45, is_filtered });
  }
  const names = Array.from(phone.open().chats, ({ filteredAs }) => filteredAs ?? 'none').join(' ');
  assert.equal(names, 'none unknown-sender junk promotion transaction transaction transaction other none');
});
