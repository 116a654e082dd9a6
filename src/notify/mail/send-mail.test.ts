import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MailChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { closedPort, PASSWORD, startMailServer, TEST_CERTIFICATE, USER } from '../loopback.test-helper.ts';
import { ALARM, NAME, sendContext, told } from '../notice.test-helper.ts';
import { sendMail } from './send-mail.ts';

let directory = '';
let caFile = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  caFile = join(directory, 'ca.pem');
  writeFileSync(caFile, TEST_CERTIFICATE);
});
after(() => rmSync(directory, { recursive: true, force: true }));

function channel(port: number, more: object = {}): MailChannel {
  return MailChannel.parse({
    id: 'mail',
    kind: 'mail',
    host: 'localhost',
    port,
    security: 'none',
    sender: 'holdfast@example.org',
    to: ['anna@example.org', 'ben@example.org'],
    ...more,
  });
}

async function failure(sending: Promise<unknown>): Promise<AppError> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, 'TELLING_FAILED');
  assert.ok((error.hint ?? '').length > 0);
  const everything = JSON.stringify([error.message, error.hint, error.details, String(error.cause)]);
  assert.ok(!everything.includes(PASSWORD) && !everything.includes(Buffer.from(PASSWORD).toString('base64')));
  return error;
}

describe('a mail', () => {
  test('has the headers a mail made by a program should have, as text and as HTML', async () => {
    await using server = await startMailServer();
    await sendMail(channel(server.port), told(ALARM, 'en', 'https://nas.example.org/'), sendContext());
    const [mail] = server.mails;
    assert.deepEqual([mail?.from, mail?.to], ['holdfast@example.org', ['anna@example.org', 'ben@example.org']]);
    const [head, body] = split(mail?.raw ?? '');
    assert.match(head, /^Message-ID: <5f3e-1\.mail@example\.org>$/m);
    assert.match(head, /^Date: Sun, 22 Nov 2026 18:00:00 \+0000$/m);
    assert.match(head, /^Auto-Submitted: auto-generated$/m);
    assert.match(head, /^From: Holdfast <holdfast@example\.org>$/m);
    assert.match(head, /^MIME-Version: 1\.0$/m);
    assert.match(body, /Content-Type: text\/plain; charset=utf-8/);
    assert.match(body, /Content-Type: text\/html; charset=utf-8/);
    assert.match(body, /https:\/\/nas\.example\.org\//);
  });

  test('lets no name of a device become a header or a tag', async () => {
    await using server = await startMailServer();
    await sendMail(channel(server.port), told(), sendContext());
    const raw = decoded(server.mails[0]?.raw ?? '');
    assert.doesNotMatch(raw, /^Bcc:/im);
    assert.ok(raw.includes('Annas „iPhone“ &lt;b&gt; Bcc: all@example.org has not been backed up for 9 days.'));
    assert.ok(
      !raw.includes('<b>') || raw.indexOf('<b>') < raw.indexOf('text/html'),
      'only the text part has it as it is',
    );
    assert.deepEqual(server.mails[0]?.to.length, 2);
    assert.ok(NAME.includes('\n'));
  });

  test('speaks German where that is wanted', async () => {
    await using server = await startMailServer();
    await sendMail(channel(server.port), told(ALARM, 'de'), sendContext());
    const raw = decoded(server.mails[0]?.raw ?? '');
    assert.match(raw, /wurde seit 9 Tagen nicht gesichert\./);
    assert.match(raw, /<html lang="de">/);
  });

  test('brings the files of a report, and goes without one that is gone', async () => {
    await using server = await startMailServer();
    const path = join(directory, 'report.pdf');
    writeFileSync(path, '%PDF-1.7 of a test');
    const attachments = [
      { path, name: 'checkup.pdf', type: 'application/pdf' },
      { path: join(directory, 'gone.html'), name: 'checkup.html', type: 'text/html' },
    ];
    await sendMail(channel(server.port), told({ ...ALARM, attachments }), sendContext());
    const raw = server.mails[0]?.raw ?? '';
    assert.match(raw, /Content-Disposition: attachment; filename=checkup\.pdf/);
    assert.ok(raw.includes(Buffer.from('%PDF-1.7 of a test').toString('base64')));
    assert.doesNotMatch(raw, /checkup\.html/);
  });
});

describe('the way to the server', () => {
  for (const security of ['starttls', 'tls'] as const) {
    test(`is encrypted and signed in to with ${security}`, async () => {
      await using server = await startMailServer({ secure: security === 'tls', authOptional: false });
      const secret = sendContext({ main: PASSWORD });
      await sendMail(channel(server.port, { security, user: USER, caFile }), told(), secret);
      assert.deepEqual(
        server.mails.map(({ user, isEncrypted }) => [user, isEncrypted]),
        [[USER, true]],
      );
    });

    test(`is not taken with ${security} where nobody vouches for the certificate`, async () => {
      await using server = await startMailServer({ secure: security === 'tls' });
      const error = await failure(sendMail(channel(server.port, { security }), told(), sendContext()));
      assert.match(
        error.message,
        /^the certificate of localhost is not to be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
      );
      assert.equal(error.details['isLasting'], true);
      assert.equal(server.mails.length, 0);
    });

    test(`is not taken with ${security} where the certificate is of another name`, async () => {
      await using server = await startMailServer({ secure: security === 'tls' });
      const other = channel(server.port, { security, caFile, host: '127.0.0.1' });
      const error = await failure(sendMail(other, told(), sendContext()));
      assert.match(error.message, /ERR_TLS_CERT_ALTNAME_INVALID/);
      assert.equal(server.mails.length, 0);
    });
  }

  test('never goes back to an open connection where STARTTLS is not offered', async () => {
    await using server = await startMailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const error = await failure(
      sendMail(
        channel(server.port, { security: 'starttls', user: USER, caFile }),
        told(),
        sendContext({ main: PASSWORD }),
      ),
    );
    assert.match(error.message, /offers no encryption/);
    assert.equal(error.details['isLasting'], true);
    assert.equal(server.mails.length, 0);
  });

  test('is not even looked for in the open with a password for another computer', () => {
    const refused = MailChannel.safeParse({ ...channel(25), host: 'mail.example.org', user: USER });
    assert.match(refused.error?.issues[0]?.message ?? '', /without encryption/);
  });
});

describe('what can go wrong', () => {
  test('a wrong password: it is not repeated, though the server repeats it', async () => {
    await using server = await startMailServer({ authOptional: false });
    const wrong = channel(server.port, { security: 'starttls', user: 'ben', caFile });
    const error = await failure(sendMail(wrong, told(), sendContext({ main: PASSWORD })));
    assert.equal(error.message, 'localhost does not let ben in (535)');
    assert.equal(error.details['isLasting'], true);
  });

  test('no password', async () => {
    const error = await failure(sendMail(channel(25, { user: USER, host: '127.0.0.1' }), told(), sendContext()));
    assert.match(error.message, /password of mail is missing/);
    assert.match(error.hint ?? '', /notify secret mail/);
  });

  test('nobody listens', async () => {
    const error = await failure(sendMail(channel(await closedPort()), told(), sendContext()));
    assert.equal(error.message, 'localhost could not be reached (ECONNREFUSED)');
    assert.equal(error.details['isLasting'], false);
  });

  test('a server that takes the connection and says nothing', async () => {
    await using server = await startMailServer({ onConnect: () => {} });
    const error = await failure(sendMail(channel(server.port), told(), sendContext({}, 50)));
    assert.equal(error.message, 'localhost did not answer in time');
    assert.equal(error.details['isLasting'], false);
  });

  test('a server that takes no mail for anybody at the moment', async () => {
    await using server = await startMailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('greylisted'), { responseCode: 451 })),
    });
    const error = await failure(sendMail(channel(server.port), told(), sendContext()));
    assert.match(error.message, /greylisted/);
    assert.equal(error.details['isLasting'], false);
  });

  test('a server that never takes such a mail', async () => {
    await using server = await startMailServer({
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('looks like spam'), { responseCode: 554 })));
      },
    });
    const error = await failure(sendMail(channel(server.port), told(), sendContext()));
    assert.match(error.message, /does not take this mail .*looks like spam/);
    assert.equal(error.details['isLasting'], true);
  });

  test('one recipient who does not exist keeps it from nobody else', async () => {
    await using server = await startMailServer({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('ben') ? new Error('unknown') : null),
    });
    const { warning } = await sendMail(channel(server.port), told(), sendContext());
    assert.equal(warning, 'localhost does not take mail for ben@example.org');
    assert.deepEqual(server.mails[0]?.to, ['anna@example.org']);
  });

  test('being stopped', async () => {
    await using server = await startMailServer({ onConnect: () => {} });
    const signal = AbortSignal.timeout(20);
    await assert.rejects(sendMail(channel(server.port), told(), { ...sendContext(), signal }), { code: 'CANCELLED' });
  });
});

function split(raw: string): [string, string] {
  const end = raw.indexOf('\r\n\r\n');
  return [raw.slice(0, end).replaceAll('\r\n', '\n'), raw.slice(end)];
}

/** Quoted-printable and encoded words undone, as far as these mails need it. */
function decoded(raw: string): string {
  return raw.replaceAll('=\r\n', '').replaceAll(/(?:=[0-9A-F]{2})+/g, bytes);
}

const bytes = (hex: string): string => Buffer.from(hex.replaceAll('=', ''), 'hex').toString('utf8');
