import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf, type RestoreCheck } from '../../../src/contract/index.ts';
import { tellCheck } from './restore-checks.ts';

const formats = formatsOf('de', new Date(0), 'UTC');
const check = (more: Partial<RestoreCheck>): RestoreCheck => ({
  id: 'space',
  outcome: 'stops',
  message: 'In English.',
  hint: 'Do this.',
  ...more,
});

test('a check is said in German with what belongs to it, and in English as the service says it', () => {
  const lacking = check({ code: 'space-lacking', values: { needed: 30e9, free: 12e9 } });
  const { message, hint } = tellCheck(lacking, 'de', formats);
  assert.match(message, /braucht 30\sGB, auf dem Gerät sind 12\sGB frei/);
  assert.match(hint ?? '', /Platz schaffen/);
  assert.deepEqual(tellCheck(lacking, 'en', formats), { message: 'In English.', hint: 'Do this.' });
});

test('a device that cannot be reached is told by its problem', () => {
  const told = tellCheck(check({ code: 'device-problem', values: { problem: 'DEVICE_LOCKED' } }), 'de', formats);
  assert.match(told.message, /entsperrt werden\.$/);
});

test('what has no words here, as of a service before or after this page, stays as it was told', () => {
  for (const code of [undefined, 'something-new', 'constructor'])
    assert.equal(tellCheck(check({ code }), 'de', formats).message, 'In English.');
});
