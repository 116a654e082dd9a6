import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { because, NotifySettings, type Settings, WebhookBody } from '../../contract/index.ts';
import { type LogFacts, SILENT_LOGGER } from '../../shared/logger.ts';
import { Alarms } from './alarms.ts';
import type { AlarmFacts, DeviceAlarmFacts } from './facts.ts';
import { DAY_MS, HOUR_MS } from './finding.ts';
import { ManualClock } from './manual-clock.test-helper.ts';
import type { Telling } from './telling.ts';

const PHONE: DeviceAlarmFacts = { udid: 'A', name: 'Anna’s iPhone', overdue: null, overdueDays: 7 };
const LONG_AGO = new Date('2026-11-13T10:00:00Z');
const OVERDUE: AlarmFacts = {
  devices: [{ ...PHONE, overdue: { days: 9, since: LONG_AGO }, lastBackupAt: LONG_AGO }],
};
const WELL: AlarmFacts = { devices: [{ ...PHONE, lastBackupAt: new Date('2026-11-22T10:00:00Z') }] };

let stateDir = '';
let clock: ManualClock;
let alarms: Alarms;
let server: Server;
/** What was posted, and pings as "GET /path". */
let posted: (WebhookBody | string)[] = [];
let status = 200;
let bugs: unknown[] = [];
let settings: Pick<Settings, 'language' | 'notify'>;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  clock = new ManualClock('2026-11-22T18:00:00Z');
  [posted, bugs, status] = [[], [], 200];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (status === 200) {
        posted.push(request.method === 'GET' ? `GET ${request.url}` : WebhookBody.parse(JSON.parse(body)));
      }
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  settings = { language: 'en', notify: notify({}) };
  alarms = open();
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(stateDir, { recursive: true, force: true });
  assert.deepEqual(bugs, []);
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on TCP.
const notify = (more: object): NotifySettings =>
  NotifySettings.parse({ channels: [{ id: 'hook', kind: 'webhook', url: `${address()}/hook` }], ...more });
const open = (): Alarms => new Alarms({ stateDir, log: SILENT_LOGGER });

function startTelling(of = alarms): Telling {
  return of.startTelling({
    settings: () => settings,
    secrets: { get: (name) => (name === 'notify/hook' ? 'key of the webhook' : undefined) },
    clock,
    timeZone: 'Europe/Berlin',
    onBug: (error) => bugs.push(error),
  });
}

/** What was told until now. */
async function told(telling: Telling): Promise<string[]> {
  await telling.settled();
  return posted.flatMap((each) => (typeof each === 'string' ? [] : [`${each.kind}: ${each.title}`]));
}

/** Lets time pass in quarters of an hour, looking at the same facts as a service does. */
async function live(telling: Telling, facts: AlarmFacts, ms: number): Promise<string[]> {
  for (let passed = 0; passed < ms; passed += HOUR_MS) {
    clock.advance(HOUR_MS);
    alarms.evaluate(facts, clock.now());
    await told(telling);
  }
  return told(telling);
}

const ALARM = 'alarm: Anna’s iPhone has not been backed up for 9 days';
const OVER = 'cleared: Anna’s iPhone is no longer overdue';

