import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsRun, isOtherDay } from './runs.ts';

const said = (at: string, name?: string) => ({
  at: `2026-05-01T${at}Z`,
  fromMe: name === undefined,
  type: 'message',
  ...(name === undefined ? {} : { sender: { name } }),
});

test('messages of one person within ten minutes stand together', () => {
  assert.equal(endsRun(said('10:00:00', 'Anna'), said('10:09:00', 'Anna')), false);
  assert.equal(endsRun(said('10:00:00', 'Anna'), said('10:11:00', 'Anna')), true);
});

test('another person, and the end, end a run', () => {
  assert.equal(endsRun(said('10:00:00', 'Anna'), said('10:01:00', 'Ben')), true);
  assert.equal(endsRun(said('10:00:00', 'Anna'), said('10:01:00')), true);
  assert.equal(endsRun(said('10:00:00'), undefined), true);
});

test('a day begins with the first message and where the date changes', () => {
  assert.equal(isOtherDay(undefined, '2026-05-01T12:00:00Z'), true);
  assert.equal(isOtherDay('2026-05-01T12:00:00Z', '2026-05-01T12:30:00Z'), false);
  assert.equal(isOtherDay('2026-04-29T12:00:00Z', '2026-05-01T12:30:00Z'), true);
  assert.equal(isOtherDay('2026-04-29T12:00:00Z', undefined), false);
});
