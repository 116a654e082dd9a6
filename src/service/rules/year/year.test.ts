import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideAll } from '../decide-all.ts';
import type { Decision, RuleInput } from '../facts.ts';
import { FAMILY } from './family.test-helper.ts';
import { Judge } from './judge.test-helper.ts';
import { simulate, type Trouble } from './service.test-helper.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './world.test-helper.ts';

const at = (iso: string): number => Date.parse(iso);

/** What a year does to a small computer under a staircase. */
const TROUBLES: readonly Trouble[] = [
  { atMs: at('2026-01-14T22:10Z'), kind: 'reboot', downMs: MINUTE_MS, inTheMiddle: true },
  { atMs: at('2026-02-10T20:00Z'), kind: 'clock', byMs: -2 * HOUR_MS },
  { atMs: at('2026-02-11T02:00Z'), kind: 'clock', byMs: 2 * HOUR_MS },
  { atMs: at('2026-03-03T17:00Z'), kind: 'reboot', downMs: 2 * HOUR_MS },
  // The night the clocks go forward.
  { atMs: at('2026-03-29T00:40Z'), kind: 'reboot', downMs: 30_000, inTheMiddle: true },
  { atMs: at('2026-05-05T10:00Z'), kind: 'clock', byMs: 2 * HOUR_MS },
  { atMs: at('2026-05-06T10:00Z'), kind: 'clock', byMs: -2 * HOUR_MS },
  // Two days without electricity.
  { atMs: at('2026-06-01T12:00Z'), kind: 'reboot', downMs: 2 * DAY_MS },
  { atMs: at('2026-08-08T21:00Z'), kind: 'clock', byMs: 3 * DAY_MS },
  { atMs: at('2026-08-08T23:00Z'), kind: 'clock', byMs: -3 * DAY_MS },
  // It starts with the time of ten days ago until it has reached a time server.
  { atMs: at('2026-09-01T20:00Z'), kind: 'reboot', downMs: MINUTE_MS, inTheMiddle: true },
  { atMs: at('2026-09-01T21:30Z'), kind: 'clock', byMs: -10 * DAY_MS },
  { atMs: at('2026-09-01T21:33Z'), kind: 'clock', byMs: 10 * DAY_MS },
  // The hour that comes twice.
  { atMs: at('2026-10-25T00:20Z'), kind: 'reboot', downMs: 90 * MINUTE_MS },
  { atMs: at('2026-12-24T18:00Z'), kind: 'reboot', downMs: 20 * MINUTE_MS, inTheMiddle: true },
];

describe('a year of twelve devices and two slots', () => {
  const judge = new Judge();
  const devices = simulate({
    family: FAMILY,
    firstDay: '2026-01-01',
    days: 365,
    slots: 2,
    seed: 1,
    troubles: TROUBLES,
    judge,
  });

  test('misses no backup, makes none twice, disturbs nobody', () => {
    assert.deepEqual(judge.findings.slice(0, 20), []);
  });

  for (const device of devices) {
    test(`${device.habit.name}: backed up all year`, () => {
      assert.ok(judge.backupsOf(device) >= device.habit.atLeast, `${judge.backupsOf(device)} backups`);
    });
  }
});

describe('a judge that is worth something finds a rule that', () => {
  type Input = Omit<RuleInput, 'slotsFree'>;
  const mutants: readonly {
    what: string;
    finds: string;
    change?: (input: Input) => Input;
    twist?: (decision: Decision, input: Input) => Decision;
    slots?: number;
  }[] = [
    {
      what: 'is due too early',
      finds: 'doubled',
      change: (input) => ({ ...input, rule: { ...input.rule, everyHours: input.rule.everyHours - 1 } }),
    },
    {
      what: 'is due too late',
      finds: 'missed',
      change: (input) => ({ ...input, rule: { ...input.rule, everyHours: input.rule.everyHours + 1 } }),
    },
    {
      what: 'skips a night that was missed',
      finds: 'missed',
      twist: (decision, { now }) => {
        const isLate = now.getTime() - (decision.dueAt?.getTime() ?? 0) > 6 * HOUR_MS;
        return isLate && decision.action === 'start' ? { ...decision, action: 'wait' } : decision;
      },
    },
    {
      what: 'looks again too late',
      finds: 'missed',
      twist: (decision, { now }) => ({ ...decision, lookAgainAt: new Date(now.getTime() + 2 * HOUR_MS) }),
    },
    {
      what: 'waits for power for ever where a device does not tell',
      finds: 'missed',
      change: (input) => ({ ...input, device: { ...input.device, onPower: input.device.onPower ?? false } }),
    },
    {
      what: 'waits until a device is locked that never is',
      finds: 'missed',
      twist: (decision, { device }) =>
        decision.action === 'start' && device.locked === false && device.asksPasscode === false
          ? { ...decision, action: 'wait' }
          : decision,
    },
    {
      what: 'needs no power',
      finds: 'against the rule',
      change: (input) => ({ ...input, rule: { ...input.rule, onPower: false } }),
    },
    {
      what: 'takes windows for times in Greenwich',
      finds: 'against the rule',
      change: (input) => ({ ...input, timeZone: 'UTC' }),
    },
    {
      what: 'asks for the passcode as often as it likes',
      finds: 'asked too often',
      change: (input) => ({ ...input, history: { ...input.history, tries: [] } }),
    },
    {
      what: 'forgets whom it told',
      finds: 'told too often',
      change: (input) => {
        const { announcedAt, ...history } = input.history;
        const isOld = announcedAt !== undefined && input.now.getTime() - announcedAt.getTime() > 60_000;
        return isOld ? { ...input, history } : input;
      },
    },
    { what: 'takes slots that are not there', finds: 'against the rule', slots: 5 },
  ];
  for (const { what, finds, change, twist, slots } of mutants) {
    test(what, () => {
      const judge = new Judge();
      simulate({
        family: FAMILY,
        firstDay: '2026-03-20',
        days: 20,
        slots: 1,
        seed: 3,
        troubles: [],
        judge,
        decideAll: <K>(inputs: ReadonlyMap<K, Input>, slotsFree: number) => {
          const changed = new Map([...inputs].map(([key, input]) => [key, change?.(input) ?? input]));
          const decisions = decideAll(changed, slots ?? slotsFree);
          if (twist === undefined) return decisions;
          return new Map(
            [...decisions].map(([key, decision]) => {
              const input = inputs.get(key);
              return [key, input === undefined ? decision : twist(decision, input)];
            }),
          );
        },
      });
      const kinds = new Set(judge.findings.map(({ kind }) => kind));
      assert.ok(
        kinds.has(finds as (typeof judge.findings)[number]['kind']),
        [...kinds].join(', ') || 'nothing was found',
      );
    });
  }

  test('is the one we have: it finds nothing there', () => {
    const judge = new Judge();
    simulate({ family: FAMILY, firstDay: '2026-03-20', days: 20, slots: 1, seed: 3, troubles: [], judge });
    assert.deepEqual(judge.findings, []);
  });
});