describe('an overdue phone', () => {
  test('is told once at first, again after three days, and once that it is over', async () => {
    await using telling = startTelling();
    const { raised, isChanged } = alarms.evaluate(OVERDUE, clock.now());
    assert.deepEqual([raised.map(({ id }) => id), isChanged], [['overdue:A'], true]);
    assert.deepEqual(await live(telling, OVERDUE, 2 * DAY_MS), [ALARM]);
    assert.deepEqual(await live(telling, OVERDUE, 1.5 * DAY_MS), [ALARM, ALARM]);
    const { cleared } = alarms.evaluate(WELL, clock.now());
    assert.deepEqual(
      cleared.map(({ id }) => id),
      ['overdue:A'],
    );
    assert.deepEqual(await live(telling, WELL, 5 * HOUR_MS), [ALARM, ALARM, OVER]);
    assert.deepEqual(alarms.list(), []);
  });

  test('is not told again by a service that was started again', async () => {
    {
      await using telling = startTelling();
      alarms.evaluate(OVERDUE, clock.now());
      await told(telling);
    }
    alarms = open();
    assert.deepEqual(
      alarms.list().map(({ id, since }) => [id, since]),
      [['overdue:A', '2026-11-13T10:00:00.000Z']],
    );
    await using telling = startTelling();
    assert.deepEqual(await live(telling, OVERDUE, 3 * HOUR_MS), [ALARM]);
  });

  test('is told when the network is back, once, even by another process', async () => {
    status = 503;
    {
      await using telling = startTelling();
      alarms.evaluate(OVERDUE, clock.now());
      await telling.settled();
      assert.ok(telling.channels()[0]?.failingSince !== undefined);
    }
    status = 200;
    clock.advance(HOUR_MS);
    alarms = open();
    await using telling = startTelling();
    alarms.evaluate(OVERDUE, clock.now());
    assert.deepEqual(await live(telling, OVERDUE, 3 * HOUR_MS), [ALARM]);
  });

  test('is told once by a service that died between deciding to tell and putting it into the outbox', async () => {
    {
      await using telling = startTelling();
      alarms.evaluate(OVERDUE, clock.now());
      await telling.settled();
      assert.equal(posted.length, 1);
    }
    // As the disk is when the process dies at that instant: decided, and nothing in the outbox.
    const file = join(stateDir, 'alarms.json');
    const state = JSON.parse(readFileSync(file, 'utf8'));
    const notice = { id: 'n', kind: 'alarm', at: clock.now().toISOString(), attachments: [] };
    const [{ id, level, since, reason, nextStep }] = state.alarms;
    const items = [{ id, level, since, reason, nextStep }];
    writeFileSync(file, JSON.stringify({ ...state, leaving: [{ ...notice, items }] }));
    rmSync(join(stateDir, 'outbox.json'));
    posted = [];
    for (const _again of [1, 2]) {
      alarms = open();
      await using telling = startTelling();
      alarms.evaluate(OVERDUE, clock.now());
      assert.deepEqual(await told(telling), [ALARM]);
    }
  });

  test('is told also where nothing can be kept: the disk may be what it is about', async () => {
    for (const file of ['alarms.json', 'outbox.json']) mkdirSync(join(stateDir, file));
    alarms = open();
    await using telling = startTelling();
    alarms.evaluate(OVERDUE, clock.now());
    assert.deepEqual(await live(telling, OVERDUE, 5 * HOUR_MS), [ALARM]);
  });

  test('is told without a secret in any line of the log', async () => {
    const lines: string[] = [];
    const write = (message: string, facts: LogFacts = {}): void =>
      void lines.push(`${message} ${JSON.stringify(facts)}`);
    alarms = new Alarms({ stateDir, log: { debug: write, info: write, warn: write, error: write } });
    const url = `${address()}/very-secret`;
    settings = {
      ...settings,
      notify: NotifySettings.parse({ channels: [{ id: 'hook', kind: 'webhook', url }], ping: { url } }),
    };
    await using telling = startTelling();
    for (const each of [401, 200]) {
      status = each;
      alarms.evaluate(OVERDUE, clock.now());
      await telling.settled();
      clock.advance(7 * HOUR_MS);
    }
    await telling.settled();
    assert.ok(lines.some((line) => line.startsWith('not told yet')) && lines.some((line) => line.startsWith('told ')));
    assert.doesNotMatch(lines.join('\n'), /very-secret|key of the webhook/);
  });

  test('is told in the morning where the night is quiet', async () => {
    settings = { ...settings, notify: notify({ quiet: { from: '18:30', to: '08:00' } }) };
    await using telling = startTelling();
    alarms.evaluate(OVERDUE, clock.now());
    assert.deepEqual(await live(telling, OVERDUE, 11 * HOUR_MS), [], 'until 06:00 in Berlin');
    assert.deepEqual(await live(telling, OVERDUE, 3 * HOUR_MS), [ALARM]);
  });

  test('is told nobody while it is muted', async () => {
    await using telling = startTelling();
    settings = { ...settings, notify: notify({ channels: [] }) };
    alarms.evaluate(OVERDUE, clock.now());
    const muted = alarms.mute('overdue:A', new Date(clock.now().getTime() + 2 * DAY_MS));
    assert.equal(muted?.mutedUntil, '2026-11-24T18:00:00.000Z');
    settings = { ...settings, notify: notify({}) };
    assert.deepEqual(await live(telling, OVERDUE, 1.9 * DAY_MS), []);
    assert.deepEqual(await live(telling, OVERDUE, 0.3 * DAY_MS), [ALARM]);
    assert.equal(alarms.mute('nothing', undefined), undefined);
  });

  test('waits for somebody to tell: it is not counted as told where there is no channel', async () => {
    settings = { ...settings, notify: notify({ channels: [] }) };
    await using telling = startTelling();
    alarms.evaluate(OVERDUE, clock.now());
    clock.advance(HOUR_MS);
    settings = { ...settings, notify: notify({}) };
    telling.wake();
    assert.deepEqual(await told(telling), [ALARM]);
    assert.equal(alarms.list()[0]?.toldAt, clock.now().toISOString());
  });
});

