import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { z } from 'zod';
import { addressOf, ask, pathOf, rememberCsrfToken, tell, UNREACHABLE, UNREADABLE } from './api.ts';

const Answer = z.object({ name: z.string() });

afterEach(() => mock.restoreAll());

test('asks below /api/v1 and hands back what the contract knows', async () => {
  const asked = answerWith(() => Response.json({ name: 'Anna', secret: 'not in the contract' }));
  assert.deepEqual(await ask(pathOf('devices', 'a/b'), Answer), { name: 'Anna' });
  assert.equal(asked[0]?.url, '/api/v1/devices/a%2Fb');
});

test('sends the token against forged requests with whatever changes something, and only with that', async () => {
  rememberCsrfToken('token');
  const asked = answerWith(() => Response.json({ name: 'Anna' }));
  await ask('accounts', Answer);
  await ask('accounts', Answer, { method: 'POST', body: { name: 'Anna' } });
  assert.equal(asked[0]?.headers.get('x-holdfast-csrf'), null);
  assert.equal(asked[1]?.headers.get('x-holdfast-csrf'), 'token');
  assert.equal(asked[1]?.body, '{"name":"Anna"}');
});

test('says what the service says stands in the way', async () => {
  answerWith(() => Response.json({ code: 'DEVICE_BUSY', message: 'busy', hint: 'Wait.' }, { status: 409 }));
  await assert.rejects(ask('jobs', Answer), { code: 'DEVICE_BUSY', message: 'busy', hint: 'Wait.', status: 409 });
});

test('tells an answer of somebody else from one of the service', async () => {
  answerWith(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
  await assert.rejects(tell('jobs', { method: 'DELETE' }), { code: 'HTTP_502', message: 'Bad Gateway' });
});

test('refuses an answer that is not what the contract says', async () => {
  answerWith(() => Response.json({ name: 7 }));
  await assert.rejects(ask('jobs', Answer), { code: UNREADABLE });
});

test('says when nobody answers', async () => {
  answerWith(() => {
    throw new TypeError('Failed to fetch');
  });
  await assert.rejects(ask('jobs', Answer), { code: UNREACHABLE, status: 0 });
});

test('puts into an address only what has a value', () => {
  assert.equal(addressOf('photos', { page: 2, album: undefined }), '/api/v1/photos?page=2');
  assert.equal(addressOf('photos', {}), '/api/v1/photos');
});

interface AskedFor {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Stands in for the network. */
function answerWith(answer: () => Response): AskedFor[] {
  const asked: AskedFor[] = [];
  mock.method(globalThis, 'fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, headers: new Headers(init.headers), body: init.body });
    return answer();
  });
  return asked;
}
