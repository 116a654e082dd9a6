import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageInGerman } from './coverage-words.ts';

for (const [english, german] of [
  ['Call history', 'Anrufliste'],
  ['All 12 originals are here.', 'Alle 12 Originale sind da.'],
  [
    '3 of 42 originals are not in this backup; 2 of them are in iCloud only.',
    '3 von 42 Originalen sind nicht in dieser Sicherung; 2 davon sind nur in iCloud.',
  ],
  ['Something of a later version', 'Something of a later version'],
] as const) {
  test(`says “${english}” in German where it can`, () => {
    assert.equal(coverageInGerman(english), german);
  });
}
