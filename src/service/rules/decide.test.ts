import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide } from './decide.ts';
import { decideAll } from './decide-all.ts';
import type { DeviceFacts } from './facts.ts';
import { ASKING, at, codesOf, READY, type Scene, scene, tried } from './input.test-helper.ts';

describe('a device that does not ask for its passcode', () => {
  describe('last backed up at 22:00', () => {
    const successes = ['2026-11-20 22:00'];

    test('is not due at 21:59 the day after, and is looked at again at 22:00', () => {
      const decision = decide(scene({ now: '2026-11-21 21:59', successes }));
      assert.deepEqual([decision.action, codesOf(decision)], ['wait', ['not-due']]);
      assert.deepEqual([decision.dueAt, decision.lookAgainAt], [at('2026-11-21 22:00'), at('2026-11-21 22:00')]);
    });

    test('waits from 22:00 until it is plugged in, and starts when that is at midnight', () => {
      expect({ now: '2026-11-21 22:00', successes, device: { ...READY, onPower: false } }, 'wait', ['needs-power']);
      expect({ now: '2026-11-21 23:59', successes, device: { ...READY, onPower: false } }, 'wait', ['needs-power']);
      expect({ now: '2026-11-22 00:00', successes }, 'start', ['due']);
    });

    test('is due 24 hours after midnight from then on: the moment drifts', () => {
      const drifted = ['2026-11-20 22:00', '2026-11-22 00:00'];
      expect({ now: '2026-11-22 22:00', successes: drifted }, 'wait', ['not-due']);
      expect({ now: '2026-11-23 00:00', successes: drifted }, 'start', ['due']);
    });

    test('is backed up on the fourth night when it was away for three', () => {
      const away: DeviceFacts = { ...READY, reachable: 'none', lastSeenAt: at('2026-11-21 08:00') };
      for (const now of ['2026-11-21 23:00', '2026-11-22 23:00', '2026-11-23 23:00']) {
        expect({ now, successes, device: away }, 'wait', ['out-of-reach']);
      }
      expect({ now: '2026-11-24 18:30', successes }, 'start', ['due']);
    });

    test('is not backed up in the night when somebody did it by hand at noon', () => {
      const byHand = ['2026-11-20 22:00', '2026-11-21 12:00'];
      const tries = [tried('2026-11-21 12:00', 'done', { automatic: false })];
      expect({ now: '2026-11-21 23:00', successes: byHand, tries }, 'wait', ['not-due']);
      expect({ now: '2026-11-22 12:00', successes: byHand, tries }, 'start', ['due']);
    });

    test('tries again soon where the try of the night failed, and stays due', () => {
      const tries = [tried('2026-11-21 22:40', 'failed')];
      const decision = expect({ now: '2026-11-21 22:41', successes, tries }, 'wait', ['retry-later']);
      assert.deepEqual(decision.lookAgainAt, at('2026-11-21 22:55'));
      expect({ now: '2026-11-21 22:55', successes, tries }, 'start', ['due']);
    });
  });

  test('goes on when power is unplugged after the start: what runs is not looked at', () => {
    const running: DeviceFacts = { ...READY, onPower: false, locked: false, isBusy: true };
    expect({ now: '2026-11-22 03:00', successes: ['2026-11-20 22:00'], device: running }, 'wait', ['running']);
  });

  describe('that is due', () => {
    const due = { successes: ['2026-11-20 22:00'], now: '2026-11-21 23:00' };

    test('waits while somebody uses it and starts as soon as it is locked', () => {
      const used: DeviceFacts = { ...READY, locked: false, lastUnlockedAt: at('2026-11-21 22:30') };
      const decision = expect({ ...due, device: used }, 'wait', ['needs-lock']);
      assert.ok(decision.lookAgainAt <= at('2026-11-22 01:30'));
      expect({ ...due, device: { ...used, locked: true } }, 'start', ['due']);
    });

    test('that never locks starts once it has been unlocked for three hours', () => {
      const open: DeviceFacts = { ...READY, locked: false, lastUnlockedAt: at('2026-11-21 20:01') };
      expect({ ...due, device: open }, 'wait', ['needs-lock']);
      expect({ ...due, now: '2026-11-21 23:01', device: open }, 'start', ['due']);
      expect({ ...due, now: '2026-11-22 01:00', device: { ...open, lastUnlockedAt: undefined } }, 'start', ['due']);
    });

    test('and does not tell whether it is locked or on power is given three hours', () => {
      const silent: DeviceFacts = { reachable: 'network', trusted: true, asksPasscode: false };
      expect({ ...due, device: silent }, 'wait', ['power-unknown', 'lock-unknown']);
      expect({ ...due, now: '2026-11-22 01:00', device: silent }, 'start', ['due']);
    });

    test('names everything it waits for', () => {
      const inUse: DeviceFacts = { ...READY, onPower: false, locked: false, lastUnlockedAt: at('2026-11-21 22:59') };
      expect({ ...due, device: inUse }, 'wait', ['needs-power', 'needs-lock']);
    });

    test('has power when it hangs on the cable', () => {
      expect({ ...due, device: { ...READY, reachable: 'usb', onPower: false } }, 'start', ['due']);
    });

    test('needs neither power nor lock where the rule says so, but enough charge', () => {
      const rule = { onPower: false, locked: false, minBatteryPercent: 40 };
      const onBattery: DeviceFacts = { ...READY, onPower: false, locked: false };
      expect({ ...due, rule, device: { ...onBattery, batteryPercent: 39 } }, 'wait', ['battery-low']);
      expect({ ...due, rule, device: { ...onBattery, batteryPercent: 40 } }, 'start', ['due']);
      expect({ ...due, rule, device: { ...onBattery, batteryPercent: 5, onPower: true } }, 'start', ['due']);
      const anyCharge = { ...rule, minBatteryPercent: 0 };
      expect({ ...due, rule: anyCharge, device: { ...onBattery, batteryPercent: 0 } }, 'start', ['due']);
    });

    test('waits for its window', () => {
      const rule = { window: { from: '01:00', to: '06:00' } };
      const decision = expect({ ...due, rule }, 'wait', ['outside-window']);
      assert.equal(decision.reasons[0]?.values['opensAt'], at('2026-11-22 01:00').toISOString());
      expect({ ...due, now: '2026-11-22 01:00', rule }, 'start', ['due']);
      expect({ ...due, now: '2026-11-22 06:00', rule }, 'wait', ['outside-window']);
    });

    test('is not touched while it is paused, and starts when the pause is over', () => {
      const rule = { pausedUntil: at('2026-11-21 23:30').toISOString() };
      const decision = expect({ ...due, rule }, 'off', ['paused']);
      assert.deepEqual(decision.lookAgainAt, at('2026-11-21 23:30'));
      expect({ ...due, now: '2026-11-21 23:30', rule }, 'start', ['due']);
    });

    test('is left alone where backing up by itself is off', () => {
      expect({ ...due, rule: { automatic: false } }, 'off', ['rule-off']);
    });

    test('waits to be trusted', () => {
      expect({ ...due, device: { ...READY, trusted: false } }, 'wait', ['not-trusted']);
    });

    test('rests for four hours after somebody stopped it', () => {
      const tries = [tried('2026-11-21 22:50', 'cancelled')];
      expect({ ...due, tries }, 'wait', ['stopped-by-hand']);
      expect({ ...due, now: '2026-11-22 02:50', tries }, 'start', ['due']);
    });

    test('goes on at once where the service was stopped in the middle, but not over and over', () => {
      const stopped = tried('2026-11-21 22:59', 'interrupted');
      expect({ ...due, tries: [stopped] }, 'start', ['due']);
      expect({ ...due, tries: [tried('2026-11-21 22:50', 'interrupted'), stopped] }, 'wait', ['retry-later']);
    });
  });

  test('is tried less and less often while it fails, at least every four hours', () => {
    const ends = ['22:00', '22:30', '23:10', '23:59'].map((clock) => tried(`2026-11-21 ${clock}`, 'failed'));
    const successes = ['2026-11-20 20:00'];
    const next = (count: number): Date => {
      const last = ends[count - 1]?.endedAt ?? new Date(0);
      const input = scene({ now: '2026-11-21 23:59', successes, tries: ends.slice(0, count) });
      const decision = decide({ ...input, now: new Date(last.getTime() + 1000) });
      return new Date(String(decision.reasons[0]?.values['nextAt']));
    };
    assert.deepEqual(
      [1, 2, 3, 4].map((count) => (next(count).getTime() - (ends[count - 1]?.endedAt.getTime() ?? 0)) / 60_000),
      [15, 30, 60, 120],
    );
    const many = Array.from({ length: 20 }, () => tried('2026-11-21 23:00', 'failed'));
    expect({ now: '2026-11-22 03:00', successes, tries: many }, 'start', ['due']);
  });

  test('is due at once where it has never been backed up', () => {
    expect({ now: '2026-11-22 12:00' }, 'start', ['due-first']);
    expect({ now: '2026-11-22 12:00', history: { knownSince: undefined } }, 'start', ['due-first']);
  });
});

