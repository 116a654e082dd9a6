import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openMemoryDatabase } from '../../database/index.ts';
import { createManifestDatabase, encodeMbFile, fileIdOf, folderSource, openBackup } from '../../snapshot/index.ts';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeXmlPlist } from '../../formats/index.ts';
import { ExportFolder } from '../folder/export-folder.ts';
import type { ExportOptions, ExportSummary } from '../kind.ts';
import { messagesExport } from './messages-export.ts';

const HEIC = join(import.meta.dirname, '../../../test/fixtures/three-colours.heic');
const EVIL = '<script>alert(1)</script>';

describe('messages taken out', () => {
  let dir = '';
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-'));
    makeBackup(join(dir, 'backup'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  let serial = 0;
  async function takeOut(
    format: string,
    options: ExportOptions = {},
  ): Promise<{ summary: ExportSummary | undefined; read: (name: string) => Promise<string>; files: string[] }> {
    const to = join(dir, `out ${++serial}`);
    using backup = await openBackup(folderSource(join(dir, 'backup')));
    const summary = await messagesExport.run({
      backup,
      folder: await ExportFolder.create(to),
      format,
      timeZone: 'Europe/Berlin',
      signal: new AbortController().signal,
      options,
    });
    const files = await readdir(to, { recursive: true });
    return { summary, files, read: (name) => readFile(join(to, name), 'utf8') };
  }

  test('are pages that nothing of a backup can run in', async () => {
    const { summary, read, files } = await takeOut('html');
    assert.equal(summary?.startPage, 'index.html');
    const pages = files.filter((name) => name.endsWith('.html'));
    assert.equal(pages.length, 3);
    for (const name of pages) {
      const page = await read(name);
      assert.doesNotMatch(page, /<script/i, name);
      assert.doesNotMatch(page, /(?:src|href)="(?!https:\/\/example\.org\/|#m-|Attachments\/|[^":]*\.html)/, name);
    }
    assert.match(await read('+4915112345.html'), /&lt;script&gt;alert/);
  });

  test('have their files beside them, and say calmly which are not there', async () => {
    const { summary, read, files } = await takeOut('html');
    assert.ok(files.includes(join('Attachments', '+4915112345', '_script_.jpeg')));
    const page = await read('+4915112345.html');
    assert.match(page, /<img src="Attachments\/%2B4915112345\/_script_\.jpeg" alt="Photo: &lt;script&gt;\.jpeg"/);
    assert.match(await read('Familie _b_.html'), /Film\.mov<span class="quiet">Not in this backup/);
    assert.equal(
      summary?.notes[0],
      'One file that was sent is not in this backup: kept in iCloud, or removed from the phone.',
    );
  });

  test('show photos that browsers do not, where they can be decoded', async () => {
    const { summary, read, files } = await takeOut('html');
    const page = await read('+4915112345.html');
    const view = join('Attachments', '+4915112345', 'IMG_1.heic.jpg');
    if (files.includes(view)) assert.match(page, /<img src="Attachments\/%2B4915112345\/IMG_1\.heic\.jpg"/);
    else assert.ok(summary?.notes.some((note) => note.includes('HEIC')));
    assert.match(page, /<a href="Attachments\/%2B4915112345\/IMG_1\.heic">/);
  });

  test('stand at the times of the place asked for', async () => {
    const { read } = await takeOut('html');
    const page = await read('+4915112345.html');
    assert.match(page, /Monday, 6 January 2020/);
    assert.match(page, /<time datetime="2020-01-06T11:41:00\.000\+01:00">11:41<\/time>/);
  });

  test('are lines that begin with date and sender', async () => {
    const { read } = await takeOut('txt');
    const text = await read('+4915112345.txt');
    assert.match(text, /^\[2020-01-06 11:41:00\] \+4915112345: <script>/m);
    assert.match(text, /^\[2020-01-06 11:42:00\] You: two\n {4}lines$/m);
    assert.match(text, /\[Photo: <script>\.jpeg → Attachments\//);
  });

  test('are a table in which formulas are text', async () => {
    const { read } = await takeOut('csv');
    const table = await read('messages.csv');
    assert.match(table, /,'=cmd\|calc,/);
    assert.equal(table.split('\r\n').length, 8);
  });

  test('are data with every field', async () => {
    const { read, summary } = await takeOut('json');
    const messages = JSON.parse(await read('messages.json')) as Record<string, unknown>[];
    assert.equal(messages.length, 6);
    assert.equal(summary?.items, 6);
    const [first, second] = messages;
    assert.deepEqual([first?.['text'], first?.['isFromMe']], [EVIL, false]);
    assert.ok(Array.isArray(second?.['reactions']) && second['reactions'].length === 1);
    assert.ok(!('readAt' in (first ?? {})), 'not recorded');
    assert.equal((JSON.parse(await read('conversations.json')) as unknown[]).length, 2);
  });

  test('are mails that thread, each with its files', async () => {
    const { read, files } = await takeOut('eml');
    const mails = files.filter((name) => name.endsWith('.eml')).toSorted();
    assert.equal(mails.length, 5);
    const mail = await read(mails.find((name) => name.includes('11.44.00')) ?? '');
    assert.match(mail, /^From: "\+4915112345" <\+4915112345@messages\.invalid>\r$/m);
    assert.match(mail, /^References: <conversation\.[0-9a-f]+@messages\.invalid>\r$/m);
    assert.match(mail, /filename="<script>\.jpeg"/);
    assert.match(mail, /\r\n\/9j\/4A==\r\n/);
    // A mail within a mail must not be base64: readers would take the letters for its headers.
    assert.match(mail, /Content-Type: application\/octet-stream;\r\n name="Rechnung\.eml"/);
    for (const line of mail.split('\r\n')) assert.ok(line.length < 100 && !line.includes('\n'));
  });

  test('are documents to print, with what cannot be drawn told', async () => {
    const { files, read } = await takeOut('pdf');
    const documents = files.filter((name) => name.endsWith('.pdf')).toSorted();
    assert.deepEqual(documents, ['+4915112345.pdf', 'Familie _b_.pdf']);
    for (const name of documents) {
      const text = await read(name);
      assert.match(text, /^%PDF-1\.\d\n/);
      assert.match(text, /%%EOF\n?$/);
      assert.match(text, /\/BaseFont \/\w+\+DejaVuSans\n/);
    }
  });

  test('are only those with the people, and of the time, that were asked for', async () => {
    assert.equal((await takeOut('json', { people: ['0151 12345'] })).summary?.items, 6);
    assert.equal((await takeOut('json', { people: ['familie'] })).summary?.items, 1);
    assert.equal((await takeOut('json', { people: ['nobody'] })).summary?.items, 0);
    const from = new Date('2020-01-06T10:43:30Z');
    assert.equal((await takeOut('json', { from, until: new Date('2020-01-06T10:44:30Z') })).summary?.items, 1);
  });
});

/** Two conversations, one of them with everything that could do harm. */
function makeBackup(dir: string): void {
  using database = openMemoryDatabase();
  database.exec(`
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, style INTEGER, chat_identifier TEXT, service_name TEXT, display_name TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT UNIQUE, text TEXT, handle_id INTEGER, service TEXT, date INTEGER,
  is_from_me INTEGER, associated_message_guid TEXT, associated_message_type INTEGER);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid TEXT, filename TEXT, transfer_name TEXT, mime_type TEXT);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
INSERT INTO handle VALUES (1, '+4915112345', 'iMessage'), (2, 'b@example.org', 'iMessage');
INSERT INTO chat VALUES (1, 'a', 45, '+4915112345', 'iMessage', ''), (2, 'g', 43, 'chat1', 'iMessage', 'Familie <b>');
INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2);
INSERT INTO attachment VALUES (1, 'A', '~/Library/SMS/Attachments/1.jpeg', '<script>.jpeg', 'image/jpeg');
INSERT INTO attachment VALUES (2, 'B', '~/Library/SMS/Attachments/2.mov', 'Film.mov', 'video/quicktime');
INSERT INTO attachment VALUES (3, 'C', '~/Library/SMS/Attachments/3.heic', 'IMG_1.heic', 'image/heic');
INSERT INTO attachment VALUES (4, 'D', '~/Library/SMS/Attachments/4.eml', 'Rechnung.eml', 'message/rfc822');
INSERT INTO message_attachment_join VALUES (4, 1), (5, 2), (3, 3), (4, 4);`);
  const add = database.prepare('INSERT INTO message VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)');
  const join1 = database.prepare('INSERT INTO chat_message_join VALUES (?, ?)');
  const texts = [EVIL, 'two\nlines', '=cmd|calc', '\uFFFC', '\uFFFC https://example.org/a?b=1&c=2', 'Loved “two”'];
  texts.forEach((text, i) => {
    const about = i === 5 ? ['p:0/M2', 2000] : [null, 0];
    add.run(
      i + 1,
      `M${i + 1}`,
      text,
      'iMessage',
      600_000_060 + i * 60,
      i === 1 ? 1 : 0,
      about[0] ?? null,
      about[1] ?? 0,
    );
    join1.run(i === 4 ? 2 : 1, i + 1);
  });
  const files = [
    ['HomeDomain', 'Library/SMS/sms.db', database.serialize()],
    ['MediaDomain', 'Library/SMS/Attachments/1.jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['MediaDomain', 'Library/SMS/Attachments/3.heic', readFileSync(HEIC)],
    ['MediaDomain', 'Library/SMS/Attachments/4.eml', Buffer.from('Subject: x\r\n\r\ny')],
  ] as const;
  mkdirSync(dir, { recursive: true });
  using manifest = createManifestDatabase(join(dir, 'Manifest.db'));
  for (const [domain, relativePath, content] of files) {
    const fileId = fileIdOf(domain, relativePath);
    mkdirSync(join(dir, fileId.slice(0, 2)), { recursive: true });
    writeFileSync(join(dir, fileId.slice(0, 2), fileId), content);
    const owner = { mode: 0o100644, userId: 501, groupId: 501, inode: 1, protectionClass: 3, flags: 0 };
    const file = encodeMbFile({ relativePath, sizeBytes: content.length, modifiedAt: new Date(1.6e12), ...owner });
    manifest.put({ fileId, domain, relativePath, kind: 'file', file });
  }
  manifest.finish();
  writeFileSync(join(dir, 'Manifest.plist'), encodeXmlPlist({ IsEncrypted: false, Version: '10.0' }));
  writeFileSync(join(dir, 'Info.plist'), encodeXmlPlist({ 'Device Name': 'iPhone <b>' }));
}
