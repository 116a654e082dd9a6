import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { LiveEvent } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { ANNAS, BENS } from '../fake-service.test-helper.ts';
import { startTestServer, type TestServer } from '../server.test-helper.ts';
import { eventStream } from './event-stream.ts';
import { LiveEvents, type NumberedEvent } from './live-events.ts';

let server: TestServer;
let live: LiveEvents;
let stop: AbortController;

beforeEach(() => {
  server = startTestServer();
  live = new LiveEvents(server.service, SILENT_LOGGER);
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await live[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const follow = (lastEventId?: string): AsyncGenerator<NumberedEvent, void> =>
  live.follow({ lastEventId, sees: (event) => event, signal: stop.signal });

test('who comes is told how everything stands: devices, and jobs that run', async () => {
  assert.deepEqual(await take(follow(), 2), [`device ${ANNAS}`, `device ${BENS}`]);
  job('a', 'running');
  job('b', 'running');
  job('a', 'done');
  live.tell({ event: 'changed', what: 'accounts' });
  const follower = follow();
  assert.deepEqual(await take(follower, 3), [`device ${ANNAS}`, `device ${BENS}`, 'job b running']);
});

test('what is told to one visitor is told to nobody else', async () => {
  const [mine, others] = ['session mine', 'session other'].map((visitorId) =>
    live.follow({ visitorId, sees: (event) => event, signal: stop.signal }),
  );
  assert.ok(mine && others);
  await Promise.all([take(mine, 2), take(others, 2)]);
  live.tell({ event: 'changed', what: 'locks', snapshot: 'aaaaaaaa' }, 'session mine');
  live.tell({ event: 'changed', what: 'alarms' });
  assert.deepEqual((await mine.next()).value?.event, { event: 'changed', what: 'locks', snapshot: 'aaaaaaaa' });
  assert.deepEqual((await others.next()).value?.event, { event: 'changed', what: 'alarms' });
});

test('who comes back goes on after what it knows, told the newest of each', async () => {
  const first = follow();
  const known = (await events(first, 2)).at(-1)?.id;
  job('a', 'running');
  job('b', 'running');
  job('a', 'done');
  await take(first, 2);
  assert.deepEqual(await take(follow(known), 2), ['job b running', 'job a done']);
});

test('of another run of the service, of the future or of nonsense it starts anew', async () => {
  const known = (await events(follow(), 2)).at(-1)?.id ?? '';
  const [run] = known.split('-');
  for (const id of ['other-2', `${run}-999`, `${run}-x`, `${run}`, '']) {
    assert.deepEqual(await take(follow(id), 2), [`device ${ANNAS}`, `device ${BENS}`], id);
  }
});

test('who is slow is told how things stand, not everything that was', async () => {
  const slow = follow();
  await take(slow, 2);
  for (let i = 0; i < 3000; i++) live.tell({ event: 'job', job: jobOf('a', 'running') });
  live.tell({ event: 'snapshots', udid: ANNAS });
  const told = await take(slow, 3);
  assert.deepEqual(told.toSorted(), [`device ${ANNAS}`, `device ${BENS}`, 'job a running'].toSorted());
});

test('following ends when it is told to, also while nothing happens', async () => {
  const follower = follow();
  await take(follower, 2);
  const next = follower.next();
  stop.abort();
  assert.equal((await next).done, true);
});

test('owners are told of their devices only', async () => {
  const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
  const left = new AbortController();
  const answer = await anna.ask('events', { signal: left.signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('job-of-anna')) {
    text += (await reader?.read())?.value ?? '';
    if (!text.includes(ANNAS)) continue;
    server.service.putJob({ id: 'job-of-ben', kind: 'backup', state: 'running', udid: BENS });
    server.service.putJob({ id: 'job-of-anna', kind: 'backup', state: 'running', udid: ANNAS });
  }
  left.abort();
  assert.doesNotMatch(text, new RegExp(`${BENS}|job-of-ben`));
});

test('streams end when the account may see other devices than before', async () => {
  const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
  const root = await server.signedIn('Root', ['administrator']);
  const answer = await anna.ask('events');
  await root.ask(`accounts/${anna.accountId}`, { method: 'PATCH', body: { devices: [] } });
  assert.match(await answer.text(), /^retry/);
});

test('nobody opens streams without end', async () => {
  const token = await server.token('Anna', ['owner'], [ANNAS], ['status']);
  const ask = (): Promise<Response> => server.ask('events', { headers: { authorization: `Bearer ${token}` } });
  for (let i = 0; i < 31; i++)
    await server.ask('events', { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
  const open = await Promise.all(Array.from({ length: 30 }, ask));
  assert.equal((await ask()).status, 429);
  await open[0]?.body?.cancel();
  const again = await ask();
  assert.equal(again.status, 200);
  for (const { body } of [...open.slice(1), again]) await body?.cancel();
});

test('a stream keeps itself alive, and makes nothing that is not read', async () => {
  let made = 0;
  let quiet = 0;
  let ended = 0;
  async function* endless(): AsyncGenerator<NumberedEvent, void> {
    for (;;) yield { id: `run-${++made}`, event: { event: 'changed', what: 'settings' } };
  }
  const busy = eventStream({ follow: endless, onQuiet: () => quiet++, onEnd: () => ended++, signal: stop.signal });
  const reader = busy.getReader();
  await reader.read();
  await reader.read();
  await new Promise((go) => void setImmediate(go));
  assert.ok(made <= 4);
  await reader.cancel();
  const still = eventStream({
    follow: (signal) => live.follow({ sees: (event) => event, signal }),
    onQuiet: () => quiet++,
    onEnd: () => ended++,
    signal: stop.signal,
    keepAliveMs: 1,
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of still) {
    text += decoder.decode(chunk);
    if (text.includes('\n: \n\n')) break;
  }
  assert.equal(ended, 2);
  assert.ok(quiet > 0);
});

function jobOf(id: string, state: 'running' | 'done'): Extract<LiveEvent, { event: 'job' }>['job'] {
  const startedAt = '2026-11-22T12:00:00Z';
  return { id, kind: 'backup', state, automatic: false, startedAt, asksPasscode: false, warnings: [] };
}

function job(id: string, state: 'running' | 'done'): void {
  live.tell({ event: 'job', job: jobOf(id, state) });
}

async function events(follower: AsyncGenerator<NumberedEvent, void>, count: number): Promise<NumberedEvent[]> {
  const taken: NumberedEvent[] = [];
  while (taken.length < count) {
    const { done, value } = await follower.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

async function take(follower: AsyncGenerator<NumberedEvent, void>, count: number): Promise<string[]> {
  return (await events(follower, count)).map(({ event }) => wordsOf(event));
}

function wordsOf(event: LiveEvent): string {
  if (event.event === 'device') return `device ${event.device.udid}`;
  if (event.event === 'job') return `job ${event.job.id} ${event.job.state}`;
  return event.event === 'snapshots' ? `snapshots ${event.udid}` : `changed ${event.what}`;
}
