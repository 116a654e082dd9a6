import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sayAll } from '../../contract/index.ts';
import type { DeviceFacts } from './facts.ts';
import { ASKING, at, BERLIN, codesOf, READY, type Scene, scene, tried } from './input.test-helper.ts';
import { overdue, type VerdictInput, verdictOf } from './verdict.ts';

const NOW = '2026-11-22 19:00';
const away: DeviceFacts = { ...ASKING, reachable: 'none', lastSeenAt: at('2026-11-22 08:10') };

describe('a device', () => {
  test('that was backed up this morning is safe', () => {
    expect({ successes: ['2026-11-22 04:00'] }, 'safe', 'Backed up 15 hours ago.');
  });

  test('that falls due tonight, or was due yesterday, is safe', () => {
    expect({ successes: ['2026-11-21 18:00'], device: away }, 'safe', 'Backed up 25 hours ago.');
    expect({ successes: ['2026-11-20 12:00'], device: away }, 'safe', 'Backed up 2 days ago.');
  });

  test('that is two days late needs attention, and says what is waited for', () => {
    expect(
      { successes: ['2026-11-19 12:00'], device: away },
      'attention',
      'Its backup is 2 days late. Waits until it is at home; last seen today at 08:10. Backed up 3 days ago.',
    );
  });

  test('that nobody confirmed is at risk after a week, and everything is told', () => {
    const wanted = {
      successes: ['2026-11-13 12:00'],
      device: ASKING,
      history: { announcedAt: at('2026-11-22 10:00') },
      tries: [tried('2026-11-21 19:40', 'not-confirmed'), tried('2026-11-20 19:40', 'not-confirmed')],
    };
    expect(
      wanted,
      'at-risk',
      'It has not been backed up for 9 days. It was at home yesterday at 19:40, but nobody entered the passcode. ' +
        'The next try is when it is unlocked at home: it asks for its passcode.',
    );
    assert.equal(
      inGerman(wanted),
      'Es wurde seit 9 Tagen nicht gesichert. Es war gestern um 19:40 zu Hause, aber niemand hat den Code eingegeben. ' +
        'Der nächste Versuch kommt, wenn es zu Hause entsperrt wird: Es fragt nach dem Code.',
    );
  });

  test('whose tries fail again and again needs attention before it is overdue', () => {
    const tries = ['16:00', '17:00', '18:50'].map((clock) => tried(`2026-11-22 ${clock}`, 'failed'));
    expect(
      { successes: ['2026-11-21 14:00'], tries },
      'attention',
      'The last 3 tries failed, most recently today at 18:50. ' +
        'It failed; the next try is today at 19:50 at the earliest. Backed up 29 hours ago.',
    );
    expect({ successes: ['2026-11-21 14:00'], tries: tries.slice(1) }, 'safe', 'Backed up 29 hours ago.');
  });

  test('that has never been backed up needs attention at first and is at risk after a week', () => {
    const fresh = { device: READY, history: { knownSince: at('2026-11-22 18:00') } };
    expect(fresh, 'attention', 'It has not been backed up yet.');
    const old = { device: away, history: { knownSince: at('2026-11-12 18:00') } };
    expect(
      old,
      'at-risk',
      'It has never been backed up, and has been known for 10 days. Waits until it is at home; last seen today at 08:10.',
    );
  });

  test('that is not trusted and was never backed up is unknown', () => {
    assert.equal(verdict({ device: { reachable: 'usb', trusted: false } }).verdict, 'unknown');
  });

  test('that is paused needs attention, but raises no alarm', () => {
    const rule = { pausedUntil: at('2026-11-30 07:00').toISOString() };
    const wanted: Scene = { now: NOW, successes: ['2026-11-01 12:00'], rule };
    expect(wanted, 'attention', 'Paused until 30 November at 07:00. Backed up 21 days ago.');
    assert.equal(overdue(scene(wanted)), undefined);
  });

  test('that is backed up only by hand is safe until it is overdue', () => {
    const rule = { automatic: false };
    expect(
      { successes: ['2026-11-18 12:00'], rule },
      'safe',
      'Backed up 4 days ago. It is not backed up by itself: that is turned off.',
    );
    assert.equal(verdict({ successes: ['2026-11-15 12:00'], rule }).verdict, 'at-risk');
  });

  test('with a backup is at risk where its newest version is damaged, and needs attention for less', () => {
    const fine = { successes: ['2026-11-22 04:00'] };
    assert.equal(verdict(fine, { isNewestDamaged: true }).verdict, 'at-risk');
    assert.deepEqual(codesOf(verdict(fine, { encrypted: false })), ['not-encrypted', 'backed-up']);
    assert.deepEqual(codesOf(verdict(fine, { pairing: { state: 'soon', daysLeft: 4 } })), [
      'pairing-soon',
      'backed-up',
    ]);
    assert.deepEqual(codesOf(verdict(fine, { pairing: { state: 'over', daysLeft: 0 } })), [
      'pairing-over',
      'backed-up',
    ]);
    assert.deepEqual(codesOf(verdict(fine, { pairing: { state: 'ok', daysLeft: 30 } })), ['backed-up']);
  });
});

test('overdue begins after as many days as the rule says, to the minute', () => {
  const wanted = { successes: ['2026-11-19 19:00'], rule: { overdueDays: 3 } };
  assert.equal(overdue(scene({ ...wanted, now: '2026-11-22 18:59' })), undefined);
  const late = overdue(scene({ ...wanted, now: NOW }));
  assert.deepEqual([late?.days, late?.since], [3, at('2026-11-19 19:00')]);
});

test('a device of which nothing is known since when is not overdue', () => {
  assert.equal(overdue(scene({ now: NOW, history: { knownSince: undefined } })), undefined);
});

function verdict(wanted: Partial<Scene>, more: Partial<VerdictInput> = {}): ReturnType<typeof verdictOf> {
  return verdictOf({ ...scene({ now: NOW, ...wanted }), encrypted: true, ...more });
}

function expect(wanted: Partial<Scene>, verdictWanted: string, text: string): void {
  const { verdict: found, reasons } = verdict(wanted);
  assert.deepEqual([found, sayAll(reasons, 'en', at(NOW), BERLIN)], [verdictWanted, text]);
}

function inGerman(wanted: Partial<Scene>): string {
  return sayAll(verdict(wanted).reasons, 'de', at(NOW), BERLIN);
}
