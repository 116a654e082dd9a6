import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryBackup } from '../source/memory-backup.test-helper.ts';
import { expectedRows, hasRealData, unzip } from '../source/real-data.test-helper.ts';
import { openWhatsApp, type WhatsApp } from './whatsapp.ts';

const ZIP = 'ileapp/testdata.whatsApp.';
const JSON_FILE = 'ileapp/whatsApp.';
const SUFFIX = '.josh_ios15_ffs';

if (hasRealData(`${ZIP}whatsAppMessages${SUFFIX}.zip`)) {
  test('real messages come out as another tool reads them, record by record', async () => {
    using whatsapp = await opened('whatsAppMessages');
    const [account] = whatsapp.accounts;
    assert.ok(account);
    const messages = [...account.messages()].toSorted((a, b) => a.row - b.row);
    const expected = expectedRows(`${JSON_FILE}whatsAppMessages${SUFFIX}.20250621193412.json`);
    assert.equal(messages.length, expected.length);
    messages.forEach((message, i) => {
      const { chat, isFromMe, fromJid, toJid, text, media } = message;
      const [at, from, fromId, to, toId, words, file, thumb, starred, , , latitude, longitude] = expected[i] ?? [];
      assert.deepEqual(
        [isFromMe ? 'Local User' : chat?.title, fromJid, isFromMe ? chat?.title : 'Local User', toJid, text],
        [from, fromId, to, toId, words],
      );
      // The other tool rounds what is between two seconds; so do its neighbours.
      assert.ok(Math.abs(seconds(message.sentAt) - Number(at)) <= 1);
      assert.equal(message.isStarred, starred);
      assert.deepEqual([media?.latitude ?? '', media?.longitude ?? ''], [latitude, longitude]);
      assert.equal(
        media?.path ? media.path.endsWith(String(file).replace('mock_hash_for_', '')) : '',
        file === '' ? '' : true,
      );
      assert.equal(media !== undefined, thumb !== '');
    });
    const [first, second] = messages.filter(({ kind }) => kind === 'image');
    assert.deepEqual(
      [first?.media?.state, first?.media?.mimeType, first?.media?.sizeBytes],
      ['not-in-backup', 'image/jpeg', 42_073],
    );
    assert.equal(second?.media?.state, 'not-in-backup');
  });

  test('replies and reactions are found in the blobs of a real database', async () => {
    using whatsapp = await opened('whatsAppMessages');
    const messages = [...(whatsapp.accounts[0]?.messages() ?? [])];
    const reply = messages.find(({ quoted }) => quoted !== undefined);
    assert.equal(reply?.text, 'I do generate quite a bit. I need to up my storage. A lot.');
    assert.equal(reply.quoted?.text, 'Makes sense with all the test data you generate.');
    const original = messages.find(({ key }) => key === reply.quoted?.key);
    assert.equal(original?.text, reply.quoted?.text);
    assert.deepEqual(
      original?.reactions.map(({ emoji, from, at }) => [emoji, from, at?.toISOString()]),
      [['👍', undefined, '2023-05-02T16:00:29.311Z']],
    );
    assert.equal(messages.filter(({ problem }) => problem !== undefined).length, 0);
    const groups = whatsapp.accounts[0]?.chats.filter(({ kind }) => kind === 'group');
    assert.deepEqual(groups?.map(({ title }) => title).toSorted(), [
      'Med Report 2',
      'Med Report Review',
      'Our Test Group',
      'Working Group',
    ]);
    assert.ok(groups?.every(({ members }) => members.length === 2 && members.some(({ isAdmin }) => isAdmin)));
  });

  test('real calls and contacts come out as another tool reads them', async () => {
    using whatsapp = await opened('whatsAppCallHistory');
    const [account] = whatsapp.accounts;
    const expected = expectedRows(`${JSON_FILE}whatsAppCallHistory${SUFFIX}.20250621193412.json`);
    const calls = account?.calls.map((call) => {
      const [person] = call.participants;
      const contact = account.people.contacts.find(({ jid }) => jid === person?.jid);
      const start = (call.startedAt?.getTime() ?? 0) / 1000;
      const duration = new Date(Math.floor(call.durationSeconds ?? 0) * 1000).toISOString().slice(11, 19);
      const direction = call.isIncoming === true ? 'Incoming' : 'Outgoing';
      const outcome = { ended: 'Ended', missed: 'Missed', rejected: 'Rejected', unknown: '' }[call.outcome];
      const end = Math.trunc(start + (call.durationSeconds ?? 0));
      return [Math.trunc(start), end, duration, direction, outcome, person?.jid, contact?.name, contact?.phone];
    });
    assert.deepEqual(calls, expected);
    assert.deepEqual(
      account?.calls.map(({ isVideo }) => isVideo),
      [false, false, true, true],
    );
    assert.equal(account.calls[0]?.participants[0]?.shownName, 'This Is DFIR Two');

    using others = await opened('whatsAppContacts');
    const contacts = others.accounts[0]?.people.contacts.map(
      ({ name, about, aboutChangedAt, phone, phoneLabel, jid, identifier }) => [
        name,
        about,
        aboutChangedAt && Math.trunc(aboutChangedAt.getTime() / 1000),
        phone,
        phoneLabel ?? '',
        jid,
        identifier,
      ],
    );
    assert.deepEqual(contacts, expectedRows(`${JSON_FILE}whatsAppContacts${SUFFIX}.20250621193412.json`));
  });
}

const seconds = (date: Date | null | undefined): number => Math.floor((date?.getTime() ?? 0) / 1000);

async function opened(name: string): Promise<WhatsApp> {
  const domain = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';
  const files = [...unzip(`${ZIP}${name}${SUFFIX}.zip`)].map(([file, bytes]) => [`${domain}:${file}`, bytes] as const);
  const whatsapp = await openWhatsApp(memoryBackup(Object.fromEntries(files)));
  assert.ok(whatsapp);
  return whatsapp;
}
