import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { GotifyChannel, type NotifyChannel, NtfyChannel, WebhookBody, WebhookChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { closedPort, startWebServer, type WebServer } from '../loopback.test-helper.ts';
import type { Notice } from '../notice.ts';
import { ALARM, NOW, sendContext, told } from '../notice.test-helper.ts';
import { ping } from '../ping.ts';
import { send } from '../send.ts';

const TOKEN = 'tk_7eevizlsiwf9yi4uxsrs83r4352o0';

const ntfy = (url: string): NtfyChannel =>
  NtfyChannel.parse({ id: 'push', kind: 'ntfy', server: url, topic: 'family-backups' });
const gotify = (url: string): GotifyChannel =>
  GotifyChannel.parse({ id: 'push', kind: 'gotify', server: `${url}/sub` });
const webhook = (url?: string): WebhookChannel => WebhookChannel.parse({ id: 'hook', kind: 'webhook', url });

async function failure(sending: Promise<unknown>): Promise<AppError> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError && error.code === 'TELLING_FAILED', String(error));
  const everything = JSON.stringify([error.message, error.hint, error.details, error.cause]);
  assert.doesNotMatch(everything, new RegExp(`${TOKEN}|secret-path|family-backups`));
  return error;
}

describe('ntfy', () => {
  test('is given title, words, priority and a link as JSON', async () => {
    await using server = await startWebServer();
    await send(ntfy(server.url), told(ALARM, 'en', 'https://nas.example.org/'), sendContext({ main: TOKEN }));
    const [request] = server.requests;
    assert.deepEqual([request?.method, request?.path], ['POST', '/']);
    assert.equal(request?.headers.authorization, `Bearer ${TOKEN}`);
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      topic: 'family-backups',
      title: 'Annas „iPhone“ <b> Bcc: all@example.org has not been backed up for 9 days',
      message: 'Unlock it at home and enter the passcode when it asks.',
      priority: 4,
      tags: ['rotating_light'],
      click: 'https://nas.example.org/',
    });
  });

  test('takes name and password in the place of a token, and neither for an open topic', async () => {
    await using server = await startWebServer();
    await send(ntfy(server.url), told(), sendContext({ main: 'anna:wörd' }));
    await send(ntfy(server.url), told(), sendContext());
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      [`Basic ${Buffer.from('anna:wörd').toString('base64')}`, undefined],
    );
  });

  test('is never given more than it shows', async () => {
    await using server = await startWebServer();
    const items = Array.from({ length: 100 }, () => ALARM.items).flat();
    await send(ntfy(server.url), told({ ...ALARM, items }), sendContext());
    const { title, message } = JSON.parse(server.requests[0]?.body ?? '{}');
    assert.equal(title, '100 things need attention');
    assert.ok(Buffer.byteLength(message) <= 3800 && message.endsWith('…'));
  });
});

describe('Gotify', () => {
  test('is given the words with its token in a header, also below a path', async () => {
    await using server = await startWebServer();
    await send(gotify(server.url), told(), sendContext({ main: TOKEN }));
    const [request] = server.requests;
    assert.equal(request?.path, '/sub/message');
    assert.equal(request?.headers['x-gotify-key'], TOKEN);
    const { title, message, priority } = JSON.parse(request?.body ?? '{}');
    assert.match(title, /has not been backed up/);
    assert.deepEqual([message, priority], ['Unlock it at home and enter the passcode when it asks.', 8]);
  });

  test('without a token is not asked at all', async () => {
    await using server = await startWebServer();
    assert.match((await failure(send(gotify(server.url), told(), sendContext()))).message, /token of push is missing/);
    assert.equal(server.requests.length, 0);
  });
});

describe('a webhook', () => {
  test('is given what the schema says, signed so that it can be proven', async () => {
    await using server = await startWebServer();
    await send(webhook(`${server.url}/secret-path`), told(), sendContext({ main: TOKEN }));
    const [request] = server.requests;
    const body = WebhookBody.parse(JSON.parse(request?.body ?? ''));
    assert.deepEqual([body.id, body.kind, body.level, body.items.length], ['5f3e-1', 'alarm', 'at-risk', 1]);
    assert.deepEqual(body.items[0]?.values, ALARM.items[0]?.reason.values);
    assert.equal(body.items[0]?.code, 'alarm-overdue');
    assert.equal(request?.headers['x-holdfast-delivery'], '5f3e-1');
    const time = String(NOW.getTime() / 1000);
    assert.equal(request?.headers['x-holdfast-timestamp'], time);
    const expected = createHmac('sha256', TOKEN).update(`${time}.${request?.body}`).digest('hex');
    assert.equal(request?.headers['x-holdfast-signature'], `sha256=${expected}`);
  });

  test('may have its address among the secrets, and goes unsigned without a key', async () => {
    await using server = await startWebServer();
    await send(webhook(), told(), sendContext({ url: `${server.url}/secret-path` }));
    assert.equal(server.requests[0]?.path, '/secret-path');
    assert.equal(server.requests[0]?.headers['x-holdfast-signature'], undefined);
  });

  for (const url of [undefined, 'file:///etc/passwd', 'data:text/plain,ok', 'https://u:p@example.org/secret-path']) {
    test(`does not go to ${url ?? 'nowhere'}`, async () => {
      const error = await failure(send(webhook(), told(), sendContext(url === undefined ? {} : { url })));
      assert.equal(error.details['isLasting'], true);
    });
  }
});

