import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackupRule } from '../../contract/index.ts';
import { at, BERLIN } from './input.test-helper.ts';
import { nextTries, type NextTriesOptions } from './next-tries.ts';

test('the next backups are as far apart as the rule says, from the last one on', () => {
  assert.deepEqual(
    next({ successes: ['2026-11-22 04:00'] }),
    wall('2026-11-23 04:00', '2026-11-24 04:00', '2026-11-25 04:00'),
  );
});

test('one that is due begins now', () => {
  assert.deepEqual(next({ successes: ['2026-11-20 04:00'], count: 2 }), wall('2026-11-22 19:00', '2026-11-23 19:00'));
});

test('they wait for the window and for the end of a pause', () => {
  const window = { from: '22:00', to: '06:00' };
  assert.deepEqual(next({ rule: { window }, count: 2 }), wall('2026-11-22 22:00', '2026-11-23 22:00'));
  const pausedUntil = at('2026-12-24 12:00').toISOString();
  assert.deepEqual(next({ rule: { window, pausedUntil }, count: 1 }), wall('2026-12-24 22:00'));
});

test('a device that asks for its passcode is asked no more often than it may be', () => {
  const rule = { everyHours: 4, maxPromptsPerDay: 2 };
  assert.deepEqual(
    next({ successes: ['2026-11-22 19:00'], rule, asksPasscode: true, count: 4 }),
    wall('2026-11-22 23:00', '2026-11-23 03:00', '2026-11-23 23:00', '2026-11-24 03:00'),
  );
});

test('once a year is found, too; never where it is off', () => {
  const successes = ['2026-11-22 04:00'];
  assert.deepEqual(next({ successes, rule: { everyHours: 8760 }, count: 1 }), wall('2027-11-22 04:00'));
  assert.deepEqual(next({ successes, rule: { automatic: false } }), []);
});

interface Wanted extends Partial<Omit<NextTriesOptions, 'rule'>> {
  readonly successes?: readonly string[];
  readonly rule?: Partial<BackupRule>;
}

function next({ successes = [], rule, ...options }: Wanted): Date[] {
  return nextTries({
    rule: { ...BackupRule.parse({}), ...rule },
    history: { successes: successes.map(at), tries: [] },
    now: at('2026-11-22 19:00'),
    timeZone: BERLIN,
    asksPasscode: false,
    ...options,
  });
}

const wall = (...walls: string[]): Date[] => walls.map(at);
