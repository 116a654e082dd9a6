import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { NotifyChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import type { Notice } from '../notice.ts';
import { channelStates, type Deliver, Outbox } from './outbox.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = Date.parse('2026-11-22T18:00:00Z');

let stateDir = '';
let nowMs = START;
let outbox: Outbox;
const now = (): Date => new Date(nowMs);

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  nowMs = START;
  outbox = open();
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const open = (): Outbox => new Outbox({ stateDir, log: SILENT_LOGGER });

const hook = (id: string, more: object = {}): NotifyChannel =>
  NotifyChannel.parse({ id, kind: 'webhook', url: 'https://example.org/', ...more });
const A = hook('a');
const B = hook('b');

let numbers = 0;
function notice(kind: Notice['kind'], ids: readonly string[], more: Partial<Notice['items'][number]> = {}): Notice {
  const items = ids.map((id) => ({ id, level: 'attention' as const, reason: { code: 'x', values: {} }, ...more }));
  return { id: `n${++numbers}`, kind, at: now().toISOString(), items, attachments: [] };
}

/** A way of sending that writes down what it was given, and fails while `broken` names the channel. */
function recorder(): { told: string[]; broken: Map<string, AppError>; send: Deliver } {
  const told: string[] = [];
  const broken = new Map<string, AppError>();
  const send: Deliver = async (channel, { kind, items }) => {
    const error = broken.get(channel.id);
    if (error !== undefined) throw error;
    told.push(`${channel.id} ${kind} ${items.map(({ id }) => id).join('+')}`);
    return {};
  };
  return { told, broken, send };
}

const down = (details = {}): AppError => new AppError('TELLING_FAILED', 'it is down', { details });

describe('the outbox', () => {
  test('sends what it was given over every channel once, in order', async () => {
    const { told, send } = recorder();
    outbox.add(notice('alarm', ['x']), [A, B], now());
    outbox.add(notice('report', ['r']), [A], now());
    assert.equal(await outbox.deliver(() => [A, B], send, now), undefined);
    await outbox.deliver(() => [A, B], send, now);
    assert.deepEqual(told.toSorted(), ['a alarm x', 'a report r', 'b alarm x']);
  });

  test('keeps what could not be sent over a restart, for nobody else to read, and sends it once', async () => {
    const { told, broken, send } = recorder();
    broken.set('a', down());
    outbox.add(notice('alarm', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    assert.equal(statSync(join(stateDir, 'outbox.json')).mode & 0o077, 0);
    broken.clear();
    const again = open();
    nowMs += MINUTE_MS;
    await again.deliver(() => [A], send, now);
    await open().deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm x']);
  });

  test('waits longer after each failure, never more than six hours, and longer where trying alone does not help', async () => {
    const { broken, send } = recorder();
    outbox.add(notice('alarm', ['x']), [A], now());
    broken.set('a', down());
    const waits: number[] = [];
    for (let i = 0; i < 11; i++) {
      const next = await outbox.deliver(() => [A], send, now);
      waits.push(((next?.getTime() ?? 0) - nowMs) / MINUTE_MS);
      nowMs = next?.getTime() ?? nowMs;
    }
    assert.deepEqual(waits, [1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360]);
    const [state] = outbox.states([A]);
    assert.deepEqual(
      [state?.failingSince, state?.problem, state?.waiting],
      [new Date(START).toISOString(), 'it is down', 1],
    );

    const lasting = open();
    broken.set('b', down({ isLasting: true }));
    lasting.add(notice('alarm', ['y']), [B], now());
    assert.equal((await lasting.deliver(() => [B], send, now))?.getTime(), nowMs + HOUR_MS);
  });

  test('has the patience a server asks for, within reason', async () => {
    const { broken, send } = recorder();
    outbox.add(notice('alarm', ['x']), [A, B], now());
    broken.set('a', down({ retryAfterSeconds: 600 }));
    broken.set('b', down({ retryAfterSeconds: 1e9 }));
    await outbox.deliver(() => [A, B], send, now);
    const times = outbox.states([A, B]).map(({ nextTryAt }) => Date.parse(nextTryAt ?? '') - nowMs);
    assert.deepEqual(times, [10 * MINUTE_MS, 6 * HOUR_MS]);
  });

  test('one broken channel holds up no other', async () => {
    const { told, broken, send } = recorder();
    broken.set('a', down());
    outbox.add(notice('alarm', ['x']), [A, B], now());
    await outbox.deliver(() => [A, B], send, now);
    assert.deepEqual(told, ['b alarm x']);
  });

  test('one message nobody takes holds up no other', async () => {
    const told: string[] = [];
    const send: Deliver = async (_channel, { kind }) => {
      if (kind === 'report') throw down();
      told.push(kind);
      return {};
    };
    outbox.add(notice('report', ['r']), [A], now());
    await outbox.deliver(() => [A], send, now);
    outbox.add(notice('alarm', ['x']), [A], now());
    nowMs += MINUTE_MS;
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['alarm']);
  });

  test('gives up after a week', async () => {
    const { told, broken, send } = recorder();
    broken.set('a', down());
    outbox.add(notice('alarm', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    nowMs += 7 * 24 * HOUR_MS;
    broken.clear();
    assert.equal(await outbox.deliver(() => [A], send, now), undefined);
    assert.deepEqual(told, []);
  });

  test('tells nothing that is of no use any more', async () => {
    const { told, send } = recorder();
    outbox.add({ ...notice('announce', ['x']), until: new Date(nowMs + MINUTE_MS).toISOString() }, [A], now());
    nowMs += 2 * MINUTE_MS;
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, []);
  });

  test('forgets what waits for a channel that was taken away or turned off', async () => {
    const { told, broken, send } = recorder();
    broken.set('a', down());
    broken.set('b', down());
    outbox.add(notice('alarm', ['x']), [A, B], now());
    await outbox.deliver(() => [A, B], send, now);
    broken.clear();
    nowMs += HOUR_MS;
    await outbox.deliver(() => [{ ...A, enabled: false }], send, now);
    await outbox.deliver(() => [A, B], send, now);
    assert.deepEqual(told, []);
  });

  test('a clock that was far ahead silences nothing for as long', async () => {
    const { told, broken, send } = recorder();
    broken.set('a', down());
    nowMs += 365 * 24 * HOUR_MS;
    outbox.add(notice('alarm', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    broken.clear();
    nowMs = START;
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm x']);
  });

  test('begins anew where its file is damaged', async () => {
    outbox.add(notice('alarm', ['x']), [A], now());
    writeFileSync(join(stateDir, 'outbox.json'), '{"version":1,');
    const { told, send } = recorder();
    const again = open();
    again.add(notice('alarm', ['y']), [A], now());
    await again.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm y']);
    assert.match(readFileSync(join(stateDir, 'outbox.json'), 'utf8'), /"version": 1/);
  });

  test('a bug in a channel ends neither the others nor the service', async () => {
    const told: string[] = [];
    const send: Deliver = async ({ id }) => {
      if (id === 'a') throw new TypeError('undefined is not a function');
      told.push(id);
      return {};
    };
    outbox.add(notice('alarm', ['x']), [A, B], now());
    await outbox.deliver(() => [A, B], send, now);
    assert.deepEqual(told, ['b']);
    assert.doesNotMatch(outbox.states([A])[0]?.problem ?? '', /undefined/);
  });

  test('can be looked at from another process', async () => {
    outbox.add(notice('alarm', ['x']), [A], now());
    assert.deepEqual(channelStates(stateDir, [A, B], SILENT_LOGGER), [
      { id: 'a', kind: 'webhook', enabled: true, waiting: 1 },
      { id: 'b', kind: 'webhook', enabled: true, waiting: 0 },
    ]);
  });

  test('two deliveries at the same time send nothing twice', async () => {
    const { told, send } = recorder();
    outbox.add(notice('alarm', ['x']), [A], now());
    await Promise.all([outbox.deliver(() => [A], send, now), outbox.deliver(() => [A], send, now)]);
    assert.deepEqual(told, ['a alarm x']);
  });
});

describe('nobody is told twice', () => {
  test('of the same notice, given again after a crash', async () => {
    const { told, send } = recorder();
    const same = notice('alarm', ['x']);
    outbox.add(same, [A], now());
    await outbox.deliver(() => [A], send, now);
    const again = open();
    assert.equal(again.add(same, [A], now()), 0);
    await again.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm x']);
  });

  test('of an alarm that was raised anew while the network was down: only the newest word is sent', async () => {
    const { told, send } = recorder();
    outbox.add(notice('alarm', ['x', 'y']), [A], now());
    outbox.add(notice('alarm', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm y', 'a alarm x']);
  });

  test('that something is over which nobody heard of', async () => {
    const { told, send } = recorder();
    outbox.add(notice('alarm', ['x', 'y']), [A], now());
    outbox.add(notice('cleared', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    outbox.add(notice('cleared', ['y', 'z']), [A], now());
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm y', 'a cleared y']);
  });

  test('that all is well when it is not any more', async () => {
    const { told, send } = recorder();
    outbox.add(notice('all-is-well', ['w']), [A], now());
    outbox.add(notice('alarm', ['x']), [A], now());
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm x']);
  });

  test('and what is on its way at the moment counts as told', async () => {
    const { told, send } = recorder();
    const sent = Promise.withResolvers<void>();
    outbox.add(notice('alarm', ['x']), [A], now());
    const delivering = outbox.deliver(
      () => [A],
      async (...message) => {
        await sent.promise;
        return send(...message);
      },
      now,
    );
    await new Promise((resolve) => setImmediate(resolve));
    outbox.add(notice('cleared', ['x']), [A], now());
    sent.resolve();
    await delivering;
    await outbox.deliver(() => [A], send, now);
    assert.deepEqual(told, ['a alarm x', 'a cleared x']);
  });
});

describe('a channel is told only what is for it', () => {
  test('that all is well with its devices, and no report about those of others', async () => {
    const { told, send } = recorder();
    const annas = hook('annas', { devices: ['A'] });
    const well = notice('all-is-well', ['a'], { udid: 'A', level: 'safe' });
    const others = notice('all-is-well', ['b'], { udid: 'B', level: 'safe' }).items;
    outbox.add({ ...well, items: [...well.items, ...others] }, [annas, B], now());
    outbox.add(notice('report', ['r']), [annas, B], now());
    await outbox.deliver(() => [annas, B], send, now);
    assert.deepEqual(told.toSorted(), ['annas all-is-well a', 'b all-is-well a+b', 'b report r']);
  });

  test('by gravity, by device, and whether it wants reports', async () => {
    const { told, send } = recorder();
    const grave = hook('grave', { from: 'at-risk' });
    const annas = hook('annas', { devices: ['A'], reports: false });
    const all = [grave, annas];
    outbox.add(notice('alarm', ['house']), all, now());
    outbox.add(notice('alarm', ['of-a'], { udid: 'A' }), all, now());
    outbox.add(notice('alarm', ['of-b'], { udid: 'B', level: 'at-risk' }), all, now());
    outbox.add(notice('cleared', ['of-b'], { udid: 'B', level: 'safe' }), all, now());
    outbox.add(notice('alarm', ['of-c'], { udid: 'C', level: 'at-risk' }), all, now());
    outbox.add(notice('report', ['r']), all, now());
    await outbox.deliver(() => all, send, now);
    outbox.add(notice('cleared', ['of-c'], { udid: 'C', level: 'safe' }), all, now());
    await outbox.deliver(() => all, send, now);
    assert.deepEqual(told.toSorted(), [
      'annas alarm house',
      'annas alarm of-a',
      'grave alarm of-c',
      'grave cleared of-c',
      'grave report r',
    ]);
  });
});
