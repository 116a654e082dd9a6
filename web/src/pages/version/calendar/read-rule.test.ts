import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRule } from './read-rule.ts';

for (const [rule, expected] of [
  ['FREQ=WEEKLY;BYDAY=MO', { frequency: 'WEEKLY', interval: 1, count: undefined, until: undefined }],
  ['FREQ=DAILY;INTERVAL=2;COUNT=5', { frequency: 'DAILY', interval: 2, count: 5, until: undefined }],
  ['FREQ=YEARLY;UNTIL=20300401T000000Z', { frequency: 'YEARLY', interval: 1, count: undefined, until: '2030-04-01' }],
  ['nonsense', { frequency: undefined, interval: 1, count: undefined, until: undefined }],
] as const) {
  test(`reads ${rule}`, () => {
    assert.deepEqual(readRule(rule), expected);
  });
}
