import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { say } from '../../contract/index.ts';
import { evaluateAlarms } from './evaluate.ts';
import type { AlarmFacts, CopyAlarmFacts, DeviceAlarmFacts } from './facts.ts';
import { DAY_MS, type Finding, HOUR_MS } from './finding.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

const PHONE: DeviceAlarmFacts = {
  udid: 'A',
  name: 'Anna’s iPhone',
  overdue: null,
  overdueDays: 7,
  lastBackupAt: daysAgo(1),
  tries: [],
  pairing: { state: 'ok', daysLeft: 29 },
  isPasswordKnown: true,
  shrunk: null,
};

const found = (facts: Partial<AlarmFacts>): readonly Finding[] =>
  evaluateAlarms({ devices: [], ...facts }, NOW).findings;
const ofPhone = (facts: Partial<DeviceAlarmFacts>): readonly Finding[] => found({ devices: [{ ...PHONE, ...facts }] });

/** What somebody reads, in both languages. */
function words(finding: Finding | undefined): string[] {
  const { reason, nextStep } = finding ?? assert.fail('nothing was found');
  return [reason, nextStep].flatMap((each) => [
    say(each, 'en', NOW, 'Europe/Berlin'),
    say(each, 'de', NOW, 'Europe/Berlin'),
  ]);
}

const summary = (findings: readonly Finding[]): string[] =>
  findings.map(({ id, level, grade }) => `${id} ${level} ${grade}`);

function tries(
  ...outcomes: [outcome: 'done' | 'failed' | 'cancelled' | 'not-confirmed', daysAgo: number][]
): NonNullable<DeviceAlarmFacts['tries']> {
  return outcomes.map(([outcome, days]) => ({
    kind: 'backup',
    outcome,
    at: daysAgo(days),
    ...(outcome === 'failed' ? { code: 'CONNECTION_LOST' as const } : {}),
  }));
}

const overdue = (days: number): readonly Finding[] =>
  ofPhone({ overdue: { days, since: daysAgo(days) }, lastBackupAt: daysAgo(days) });

const step = (outcome: 'failed' | 'not-confirmed'): string | undefined =>
  ofPhone({ overdue: { days: 9, since: daysAgo(9) }, lastBackupAt: daysAgo(9), tries: tries([outcome, 1]) })[0]
    ?.nextStep.code;

const pairingOf = (state: 'soon' | 'over', daysLeft: number): string[] =>
  summary(ofPhone({ pairing: { state, daysLeft } }));

const shrunk = (at: Date): readonly Finding[] =>
  ofPhone({ shrunk: { at, lostShare: 0.623, until: new Date(at.getTime() + 30 * DAY_MS) } });

const copy = (more: Partial<CopyAlarmFacts>): readonly Finding[] =>
  found({ copies: [{ name: 'disk', everyHours: 24, addedAt: daysAgo(90), failures: 0, ...more }] });

const inDays = (days: number): string[] => summary(found({ storage: { freeBytes: 1e11, fullOn: daysAgo(-days) } }));

const checkup = (facts: AlarmFacts['checkup']): string[] =>
  summary(found(facts === undefined ? {} : { checkup: facts }));

test('where all is well there is nothing', () => {
  const facts: Required<AlarmFacts> = {
    devices: [PHONE],
    vault: { isThere: true, place: '/srv' },
    storage: { freeBytes: 1e12 },
    unreadableCopies: null,
    copies: [{ name: 'disk', everyHours: 24, addedAt: daysAgo(90), lastDoneAt: daysAgo(1), failures: 0 }],
    checkup: { last: { at: daysAgo(21), problems: 0 }, dueAt: new Date(NOW.getTime() + DAY_MS) },
    latestKnownAt: daysAgo(0.01),
    latestVersion: { name: 'Anna’s iPhone', version: '3fa94c01' },
    isMostlyPast: true,
    isClockSetByNetwork: false,
    settingsAreValid: true,
    channels: [{ id: 'mail', kind: 'mail', enabled: true, waiting: 0 }],
  };
  assert.deepEqual(evaluateAlarms(facts, NOW).findings, []);
});

