/** Messages come out of backups as the phone had them: each row, and one of everything that Messages can do. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  eventWords,
  messageItems,
  openContacts,
  openMessages,
  type Message,
  type Messages,
} from '../../src/content/index.ts';
import { decodeAttributedString } from '../../src/formats/index.ts';
import { PhoneBackup } from '../support/phone-backup.ts';

const SMS = /^HomeDomain\/Library\/SMS\/sms\.db$/;

for (const password of [undefined, 'geheim']) {
  describe(`the messages of a backup ${password === undefined ? 'without' : 'with'} a password`, () => {
    let phone: PhoneBackup;
    let messages: Messages;
    let all: Message[];

    before(async () => {
      phone = await PhoneBackup.make(password);
      const contacts = await openContacts(phone.backup);
      const opened = await openMessages(phone.backup, { contacts });
      assert.ok(opened !== undefined);
      messages = opened;
      all = messages.conversations.flatMap((each) => [...messages.messages(each)]);
    });
    after(async () => {
      messages[Symbol.dispose]();
      await phone[Symbol.asyncDispose]();
    });

    /** The message with these words, or made by that app. */
    const find = (wanted: (message: Message) => boolean): Message => {
      const found = all.find(wanted);
      assert.ok(found !== undefined);
      return found;
    };
    const saying = (text: string): Message => find((each) => each.text === text && each.type === 'message');

    test('are all there, with their words, senders and times', () => {
      const rows = phone.rowsOnPhone(
        SMS,
        `SELECT m.guid, m.text, m.attributedBody AS body, m.is_from_me AS mine, m.service, CAST(m.date / 1000000 AS REAL) AS ms,
         h.id AS sender FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id ORDER BY m.guid`,
      );
      const expected = rows.map(({ guid, text, body, mine, service, ms, sender }) => {
        const whole = body instanceof Uint8Array ? decodeAttributedString(body).text : text;
        const words = typeof whole === 'string' ? whole.replaceAll('\uFFFC', '') : '';
        const at = new Date(Number(ms) + 978_307_200_000).toISOString();
        return [guid, words, mine === 1, mine === 1 ? undefined : (sender ?? undefined), service, at];
      });
      const found = all
        .toSorted((a, b) => (a.guid < b.guid ? -1 : 1))
        .map(({ guid, text, isFromMe, sender, service, sentAt, edits }) => {
          const words = edits.length > 2 ? '' : (text ?? '');
          return [guid, words, isFromMe, sender?.address, service, sentAt?.toISOString()];
        });
      assert.deepEqual(found, expected);
      assert.ok(all.every(({ problem }) => problem === undefined));
      assert.deepEqual(messages.notAvailable, []);
    });

    test('stand in conversations with the names of people, two chats with one person as one', () => {
      const merged = messages.conversations.filter(({ chats, isGroup }) => chats.length > 1 && !isGroup);
      assert.ok(merged.length > 0);
      assert.ok(messages.conversations.filter(({ participants }) => participants.some(({ name }) => name)).length > 8);
      assert.deepEqual(new Set(messages.chats.map(({ service }) => service)), new Set(['iMessage', 'SMS', 'RCS']));
      const unknown = messages.conversations.find(({ chats }) => chats[0]?.filteredAs);
      assert.deepEqual([unknown?.chats[0]?.isArchived, all.some(({ isSpam }) => isSpam)], [true, true]);
    });

    test('have effects, subjects and formatting', () => {
      assert.equal(saying('Slam!').effect, 'Slam');
      assert.equal(saying('Geschafft 🎉').effect, 'Confetti');
      assert.equal(saying('Mit Betreff').subject, 'Übergabe der Schlüssel');
      const [part] = find(({ text }) => text?.startsWith('fett kursiv') === true).parts;
      assert.ok(part?.kind === 'text');
      const marked = part.spans.map(({ start, end, ...how }) => [
        part.text.slice(start, end),
        Object.keys(how).join(' '),
      ]);
      assert.deepEqual(marked, [
        ['fett', 'bold'],
        ['kursiv', 'italic'],
        ['unten', 'underline'],
        ['weg', 'strikethrough'],
        ['zitternd', 'animation'],
        ['alle', 'mention'],
        ['example.org', 'link'],
        ['483920', 'detected'],
      ]);
    });

    test('keep what was edited, unsent and deleted', () => {
      const { edits } = saying('Um 9 am Bahnhof');
      assert.deepEqual(
        edits.map(({ text }) => text),
        ['Um 8 am Banhof', 'Um 8 am Bahnhof', 'Um 9 am Bahnhof'],
      );
      const unsent = find(
        ({ parts, attachments }) => attachments.length > 0 && parts.some(({ kind }) => kind === 'unsent'),
      );
      assert.ok(unsent.unsentAt);
      assert.equal(saying('Das bleibt stehen').deletedParts[0]?.text, 'Das ist gelöscht');
      assert.equal(all.filter(({ deletedAt }) => deletedAt !== undefined).length, 1);
    });

    test('carry the reactions that still stand', () => {
      const { reactions, guid } = saying('Kommst du mit?');
      const standing = reactions.filter(({ stands }) => stands).map(({ kind, isFromMe }) => [kind, isFromMe]);
      assert.deepEqual(standing, [
        ['love', false],
        ['laugh', true],
        ['sticker', false],
        ['sticker', false],
      ]);
      assert.ok(
        reactions.filter(({ kind }) => kind === 'sticker').every(({ sticker }) => sticker?.state === 'in-backup'),
      );
      assert.deepEqual(
        [saying('Ja oder nein?').replyTo?.guid, saying('Ja oder nein?').replyTo?.original?.text],
        [guid, 'Kommst du mit?'],
      );
    });

    test('tell what apps made of them', () => {
      const apps = all.flatMap(({ app }) => (app === undefined ? [] : [[app.name, app.title, app.problem]]));
      assert.deepEqual(apps, [
        ['Link', 'Lemon tart <the best>', undefined],
        ['Apple Cash', 'Payment', undefined],
        ['Ludo', 'Your turn', undefined],
        ['Handwriting', undefined, undefined],
      ]);
    });

    test('say what happened in a conversation', () => {
      const kinds = new Set(all.flatMap(({ event }) => event?.kind ?? []));
      for (const kind of [
        'member-added',
        'member-removed',
        'member-left',
        'name-changed',
        'photo-changed',
        'photo-removed',
        'location-shared',
        'location-stopped',
        'audio-kept',
        'shareplay',
      ]) {
        assert.ok(kinds.has(kind as NonNullable<Message['event']>['kind']), kind);
      }
      assert.match(
        eventWords(find(({ event }) => event?.kind === 'member-added')),
        /^\S.* added \S.* to the conversation$/,
      );
    });

    test('know the state of each message and each file', async () => {
      assert.equal(saying('Kommt nicht an').sendError, 22);
      assert.equal(saying('Für morgen früh').isScheduled, true);
      const voice = find(({ isAudio }) => isAudio === true);
      const [part] = voice.parts;
      assert.ok(voice.playedAt && part?.kind === 'attachment');
      assert.equal(part.attachment.transcript, 'Ich bin gleich da.');
      const files = all.flatMap(({ attachments }) => attachments);
      assert.deepEqual(
        new Set(files.map(({ state }) => state)),
        new Set(['in-backup', 'not-in-backup', 'not-downloaded']),
      );
      assert.ok(files.some(({ livePhoto }) => livePhoto !== undefined));
      for (const { entry, path } of files) {
        if (entry === undefined) continue;
        const original = phone.both.phone.disk.get('MediaDomain', (path ?? '').replace(/^~\//, ''));
        assert.ok(original !== undefined);
        const bytes = await phone.backup.bytes(entry, 10_000_000);
        assert.equal(digest(bytes), digest(phone.both.phone.disk.read(original)));
      }
    });

    test('are found by searching', () => {
      const items = [...messageItems(messages)];
      assert.equal(items.length, all.filter(({ type }) => type !== 'reaction').length);
      assert.ok(
        items.some(({ text }) => text.includes('Um 8 am Banhof')),
        'also by what they said before',
      );
    });

    test('are taken out in every format, harmless in each', async () => {
      const html = await phone.takeOut('messages', 'html');
      const pages = html.folder.files.filter(({ path }) => path.endsWith('.html'));
      const text = pages.map(({ path }) => readFileSync(join(html.folder.dir, path), 'utf8')).join('\n');
      assert.doesNotMatch(text, /<script|onerror=alert\(1\)>/i);
      const words = text.replaceAll(/<[^>]*>/g, '');
      for (const { text: said, deletedAt } of all.filter(
        ({ type, parts }) => type === 'message' && parts.every(({ kind }) => kind === 'text'),
      )) {
        const [line = ''] = (said ?? '').split(/[^\p{L}\p{N} ]/u);
        if (deletedAt === undefined) assert.ok(words.includes(line), line);
      }
      const { folder, items } = await phone.takeOut('messages', 'json');
      assert.equal(items, all.length);
      const data: unknown = JSON.parse(readFileSync(join(folder.dir, 'messages.json'), 'utf8'));
      assert.ok(Array.isArray(data) && data.length === all.length);
      const table = await phone.takeOut('messages', 'csv');
      assert.match(await table.read('messages.csv'), /,'=cmd\|' \/C calc'!A0,/);
      const mails = await phone.takeOut('messages', 'eml');
      assert.ok(mails.folder.files.length > 380);
      const plain = await phone.takeOut('messages', 'txt');
      assert.ok(plain.folder.files.length > 10);
    });
  });
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
