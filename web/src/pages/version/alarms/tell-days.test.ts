import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf } from '../../../../../src/contract/index.ts';
import { smallListsWords } from '../../../words/small-lists.ts';
import { tellDays } from './tell-days.ts';

for (const { days, en, de } of [
  { days: [], en: 'once', de: 'einmal' },
  { days: ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'], en: 'every day', de: 'jeden Tag' },
  { days: ['MO', 'TU', 'WE', 'TH', 'FR'], en: 'on weekdays', de: 'werktags' },
  { days: ['SA', 'SU'], en: 'on weekends', de: 'am Wochenende' },
  { days: ['SU', 'MO'], en: 'Mon and Sun', de: 'Mo und So' },
] as const) {
  test(`an alarm rings ${en}`, () => {
    for (const [language, told] of [
      ['en', en],
      ['de', de],
    ] as const) {
      const format = formatsOf(language, new Date(0), 'UTC');
      assert.equal(tellDays([...days], smallListsWords[language].alarms, language, format), told);
    }
  });
}