describe('a device that asks for its passcode', () => {
  const successes = ['2026-11-20 18:00'];
  const inHand: DeviceFacts = { ...ASKING, locked: false, lastUnlockedAt: at('2026-11-21 19:00') };
  const told = { announcedAt: at('2026-11-21 18:00') };

  test('is announced at 18:00 when it falls due in a pocket at home, once', () => {
    expect({ now: '2026-11-21 18:00', successes, device: ASKING }, 'announce', ['asks-passcode']);
    expect({ now: '2026-11-21 18:00:01', successes, device: ASKING, history: told }, 'wait', ['waits-for-unlock']);
    expect({ now: '2026-11-22 08:30', successes, device: ASKING, history: told }, 'wait', ['waits-for-unlock']);
    expect({ now: '2026-11-22 14:00', successes, device: ASKING, history: told }, 'announce', ['asks-passcode']);
  });

  test('unlocked at home at 19:00 it starts, once it is no glance', () => {
    const glance = expect({ now: '2026-11-21 19:00:01', successes, device: inHand, history: told }, 'wait', [
      'waits-for-unlock',
    ]);
    assert.deepEqual(glance.lookAgainAt, at('2026-11-21 19:00:10'));
    expect({ now: '2026-11-21 19:00:10', successes, device: inHand, history: told }, 'start', ['due']);
  });

  test('is announced ten seconds before it asks where nobody was told before', () => {
    const came = expect({ now: '2026-11-21 19:00:10', successes, device: inHand }, 'announce', ['asks-passcode']);
    assert.deepEqual(came.lookAgainAt, at('2026-11-21 19:00:20'));
    const history = { announcedAt: at('2026-11-21 19:00:10') };
    expect({ now: '2026-11-21 19:00:11', successes, device: inHand, history }, 'wait', ['asks-passcode']);
    expect({ now: '2026-11-21 19:00:20', successes, device: inHand, history }, 'start', ['due']);
  });

  test('neither needs power nor to be locked, but enough charge', () => {
    const now = '2026-11-21 19:01';
    expect({ now, successes, device: { ...inHand, batteryPercent: 19 }, history: told }, 'wait', ['battery-low']);
    expect({ now, successes, device: { ...inHand, batteryPercent: 20 }, history: told }, 'start', ['due']);
  });

  test('is not announced in the night, but in the morning', () => {
    const decision = expect({ now: '2026-11-22 03:00', successes, device: ASKING }, 'wait', ['waits-for-unlock']);
    assert.ok(decision.lookAgainAt <= at('2026-11-22 08:00'));
    expect({ now: '2026-11-22 08:00', successes, device: ASKING }, 'announce', ['asks-passcode']);
  });

  test('is looked at again when the hour comes at which it may be announced', () => {
    const decision = expect({ now: '2026-11-22 07:40', successes, device: ASKING }, 'wait', ['waits-for-unlock']);
    assert.deepEqual(decision.lookAgainAt, at('2026-11-22 08:00'));
  });

  test('is announced within its window, where it has one', () => {
    const rule = { window: { from: '21:30', to: '06:00' } };
    expect({ now: '2026-11-21 20:00', successes, device: ASKING, rule }, 'wait', [
      'outside-window',
      'waits-for-unlock',
    ]);
    expect({ now: '2026-11-22 02:00', successes, device: ASKING, rule }, 'announce', ['asks-passcode']);
  });

  test('is not announced while it is away', () => {
    expect({ now: '2026-11-22 09:00', successes, device: { ...ASKING, reachable: 'none' } }, 'wait', ['out-of-reach']);
  });

  test('asks again after an hour when nobody answered, three times a day', () => {
    const first = [tried('2026-11-21 19:10', 'not-confirmed')];
    const stillInHand = { ...inHand, lastUnlockedAt: at('2026-11-21 18:30') };
    expect({ now: '2026-11-21 19:11', successes, device: stillInHand, history: told, tries: first }, 'wait', [
      'prompt-unanswered',
    ]);
    expect({ now: '2026-11-21 20:10', successes, device: stillInHand, history: told, tries: first }, 'start', ['due']);
    const three = [...first, tried('2026-11-21 20:20', 'not-confirmed'), tried('2026-11-21 21:20', 'not-confirmed')];
    const later = { ...inHand, lastUnlockedAt: at('2026-11-22 18:00') };
    const usedUp = expect({ now: '2026-11-22 18:30', successes, device: later, history: told, tries: three }, 'wait', [
      'prompts-used-up',
    ]);
    assert.equal(usedUp.reasons[0]?.values['nextAt'], at('2026-11-22 19:10').toISOString());
  });

  test('asks no more often on a day of the calendar that has 25 hours', () => {
    const held: DeviceFacts = { ...ASKING, locked: false, lastUnlockedAt: at('2026-10-25 23:00') };
    const tries = [tried('2026-10-25 00:10', 'not-confirmed')];
    const wanted = { now: '2026-10-25 23:20', successes: ['2026-10-20 18:00'], device: held, history: told, tries };
    const decision = expect({ ...wanted, rule: { maxPromptsPerDay: 1 } }, 'wait', ['prompts-used-up']);
    assert.deepEqual(decision.reasons[0]?.values['nextAt'], at('2026-10-26 00:00').toISOString());
  });

  test('may be asked by hand as often as somebody likes', () => {
    const byHand = ['10:00', '11:00', '12:00'].map((clock) =>
      tried(`2026-11-21 ${clock}`, 'not-confirmed', { automatic: false }),
    );
    expect({ now: '2026-11-21 19:01', successes, device: inHand, history: told, tries: byHand }, 'start', ['due']);
  });

  test('that never locks is asked by day only', () => {
    const open: DeviceFacts = { ...ASKING, locked: false, lastUnlockedAt: at('2026-11-21 12:00') };
    const history = { announcedAt: at('2026-11-21 20:00') };
    expect({ now: '2026-11-22 03:00', successes, device: open, history }, 'wait', ['waits-for-unlock']);
    expect({ now: '2026-11-22 08:00', successes, device: open, history }, 'start', ['due']);
  });

  test('that does not tell whether it is locked is asked by day, three hours after it became due', () => {
    const silent: DeviceFacts = { ...ASKING, locked: undefined };
    const history = { announcedAt: at('2026-11-21 18:00') };
    expect({ now: '2026-11-21 20:59', successes, device: silent, history }, 'wait', ['waits-for-unlock']);
    expect({ now: '2026-11-21 21:00', successes, device: silent, history }, 'wait', ['waits-for-unlock']);
    expect({ now: '2026-11-22 08:00', successes, device: silent, history }, 'start', ['due']);
    const noon = { now: '2026-11-21 14:59', successes: ['2026-11-20 12:00'], device: silent };
    expect({ ...noon, history: { announcedAt: at('2026-11-21 12:00') } }, 'wait', ['waits-for-unlock']);
    expect({ ...noon, now: '2026-11-21 15:00', history: { announcedAt: at('2026-11-21 12:00') } }, 'start', ['due']);
  });

  test('of which it is not known is taken to ask', () => {
    const unknown: DeviceFacts = { ...READY, asksPasscode: undefined };
    expect({ now: '2026-11-22 09:00', successes, device: unknown }, 'announce', ['asks-passcode']);
  });
});