const shown = (): string[] =>
  alarms.list().map(({ kind, level, nextStep }) => `${kind} ${level} ${nextStep.values['version'] ?? ''}`);

describe('the clock of the computer', () => {
  test('that is set back is an alarm, until it goes on like that for days', async () => {
    alarms.evaluate(WELL, clock.now());
    clock.advance(-3 * DAY_MS);
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(
      alarms.list().map(({ id }) => id),
      ['clock-wrong'],
    );
    clock.advance(2.1 * DAY_MS);
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(alarms.list(), []);
    clock.advance(HOUR_MS);
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(alarms.list(), []);
  });

  const ahead = { version: '3fa94c01', at: new Date('2037-01-01T00:00:00Z') };
  const AHEAD: AlarmFacts = {
    ...WELL,
    devices: WELL.devices.map((device) => ({ ...device, misdated: ahead })),
    latestKnownAt: ahead.at,
    latestVersion: { name: 'Anna’s iPhone', version: ahead.version },
    isMostlyPast: true,
  };

  test('against which one version speaks is not blamed for longer than days; then it is the version', async () => {
    alarms.evaluate(AHEAD, clock.now());
    assert.deepEqual(shown(), ['clock-wrong at-risk 3fa94c01']);
    clock.advance(2.1 * DAY_MS);
    for (const _ of ['first', 'again']) {
      alarms.evaluate(AHEAD, clock.now());
      assert.deepEqual(shown(), ['version-misdated attention 3fa94c01']);
      clock.advance(HOUR_MS);
    }
    const forgotten = WELL.devices.map((device) => ({ ...device, misdated: null }));
    alarms.evaluate({ ...WELL, devices: forgotten }, clock.now());
    assert.deepEqual(shown(), []);
  });

  test('that the network has set is never blamed', () => {
    alarms.evaluate({ ...AHEAD, isClockSetByNetwork: true }, clock.now());
    assert.deepEqual(shown(), ['version-misdated attention 3fa94c01']);
  });

  test('against which nearly everything speaks stays blamed', () => {
    for (let day = 0; day < 4; day++) {
      alarms.evaluate({ ...AHEAD, isMostlyPast: false }, clock.now());
      clock.advance(DAY_MS);
    }
    assert.deepEqual(shown(), ['clock-wrong at-risk 3fa94c01']);
  });

  test('may step back by minutes', () => {
    alarms.evaluate(WELL, clock.now());
    clock.advance(-5 * 60_000);
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(alarms.list(), []);
  });
});

