import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackupRule } from '../rule.ts';
import { explainRule, type RuleSentenceOptions } from './rule-sentence.ts';

const NOW = new Date('2026-11-22T18:00:00Z');

for (const [what, patch, asksPasscode, english, german] of [
  [
    'a device that does not ask',
    {},
    false,
    'Once 24 hours have passed since its last backup, it is backed up as soon as it is at home, on power and locked.',
    'Sind seit der letzten Sicherung 24 Stunden vergangen, wird es gesichert, sobald es zu Hause, am Strom und gesperrt ist.',
  ],
  [
    'a device that asks',
    { window: { from: '18:00', to: '22:00' } },
    undefined,
    'Once 24 hours have passed since its last backup, it is backed up as soon as somebody unlocks it at home with 20% of charge or more, between 18:00 and 22:00; it then asks for its passcode, at most 3 times a day.',
    'Sind seit der letzten Sicherung 24 Stunden vergangen, wird es gesichert, sobald es jemand zu Hause mit mindestens 20 % Ladung entsperrt, zwischen 18:00 und 22:00 Uhr; dann fragt es nach dem Code, höchstens 3-mal am Tag.',
  ],
  [
    'one that needs no power',
    { onPower: false, locked: false, minBatteryPercent: 40, everyHours: 168 },
    false,
    'Once 7 days have passed since its last backup, it is backed up as soon as it is at home and its battery is at 40% or more.',
    'Sind seit der letzten Sicherung 7 Tage vergangen, wird es gesichert, sobald es zu Hause ist und der Akku mindestens 40 % hat.',
  ],
  [
    'one that asks once an hour at most once a day, at any charge',
    { everyHours: 1, maxPromptsPerDay: 1, minBatteryPercent: 0 },
    true,
    'Once 1 hour has passed since its last backup, it is backed up as soon as somebody unlocks it at home; it then asks for its passcode, at most once a day.',
    'Ist seit der letzten Sicherung 1 Stunde vergangen, wird es gesichert, sobald es jemand zu Hause entsperrt; dann fragt es nach dem Code, höchstens einmal am Tag.',
  ],
  [
    'one that is turned off',
    { automatic: false, pausedUntil: '2026-11-30T07:00:00Z' },
    true,
    'It is backed up only when somebody asks for it.',
    'Es wird nur gesichert, wenn jemand es verlangt.',
  ],
  [
    'one that is paused',
    { pausedUntil: '2026-11-23T07:00:00Z' },
    false,
    'Paused until tomorrow at 08:00. Once 24 hours have passed since its last backup, it is backed up as soon as it is at home, on power and locked.',
    'Pause bis morgen um 08:00. Sind seit der letzten Sicherung 24 Stunden vergangen, wird es gesichert, sobald es zu Hause, am Strom und gesperrt ist.',
  ],
] as const) {
  test(`the rule of ${what} is said in a sentence`, () => {
    const rule = BackupRule.parse(patch);
    const said = (language: RuleSentenceOptions['language']): string =>
      explainRule(rule, { language, now: NOW, timeZone: 'Europe/Berlin', asksPasscode }).replaceAll('\u00a0', ' ');
    assert.equal(said('en'), english);
    assert.equal(said('de'), german);
  });
}