describe('a device', () => {
  test('that is overdue is at risk, and more so when it lasts', () => {
    assert.deepEqual(
      [7, 13, 14, 28].map((days) => summary(overdue(days))[0]),
      ['overdue:A at-risk 1', 'overdue:A at-risk 1', 'overdue:A at-risk 2', 'overdue:A at-risk 3'],
    );
    assert.deepEqual(words(overdue(9)[0]), [
      'Anna’s iPhone has not been backed up for 9 days.',
      'Anna’s iPhone wurde seit 9 Tagen nicht gesichert.',
      'Bring it home, connect it to power and leave it locked for a while, or start a backup by hand.',
      'Es nach Hause bringen, an den Strom hängen und eine Weile gesperrt lassen, oder eine Sicherung von Hand starten.',
    ]);
  });

  test('that is overdue tells what to do by what came of the last try', () => {
    assert.equal(step('not-confirmed'), 'do-enter-passcode');
    assert.equal(step('failed'), 'do-about-error');
  });

  test('that was never backed up says so', () => {
    const [first] = ofPhone({ overdue: { days: 8, since: daysAgo(8) }, lastBackupAt: undefined });
    assert.equal(first?.reason.code, 'alarm-overdue-first');
  });

  test('whose backups fail is spoken of after three in a row, with the reason', () => {
    assert.deepEqual(ofPhone({ tries: tries(['failed', 0.1], ['failed', 0.2]) }), []);
    const [finding] = ofPhone({
      tries: tries(['failed', 0.1], ['cancelled', 0.2], ['failed', 0.3], ['failed', 0.4], ['done', 1]),
    });
    assert.equal(finding?.id, 'failing:A');
    assert.deepEqual(words(finding), [
      'The last 3 backups of Anna’s iPhone failed, most recently because the connection to it broke.',
      'Die letzten 3 Sicherungen von Anna’s iPhone sind gescheitert, zuletzt: die Verbindung ist abgebrochen.',
      'Leave it near the router or on the cable until the backup is done. It goes on where it stopped.',
      'Es am Kabel oder nahe am Router lassen, bis die Sicherung fertig ist. Sie geht weiter, wo sie aufgehört hat.',
    ]);
    assert.deepEqual(finding?.since, daysAgo(0.4));
  });

  test('is at risk when ten fail', () => {
    const many = Array.from({ length: 10 }, (_, i): ['failed', number] => ['failed', i / 20]);
    assert.deepEqual(summary(ofPhone({ tries: tries(...many) })), ['failing:A at-risk 2']);
  });

  test('that was backed up by other means since does not count as failing', () => {
    assert.deepEqual(
      ofPhone({ lastBackupAt: daysAgo(0), tries: tries(['failed', 1], ['failed', 2], ['failed', 3]) }),
      [],
    );
  });

  test('whose passcode nobody enters is spoken of when that goes on for days, not for one evening', () => {
    const evening = tries(['not-confirmed', 0.9], ['not-confirmed', 0.95], ['not-confirmed', 0.99]);
    assert.deepEqual(ofPhone({ tries: evening }), []);
    const days = tries(['not-confirmed', 0.1], ['not-confirmed', 1.1], ['not-confirmed', 2.2], ['done', 3]);
    const [finding] = ofPhone({ tries: days, lastBackupAt: daysAgo(3) });
    assert.deepEqual([finding?.id, finding?.nextStep.code], ['not-confirmed:A', 'do-enter-passcode']);
  });

  test('whose pairing lapses is spoken of in time, again shortly before, and when it is over', () => {
    assert.deepEqual(pairingOf('soon', 9), ['pairing-lapses:A attention 1']);
    assert.deepEqual(pairingOf('soon', 3), ['pairing-lapses:A attention 2']);
    assert.deepEqual(pairingOf('over', 0), ['pairing-lapses:A attention 3']);
  });

  test('whose password nobody has shown to know', () => {
    assert.deepEqual(summary(ofPhone({ isPasswordKnown: false })), ['password-unknown:A attention 1']);
  });

  test('whose version lost much: another such version is another alarm', () => {
    const [first, second] = [shrunk(daysAgo(2))[0], shrunk(daysAgo(1))[0]];
    assert.notEqual(first?.id, second?.id);
    assert.equal(first?.reason.values['percent'], 62);
  });
});