describe('all is well', () => {
  test('is said once a week at its time where there is nothing else to say', async () => {
    settings = { ...settings, notify: notify({ allIsWell: { enabled: true, weekday: 1, at: '09:00' } }) };
    await using telling = startTelling();
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(await live(telling, WELL, 13 * HOUR_MS), [], 'Monday 08:00 in Berlin');
    assert.deepEqual(await live(telling, WELL, 2 * HOUR_MS), ['all-is-well: All is well']);
    const item = posted.flatMap((each) =>
      typeof each === 'string' || each.kind !== 'all-is-well' ? [] : each.items,
    )[0];
    assert.equal(item?.sentence, 'Anna’s iPhone was backed up 22 hours ago.');
    assert.equal((await live(telling, WELL, 6 * DAY_MS)).length, 1);
    assert.equal((await live(telling, WELL, 1 * DAY_MS)).length, 2);
  });

  test('is not said while something is not', async () => {
    settings = { ...settings, notify: notify({ allIsWell: { enabled: true } }) };
    await using telling = startTelling();
    assert.deepEqual(await live(telling, OVERDUE, DAY_MS), [ALARM]);
  });
});

const pings = (): string[] => posted.filter((each) => typeof each === 'string');

describe('signs of life', () => {
  test('are given while all is well, say so when something is at risk, and never before anybody has looked', async () => {
    settings = { ...settings, notify: notify({ ping: { url: `${address()}/life`, everyMinutes: 60 } }) };
    await using telling = startTelling();
    await told(telling);
    assert.deepEqual(pings(), []);
    alarms.evaluate(WELL, clock.now());
    await telling.settled();
    assert.equal(pings().length, 1);
    await live(telling, WELL, 2 * HOUR_MS);
    await telling.settled();
    assert.equal(pings().length, 3);
    alarms.evaluate(OVERDUE, clock.now());
    await telling.settled();
    assert.equal(pings().length, 4);
    assert.deepEqual(pings(), ['GET /life', 'GET /life', 'GET /life', 'GET /life/fail']);
  });

  test('say so when the service hangs: nobody looks at the facts any more', async () => {
    settings = { ...settings, notify: notify({ ping: { url: `${address()}/life` } }) };
    await using telling = startTelling();
    alarms.evaluate(WELL, clock.now());
    await telling.settled();
    assert.equal(pings().length, 1);
    clock.advance(3 * HOUR_MS);
    await telling.settled();
    assert.equal(pings().length, 1, 'the computer may have slept');
    clock.advance(HOUR_MS);
    await telling.settled();
    assert.deepEqual(pings(), ['GET /life', 'GET /life/fail']);
  });

  test('are an alarm where they do not get through', async () => {
    settings = { ...settings, notify: NotifySettings.parse({ ping: { url: `${address()}/life` } }) };
    status = 500;
    await using telling = startTelling();
    alarms.evaluate(WELL, clock.now());
    await telling.settled();
    assert.ok(telling.channels()[0]?.failingSince !== undefined);
    assert.match(telling.channels()[0]?.problem ?? '', /HTTP status 500/);
    clock.advance(7 * HOUR_MS);
    alarms.evaluate(WELL, clock.now());
    assert.deepEqual(
      alarms.list().map(({ id }) => id),
      ['cannot-tell:ping'],
    );
  });
});

test('who will be asked for the passcode is told so at once or not at all', async () => {
  await using telling = startTelling();
  telling.announce({ udid: 'A', name: 'Anna’s iPhone' });
  assert.deepEqual(await told(telling), [
    'announce: Anna’s iPhone is due for a backup: unlock it at home and enter the passcode when it asks',
  ]);
  assert.equal(statSync(join(stateDir, 'alarms.json'), { throwIfNoEntry: false }), undefined);
});

test('the same report is sent once', async () => {
  await using telling = startTelling();
  const report = {
    id: '0007-2026-12-01',
    level: 'safe',
    summary: because('notice-well', {}),
    attachments: [],
  } as const;
  telling.report(report);
  telling.report(report);
  assert.deepEqual(await told(telling), ['report: All is well']);
  telling.report(report);
  assert.equal((await told(telling)).length, 1);
});
