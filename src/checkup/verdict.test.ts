import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because, type CheckupState } from '../contract/index.ts';
import { line } from './line.ts';
import { verdictOf } from './verdict.ts';

const lines = (...states: [CheckupState, boolean?][]) =>
  states.map(([state, essential = false]) => line('vault', state, because('alarms-untried', {}), { essential }));

const said = (...states: [CheckupState, boolean?][]): string => {
  const { verdict, summary } = verdictOf(lines(...states), 1);
  return `${verdict} ${summary.code}`;
};

test('a verdict is computed, and nothing makes it better than its worst line', () => {
  assert.equal(said(['proven', true]), 'safe checkup-safe');
  assert.equal(said(['proven', true], ['unproven']), 'safe checkup-safe-with-gaps');
  assert.equal(said(['proven', true], ['repaired', true], ['unproven']), 'safe checkup-safe-after-repair');
  assert.equal(said(['proven', true], ['unproven', true]), 'attention checkup-attention');
  assert.equal(said(['proven', true], ['failed'], ['repaired', true]), 'attention checkup-attention');
  assert.equal(said(['failed'], ['failed', true], ['unproven', true]), 'at-risk checkup-at-risk');
});

test('an empty vault proves nothing', () => {
  assert.equal(verdictOf(lines(['proven']), 0).verdict, 'unknown');
  assert.equal(verdictOf(lines(['failed', true]), 0).verdict, 'at-risk');
});

test('a vault that has lost all it had is not just empty', () => {
  assert.equal(verdictOf(lines(['failed'], ['unproven']), 0).verdict, 'attention');
  const none = [line('copies', 'failed', because('copy-none', {}))];
  assert.equal(verdictOf(none, 0).verdict, 'unknown');
});

test('every line is counted once', () => {
  const all: [CheckupState][] = [['proven'], ['proven'], ['repaired'], ['failed'], ['unproven']];
  assert.deepEqual(verdictOf(lines(...all), 1).counts, { proven: 2, repaired: 1, failed: 1, unproven: 1 });
});