describe('clocks', () => {
  test('on the night they go forward a window that is leapt over does not open, and nothing is lost', () => {
    const rule = { window: { from: '02:10', to: '02:50' } };
    const successes = ['2026-03-27 02:20'];
    // 29 March 2026: after 01:59 comes 03:00.
    const decision = expect({ now: '2026-03-29 01:59', successes, rule }, 'wait', ['outside-window']);
    assert.equal(decision.reasons[0]?.values['opensAt'], at('2026-03-30 02:10').toISOString());
    expect({ now: '2026-03-30 02:10', successes, rule }, 'start', ['due']);
  });

  test('a window half of which is leapt over opens at the leap', () => {
    const rule = { window: { from: '02:30', to: '05:00' } };
    const decision = expect({ now: '2026-03-29 01:30', successes: ['2026-03-27 02:40'], rule }, 'wait', [
      'outside-window',
    ]);
    assert.equal(decision.reasons[0]?.values['opensAt'], '2026-03-29T01:00:00.000Z');
  });

  test('on the night they go back the hour that comes twice brings one backup', () => {
    // 25 October 2026: 02:30 is at 00:30Z and again at 01:30Z.
    const rule = { window: { from: '02:00', to: '03:00' } };
    const input = scene({ now: '2026-10-25 12:00', successes: ['2026-10-24 02:05'], rule });
    const first = decide({ ...input, now: new Date('2026-10-25T00:30:00Z') });
    assert.equal(first.action, 'start');
    const done = { ...input.history, successes: [...input.history.successes, new Date('2026-10-25T00:35:00Z')] };
    const second = decide({ ...input, history: done, now: new Date('2026-10-25T01:30:00Z') });
    assert.deepEqual(codesOf(second), ['not-due']);
  });

  test('a day is 24 hours, however long the day of the calendar is', () => {
    expect({ now: '2026-03-29 22:59', successes: ['2026-03-28 22:00'] }, 'wait', ['not-due']);
    expect({ now: '2026-03-29 23:00', successes: ['2026-03-28 22:00'] }, 'start', ['due']);
    expect({ now: '2026-10-25 21:00', successes: ['2026-10-24 22:00'] }, 'start', ['due']);
  });

  test('set back by some hours they bring no second backup', () => {
    const decision = expect({ now: '2026-11-21 20:00', successes: ['2026-11-20 22:00', '2026-11-21 22:00'] }, 'wait', [
      'not-due',
    ]);
    assert.deepEqual(decision.dueAt, at('2026-11-22 20:00'));
  });

  test('a backup of a far future was written by a wrong clock and does not keep anything from happening', () => {
    expect({ now: '2026-11-21 23:00', successes: ['2026-11-20 22:00', '2031-01-01 00:00'] }, 'start', ['due']);
    expect({ now: '2026-11-21 23:00', successes: ['2031-01-01 00:00'] }, 'start', ['due-first']);
  });
});

