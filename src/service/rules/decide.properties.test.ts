import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { BackupRule, say } from '../../contract/index.ts';
import { decide } from './decide.ts';
import { decideAll } from './decide-all.ts';
import type { Decision, DeviceFacts, PastTry, RuleHistory, RuleInput } from './facts.ts';
import { DAY_MS, HOUR_MS, isWithin, MINUTE_MS } from './local-time.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
/** Around both nights on which Berlin sets its clocks, and a day on which nothing happens. */
const MOMENTS = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-07-01T12:00:00Z'].map((iso) => Date.parse(iso));

const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });
const clock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`);

const inputs: fc.Arbitrary<RuleInput> = fc
  .tuple(fc.constantFrom(...MOMENTS), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }))
  .map(([moment, aside]) => new Date(moment + aside))
  .chain((now) => {
    const around = (maxAheadMs: number): fc.Arbitrary<Date> =>
      fc
        .oneof(
          fc.integer({ min: -3 * DAY_MS, max: maxAheadMs }),
          fc.integer({ min: -10 * MINUTE_MS, max: Math.min(maxAheadMs, 10_000) }),
          fc.constant(-300 * DAY_MS),
        )
        .map((ms) => new Date(now.getTime() + ms));
    const device: fc.Arbitrary<DeviceFacts> = fc.record({
      reachable: fc.constantFrom('usb', 'network', 'network', 'none'),
      trusted: fc.constantFrom(true, true, true, false),
      onPower: maybe(fc.boolean()),
      batteryPercent: maybe(fc.nat(100)),
      locked: maybe(fc.boolean()),
      lastUnlockedAt: maybe(around(HOUR_MS)),
      asksPasscode: maybe(fc.boolean()),
      lastSeenAt: maybe(around(0)),
      isBusy: fc.constantFrom(false, false, false, true),
    });
    const entry: fc.Arbitrary<PastTry> = fc.record({
      startedAt: fc.constant(undefined),
      endedAt: around(20 * DAY_MS),
      automatic: fc.boolean(),
      outcome: fc.constantFrom('done', 'failed', 'cancelled', 'not-confirmed', 'interrupted'),
      asked: maybe(fc.boolean()),
    });
    const history: fc.Arbitrary<RuleHistory> = fc.record({
      successes: fc.array(around(20 * DAY_MS), { maxLength: 4 }),
      tries: fc.array(entry, { maxLength: 6 }),
      announcedAt: maybe(around(20 * DAY_MS)),
      knownSince: maybe(around(DAY_MS)),
    });
    const rule: fc.Arbitrary<BackupRule> = fc
      .record({
        automatic: fc.constantFrom(true, true, true, false),
        everyHours: fc.constantFrom(1, 12, 24, 168),
        onPower: fc.boolean(),
        locked: fc.boolean(),
        minBatteryPercent: fc.constantFrom(0, 20, 100),
        window: maybe(fc.record({ from: clock, to: clock })),
        maxPromptsPerDay: fc.constantFrom(1, 3, 24),
        pausedUntil: fc.option(around(DAY_MS), { nil: undefined, freq: 4 }).map((date) => date?.toISOString()),
      })
      .map((patch) => BackupRule.parse(patch));
    return fc.record({
      device,
      history,
      rule,
      slotsFree: fc.constantFrom(0, 1, 2),
      now: fc.constant(now),
      timeZone: fc.constantFrom(...ZONES),
    });
  });

describe('whatever is known of a device and its past', () => {
  test('it is looked at again later, within an hour, and there is a reason', () => {
    hold((input, decision) => {
      assert.ok(decision.lookAgainAt > input.now);
      assert.ok(decision.lookAgainAt.getTime() <= input.now.getTime() + HOUR_MS);
      assert.ok(decision.reasons.length > 0);
    });
  });

  test('every reason is a sentence in every language', () => {
    hold(({ now, timeZone }, { reasons }) => {
      for (const reason of reasons) {
        for (const language of ['en', 'de'] as const) {
          assert.match(say(reason, language, now, timeZone), /^\P{Lowercase}.*\.$/u);
          assert.doesNotMatch(say(reason, language, now, timeZone), /undefined|NaN|Invalid|\dT\d/);
        }
      }
    });
  });

  test('a backup starts only where it is due, wanted, possible and there is room for it', () => {
    hold(({ device, rule, slotsFree, now, timeZone }, { action, dueAt }) => {
      if (action !== 'start') return;
      assert.ok(rule.automatic && device.trusted && device.isBusy !== true && slotsFree > 0);
      assert.notEqual(device.reachable, 'none');
      assert.ok(dueAt !== undefined && dueAt <= now);
      assert.ok(rule.pausedUntil === undefined || new Date(rule.pausedUntil) <= now);
      assert.ok(rule.window === undefined || isWithin(rule.window, timeZone, now));
      if (device.asksPasscode === false && rule.onPower && device.reachable === 'network') {
        assert.notEqual(device.onPower, false);
      }
      if (device.asksPasscode !== false) assert.notEqual(device.locked, true);
    });
  });

  test('no two backups begin within the interval', () => {
    hold(({ history, rule, now }, { action }) => {
      if (action !== 'start') return;
      for (const success of history.successes) {
        const ageMs = now.getTime() - success.getTime();
        assert.ok(ageMs >= rule.everyHours * HOUR_MS || ageMs < -12 * HOUR_MS, `${ageMs / HOUR_MS} hours`);
      }
    });
  });

  test('nobody is asked for the passcode more often than the rule allows', () => {
    hold(({ history, rule, now, device }, { action }) => {
      if (action !== 'start' || device.asksPasscode === false) return;
      const asked = history.tries.filter(
        (entry) =>
          entry.automatic &&
          entry.asked !== false &&
          Math.abs(now.getTime() - entry.endedAt.getTime()) < (entry.endedAt > now ? 12 * HOUR_MS : DAY_MS),
      );
      assert.ok(asked.length < rule.maxPromptsPerDay);
    });
  });

  test('nobody is told twice within twenty hours, and nobody of a device that does not ask or is away', () => {
    hold(({ history, now, device }, { action }) => {
      if (action !== 'announce') return;
      assert.ok(device.asksPasscode !== false && device.reachable !== 'none');
      const toldMs = now.getTime() - (history.announcedAt?.getTime() ?? 0);
      assert.ok(toldMs >= 20 * HOUR_MS || toldMs < -12 * HOUR_MS);
    });
  });

  test('nothing becomes possible before it is looked at again', () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (input, part) => {
        const decision = decide(input);
        if (decision.action !== 'wait' && decision.action !== 'off') return;
        const waitMs = decision.lookAgainAt.getTime() - input.now.getTime();
        const meanwhile = decide({ ...input, now: new Date(input.now.getTime() + Math.floor(waitMs * part)) });
        assert.ok(meanwhile.action === 'wait' || meanwhile.action === 'off', JSON.stringify([decision, meanwhile]));
      }),
      { numRuns: 5000 },
    );
  });

  test('together no more devices start than there are slots, and none starts that would not alone', () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 6 }), fc.nat(3), (several, slots) => {
        const decisions = decideAll(new Map(several.entries()), slots);
        const starting = [...decisions].filter(([, { action }]) => action === 'start');
        const alone = several.filter((input) => decide({ ...input, slotsFree: 1 }).action === 'start');
        assert.equal(starting.length, Math.min(slots, alone.length));
        assert.equal(decisions.size, several.length);
      }),
    );
  });
});

function hold(property: (input: RuleInput, decision: Decision) => void): void {
  fc.assert(
    fc.property(inputs, (input) => property(input, decide(input))),
    { numRuns: 3000 },
  );
}