describe('what can go wrong with any of them', () => {
  const tries: [string, (url: string) => NotifyChannel][] = [
    ['ntfy', ntfy],
    ['gotify', gotify],
    ['webhook', (url) => webhook(`${url}/secret-path`)],
  ];
  for (const [name, make] of tries) {
    test(`${name}: passing and lasting failures are told apart`, async () => {
      for (const [status, isLasting] of [
        [400, true],
        [401, true],
        [404, true],
        [429, false],
        [500, false],
        [503, false],
      ] as const) {
        await using server = await startWebServer((response) => response.writeHead(status).end(`${TOKEN} said`));
        const error = await failure(send(make(server.url), told(), sendContext({ main: TOKEN })));
        assert.match(error.message, new RegExp(`^localhost:\\d+ answered with HTTP status ${status}$`));
        assert.equal(error.details['isLasting'], isLasting, String(status));
      }
    });

    test(`${name}: nothing follows it to another place`, async () => {
      await using other = await startWebServer();
      await using server = await startWebServer((response) => response.writeHead(307, { location: other.url }).end());
      const error = await failure(send(make(server.url), told(), sendContext({ main: TOKEN })));
      assert.equal(error.details['status'], 307);
      assert.equal(other.requests.length, 0);
    });

    test(`${name}: nobody listens`, async () => {
      const port = await closedPort();
      const error = await failure(send(make(`http://localhost:${port}`), told(), sendContext({ main: TOKEN })));
      assert.equal(error.message, `localhost:${port} could not be reached (ECONNREFUSED)`);
    });

    test(`${name}: a server that does not answer is not waited for`, async () => {
      await using server = await startWebServer(() => {});
      const error = await failure(send(make(server.url), told(), sendContext({ main: TOKEN }, 50)));
      assert.match(error.message, /did not answer within 0\.05 seconds/);
      assert.equal(error.details['isLasting'], false);
    });

    test(`${name}: a certificate nobody vouches for`, async () => {
      await using server = await startWebServer(undefined, { https: true });
      const error = await failure(send(make(server.url), told(), sendContext({ main: TOKEN })));
      assert.match(error.message, /certificate .*DEPTH_ZERO_SELF_SIGNED_CERT/);
      assert.equal(server.requests.length, 0);
    });
  }

  test('a token that is none breaks nothing and is not shown', async () => {
    await using server = await startWebServer();
    await failure(send(ntfy(server.url), told(), sendContext({ main: `${TOKEN}\nX` })));
    assert.equal(server.requests.length, 0);
  });

  test('a server may ask for patience', async () => {
    await using server = await startWebServer((response) => response.writeHead(429, { 'retry-after': '120' }).end());
    const error = await failure(send(ntfy(server.url), told(), sendContext()));
    assert.equal(error.details['retryAfterSeconds'], 120);
  });

  test('being stopped', async () => {
    await using server = await startWebServer(() => {});
    const signal = AbortSignal.timeout(20);
    await assert.rejects(send(ntfy(server.url), told(), { ...sendContext(), signal }), { code: 'CANCELLED' });
  });
});

describe('a sign of life', () => {
  test('is a call of the address, and of /fail behind its path where something is at risk', async () => {
    await using server = await startWebServer();
    const url = `${server.url}/ping/secret-path/?x=1`;
    assert.equal(await ping({ url, isWell: true, onFailure: 'fail-path' }), true);
    assert.equal(await ping({ url, isWell: false, onFailure: 'fail-path' }), true);
    assert.equal(await ping({ url, isWell: false, onFailure: 'silence' }), false);
    assert.deepEqual(paths(server), ['GET /ping/secret-path/?x=1', 'GET /ping/secret-path/fail?x=1']);
  });

  test('needs an address', async () => {
    assert.match((await failure(ping({ url: undefined, isWell: true, onFailure: 'silence' }))).message, /missing/);
  });
});

test('a message of several lines names each with what to do', () => {
  const second: Notice['items'][number] = {
    id: 'x',
    level: 'attention',
    reason: { code: 'alarm-settings-invalid', values: {} },
  };
  const { title, lines } = told({ ...ALARM, items: [...ALARM.items, second] }, 'de');
  assert.equal(title, '2 Dinge brauchen Aufmerksamkeit');
  assert.equal(lines.length, 2);
});

const paths = ({ requests }: WebServer): string[] => requests.map(({ method, path }) => `${method} ${path}`);