describe('several devices', () => {
  test('share one slot: who has been due longest goes first, the other waits for its turn', () => {
    const inputs = new Map([
      ['later', lateEvening({ successes: ['2026-11-20 22:00'] })],
      ['earlier', lateEvening({ successes: ['2026-11-20 20:00'] })],
    ]);
    const decisions = decideAll(inputs, 1);
    assert.deepEqual(
      [...decisions].map(([key, { action }]) => `${key} ${action}`),
      ['later wait', 'earlier start'],
    );
    assert.deepEqual(codesOf(decisions.get('later') ?? { reasons: [] }), ['slot-taken']);
    assert.equal(decideAll(inputs, 2).get('later')?.action, 'start');
    assert.equal(decideAll(inputs, 0).get('earlier')?.action, 'wait');
  });

  test('one that somebody holds goes before one that has been due longer', () => {
    const held: DeviceFacts = { ...ASKING, locked: false, lastUnlockedAt: at('2026-11-21 22:50') };
    const inputs = new Map([
      ['charging', lateEvening({ successes: ['2026-11-15 22:00'] })],
      [
        'held',
        lateEvening({
          device: held,
          successes: ['2026-11-20 20:00'],
          history: { announcedAt: at('2026-11-21 18:00') },
        }),
      ],
    ]);
    assert.equal(decideAll(inputs, 1).get('held')?.action, 'start');
    assert.equal(decideAll(inputs, 1).get('charging')?.action, 'wait');
  });
});

const lateEvening = (extra: Partial<Scene>): ReturnType<typeof scene> => scene({ now: '2026-11-21 23:00', ...extra });

function expect(wanted: Scene, action: string, codes: string[]): ReturnType<typeof decide> {
  const decision = decide(scene(wanted));
  assert.deepEqual([decision.action, ...codesOf(decision)], [action, ...codes], JSON.stringify(decision));
  return decision;
}
