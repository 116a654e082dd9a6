import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf } from '../../../src/contract/index.ts';
import { duration } from './time.ts';

const en = formatsOf('en', new Date(), 'Europe/Berlin');
const de = formatsOf('de', new Date(), 'Europe/Berlin');

for (const [seconds, english, german] of [
  [0.2, '1 second', '1 Sekunde'],
  [40, '40 seconds', '40 Sekunden'],
  [59.7, '1 minute', '1 Minute'],
  [412, '7 minutes', '7 Minuten'],
  [3_600, '1 hour', '1 Stunde'],
  [7_500, '2 hours 5 minutes', '2 Stunden 5 Minuten'],
] as const) {
  test(`says ${seconds} seconds as ${english}`, () => {
    assert.equal(duration(seconds, 'en', en), english);
    assert.equal(duration(seconds, 'de', de), german);
  });
}