describe('the house', () => {
  test('a disk that fills is spoken of a month, two weeks and one before', () => {
    assert.deepEqual(inDays(31), []);
    assert.deepEqual([30, 14, 7].flatMap(inDays), [
      'disk-filling attention 1',
      'disk-filling attention 2',
      'disk-filling at-risk 3',
    ]);
    assert.deepEqual(summary(found({ storage: { freeBytes: 1e8 } })), ['disk-filling at-risk 4']);
  });

  test('a copy is late when it has missed its turn twice', () => {
    assert.deepEqual(copy({ lastDoneAt: daysAgo(1.9) }), []);
    assert.deepEqual(summary(copy({ lastDoneAt: daysAgo(2.1) })), ['copy-late:disk attention 1']);
    assert.deepEqual(summary(copy({ lastDoneAt: daysAgo(8.1) })), ['copy-late:disk at-risk 3']);
    assert.deepEqual(copy({ everyHours: 168, lastDoneAt: daysAgo(13) }), []);
    const [paused] = copy({ lastDoneAt: daysAgo(8.1), isPaused: true });
    assert.deepEqual([paused?.level, paused?.nextStep.code], ['attention', 'do-give-copy-time']);
    assert.equal(copy({ addedAt: daysAgo(3) })[0]?.reason.code, 'alarm-copy-never');
    assert.deepEqual(copy({ addedAt: daysAgo(1) }), []);
  });

  test('a copy that fails has its reason', () => {
    const [finding] = copy({
      lastDoneAt: daysAgo(1),
      failures: 3,
      failingSince: daysAgo(1),
      lastError: 'COPY_UNREACHABLE',
    });
    assert.equal(
      words(finding)[0],
      'The copy “disk” failed 3 times in a row, most recently because its place could not be reached.',
    );
  });

  test('a checkup that found something, broke off, or is late', () => {
    assert.deepEqual(checkup({ last: { at: daysAgo(2), problems: 3 } }), ['checkup-failed at-risk 2']);
    assert.deepEqual(checkup({ last: { at: daysAgo(31), problems: 0 }, brokeOffAt: daysAgo(1) }), [
      'checkup-failed attention 1',
    ]);
    assert.deepEqual(checkup({ dueAt: daysAgo(2.9) }), []);
    assert.deepEqual(checkup({ dueAt: daysAgo(3) }), ['checkup-late attention 1']);
    assert.deepEqual(checkup({ dueAt: daysAgo(12) }), ['checkup-late attention 3']);
  });

  test('a clock that shows less than has been', () => {
    assert.deepEqual(found({ latestKnownAt: new Date(NOW.getTime() + HOUR_MS / 7) }), []);
    const [finding] = found({ latestKnownAt: new Date(NOW.getTime() + DAY_MS) });
    assert.equal(finding?.id, 'clock-wrong');
    assert.match(words(finding)[0] ?? '', /shows 2026-11-22 18:00 UTC, but 2026-11-23 18:00 UTC has been/);
  });

  test('a vault that is away, a list of copies and settings that are broken, messages that do not get through', () => {
    const failingSince = new Date(NOW.getTime() - 7 * HOUR_MS).toISOString();
    const findings = found({
      vault: { isThere: false, place: '/media/disk' },
      unreadableCopies: { path: '/state/copies.json' },
      settingsAreValid: false,
      channels: [
        { id: 'mail', kind: 'mail', enabled: true, waiting: 2, failingSince },
        { id: 'off', kind: 'mail', enabled: false, waiting: 0, failingSince },
        { id: 'new', kind: 'mail', enabled: true, waiting: 1, failingSince: NOW.toISOString() },
      ],
    });
    assert.deepEqual(summary(findings), [
      'vault-missing at-risk 1',
      'copies-unreadable attention 1',
      'settings-invalid attention 1',
      'cannot-tell:mail attention 1',
    ]);
  });
});

test('what could not be found out leaves alarms as they are, a device that is gone does not', () => {
  const { isUnknown } = evaluateAlarms({ devices: [{ udid: 'A', name: 'A', overdueDays: 7, tries: [] }] }, NOW);
  assert.equal(isUnknown({ kind: 'overdue', udid: 'A' }), true);
  assert.equal(isUnknown({ kind: 'failing', udid: 'A' }), false);
  assert.equal(isUnknown({ kind: 'overdue', udid: 'B' }), false);
  assert.equal(isUnknown({ kind: 'copy-late' }), true);
});

test('every finding has words for its reason, its next step and its end', () => {
  const findings = found({
    devices: [{ ...PHONE, isPasswordKnown: false, overdue: { days: 9, since: daysAgo(9) } }],
    vault: { isThere: false, place: '/media/disk' },
    storage: { freeBytes: 1 },
    unreadableCopies: { path: '/state/copies.json' },
  });
  assert.equal(findings.length, 5);
  for (const { reason, nextStep, over } of findings) {
    for (const each of [reason, nextStep, over]) assert.notEqual(say(each, 'de', NOW, 'UTC'), each.code);
  }
});
