/** Mails, judged by a mail server and a reader of mails of another making: Debian's aiosmtpd and Python's email. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { because, MailChannel } from '../../src/contract/index.ts';
import { inWords, Notice, send } from '../../src/notify/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../src/notify/loopback.test-helper.ts';

const PASSWORD = 'p 🔑 ü';
const NOW = new Date('2026-11-22T18:00:00Z');

const Mail = z.object({
  from: z.string(),
  to: z.array(z.string()),
  encrypted: z.boolean(),
  authenticated: z.boolean(),
  headers: z.record(z.string(), z.string()),
  names: z.array(z.string()),
  date: z.string(),
  defects: z.array(z.string()),
  types: z.array(z.string()),
  text: z.string(),
  html: z.string(),
  longest: z.number(),
  files: z.record(z.string(), z.string()),
});

let directory = '';
let server: ChildProcess;
let lines: AsyncIterator<string>;
let reader: Interface;
let port = 0;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const [certificate, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
  await Promise.all([writeFile(certificate, TEST_CERTIFICATE), writeFile(key, TEST_KEY)]);
  const script = join(import.meta.dirname, 'mail-server.py');
  // Debian's own Python, whatever else is on PATH; tools/install-judges.sh installs what it needs.
  const child = spawn('/usr/bin/python3', [script, certificate, key, PASSWORD], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  server = child;
  reader = createInterface({ input: child.stdout });
  lines = reader[Symbol.asyncIterator]();
  port = Number((await lines.next()).value);
  assert.ok(port > 0, 'the mail server started');
});
after(async () => {
  server.kill();
  await rm(directory, { recursive: true, force: true });
});

async function sendAs(language: 'en' | 'de', notice: unknown, more: object = {}): Promise<z.infer<typeof Mail>> {
  const channel = MailChannel.parse({
    id: 'mail',
    kind: 'mail',
    host: 'localhost',
    port,
    user: 'anna',
    sender: 'nas@example.org',
    to: ['anna@example.org', 'ben@example.org'],
    caFile: join(directory, 'certificate.pem'),
    ...more,
  });
  const told = inWords(Notice.parse(notice), { language, now: NOW, timeZone: 'Europe/Berlin' });
  await send(channel, told, { secret: () => PASSWORD, now: () => NOW });
  return Mail.parse(JSON.parse((await lines.next()).value));
}

const NAME = 'Jürgens „iPhone“ – 📱 mit einem sehr langen Namen, den niemand auf einer Zeile lesen möchte';
const ALARM = {
  id: 'a1',
  kind: 'alarm',
  at: NOW.toISOString(),
  items: [
    {
      id: 'overdue:A',
      level: 'at-risk',
      reason: because('alarm-overdue', { name: NAME, days: 9 }),
      nextStep: because('do-enter-passcode', {}),
    },
    {
      id: 'x',
      level: 'attention',
      reason: because('alarm-settings-invalid', {}),
      nextStep: because('do-correct-settings', {}),
    },
  ],
};

test('a mail comes over STARTTLS with a password, and another reader finds nothing wrong with it', async () => {
  const mail = await sendAs('de', ALARM);
  assert.deepEqual([mail.encrypted, mail.authenticated], [true, true]);
  assert.deepEqual([mail.from, mail.to], ['nas@example.org', ['anna@example.org', 'ben@example.org']]);
  assert.deepEqual(mail.defects, []);
  assert.deepEqual(mail.types, ['multipart/alternative', 'text/plain', 'text/html']);
  assert.partialDeepStrictEqual(mail.headers, {
    subject: '2 Dinge brauchen Aufmerksamkeit',
    from: 'Holdfast <nas@example.org>',
    to: 'anna@example.org, ben@example.org',
    'auto-submitted': 'auto-generated',
    'message-id': '<a1.mail@example.org>',
    'mime-version': '1.0',
  });
  assert.equal(new Date(mail.date).getTime(), NOW.getTime());
  assert.equal(new Set(mail.names).size, mail.names.length, 'no header twice');
  assert.ok(mail.longest <= 998, 'no line longer than RFC 5322 allows');
  for (const part of [mail.text, mail.html]) {
    assert.ok(part.includes(`${NAME} wurde seit 9 Tagen nicht gesichert.`));
    assert.match(part, /Es zu Hause entsperren und den Code eingeben/);
  }
});

test('a subject of one line comes through whole, in any script', async () => {
  const [item] = ALARM.items;
  const mail = await sendAs('en', { ...ALARM, id: 'a2', items: [item] });
  const full = `${NAME} has not been backed up for 9 days`;
  assert.equal(
    mail.headers['subject'],
    full.length > 120 ? `${Array.from(full).slice(0, 119).join('').trimEnd()}…` : full,
  );
  assert.deepEqual(mail.defects, []);
});

test('a report comes with its file', async () => {
  const path = join(directory, 'report.html');
  await writeFile(path, '<p>Alles unversehrt</p>');
  const attachments = [{ path, name: 'Prüfung 2026-12-01.html', type: 'text/plain' }];
  const items = [{ id: 'r', level: 'safe', reason: because('notice-well', {}) }];
  const mail = await sendAs('de', { ...ALARM, id: 'r1', kind: 'report', items, attachments });
  assert.deepEqual(mail.defects, []);
  assert.deepEqual(mail.files, { 'Prüfung 2026-12-01.html': '<p>Alles unversehrt</p>' });
});

test('a wrong password and a certificate nobody vouches for are refused on both sides', async () => {
  await assert.rejects(sendAs('en', { ...ALARM, id: 'a3' }, { user: 'ben' }), {
    code: 'TELLING_FAILED',
    message: /535/,
  });
  await assert.rejects(sendAs('en', { ...ALARM, id: 'a4' }, { caFile: undefined }), { message: /not to be trusted/ });
});
