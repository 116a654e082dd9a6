/**
 * Whatever comes, goes, breaks and is started again: nobody is told too often, nobody is left in the dark, and nobody hears of
 * the end of what they never heard of. The network is made up; everything else is the real thing.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { NotifySettings, WebhookBody } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { Alarms } from './alarms.ts';
import type { AlarmFacts } from './facts.ts';
import { DAY_MS, HOUR_MS } from './finding.ts';
import { ManualClock } from './manual-clock.test-helper.ts';
import type { Telling } from './telling.ts';

/** In memory where there is such a folder: thousands of files are made durable here. */
const QUICK_DIR = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

type Step =
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'set'; readonly device: 'A' | 'B'; readonly grade: number }
  | { readonly do: 'network'; readonly isUp: boolean }
  | { readonly do: 'restart' };

interface Arrived {
  readonly atMs: number;
  readonly kind: string;
  readonly id: string;
  readonly days: number;
}

/** The network as everything sees it. */
let isUp = true;
let onPost: (body: string) => void = () => {};

async function pretendFetch(_url: string, { body = '' }: { body?: string }): Promise<Response> {
  if (!isUp) throw new TypeError('fetch failed', { cause: Object.assign(new Error('down'), { code: 'ENETUNREACH' }) });
  onPost(body);
  return new Response('OK');
}

/** A household of two phones, a service that tells of them, and what arrived. */
class Household implements AsyncDisposable {
  readonly arrived: Arrived[] = [];
  readonly clock = new ManualClock('2026-11-22T18:00:00Z');
  readonly grades = { A: 0, B: 0 };
  readonly #stateDir = mkdtempSync(join(QUICK_DIR, 'holdfast-'));
  #alarms: Alarms;
  #telling: Telling;

  constructor() {
    isUp = true;
    onPost = (body) => {
      const { kind, items } = WebhookBody.parse(JSON.parse(body));
      const atMs = this.clock.now().getTime();
      for (const { id, values } of items) this.arrived.push({ atMs, kind, id, days: Number(values['days']) });
    };
    [this.#alarms, this.#telling] = this.#start();
  }

  async go(step: Step): Promise<void> {
    if (step.do === 'network') isUp = step.isUp;
    if (step.do === 'set') this.grades[step.device] = step.grade;
    if (step.do === 'restart') {
      await this.#telling[Symbol.asyncDispose]();
      [this.#alarms, this.#telling] = this.#start();
    }
    for (let hours = step.do === 'wait' ? step.hours : 0; hours > 0; hours -= 6) {
      this.clock.advance(Math.min(6, hours) * HOUR_MS);
      await this.#look();
    }
    await this.#look();
  }

  async #look(): Promise<void> {
    this.#alarms.evaluate(this.#facts(), this.clock.now());
    await this.#telling.settled();
  }

  #start(): [Alarms, Telling] {
    const alarms = new Alarms({ stateDir: this.#stateDir, log: SILENT_LOGGER });
    const notify = NotifySettings.parse({ channels: [{ id: 'hook', kind: 'webhook', url: 'http://localhost:1/' }] });
    const telling = alarms.startTelling({
      settings: () => ({ language: 'en', notify }),
      secrets: { get: () => undefined },
      clock: this.clock,
      timeZone: 'UTC',
      onBug: (error) => assert.fail(String(error)),
    });
    return [alarms, telling];
  }

  #facts(): AlarmFacts {
    const devices = (['A', 'B'] as const).map((udid) => {
      const grade = this.grades[udid];
      const overdue = grade === 0 ? null : { days: 7 * 2 ** (grade - 1), since: new Date('2026-11-01') };
      return { udid, name: udid, overdueDays: 7, overdue };
    });
    return { devices };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#telling[Symbol.asyncDispose]();
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        device: fc.constantFrom('A' as const, 'B' as const),
        grade: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('network' as const), isUp: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 3, maxLength: 25 },
);

test('nobody is told too often, left in the dark, or told of an end without a beginning', async (t) => {
  // Of this test alone: hooks of a file would be hooks of every file that runs in this process.
  t.mock.method(globalThis, 'fetch', pretendFetch);
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      await using house = new Household();
      for (const step of story) await house.go(step);
      await house.go({ do: 'network', isUp: true });
      await house.go({ do: 'wait', hours: 4 * 24 });
      for (const device of ['A', 'B'] as const) {
        const heard = house.arrived.filter(({ id }) => id === `overdue:${device}`);
        assertNotTooOften(heard);
        assertEndsHaveBeginnings(heard);
        const last = heard.at(-1);
        if (house.grades[device] > 0) {
          assert.equal(last?.kind, 'alarm');
          assert.equal(last.days, 7 * 2 ** (house.grades[device] - 1), 'what was said last is how it is');
        } else assert.notEqual(last?.kind, 'alarm');
      }
    }),
    { numRuns: 25 },
  );
});

function assertNotTooOften(heard: readonly Arrived[]): void {
  const alarms = heard.filter(({ kind }) => kind === 'alarm');
  alarms.forEach((each, i) => {
    for (const earlier of alarms.slice(0, i)) {
      const isWorse = each.days > earlier.days;
      assert.ok(isWorse || each.atMs - earlier.atMs >= DAY_MS, 'twice within a day');
    }
  });
}

function assertEndsHaveBeginnings(heard: readonly Arrived[]): void {
  heard.forEach(({ kind }, i) => {
    if (kind === 'cleared') assert.equal(heard[i - 1]?.kind, 'alarm');
  });
}
