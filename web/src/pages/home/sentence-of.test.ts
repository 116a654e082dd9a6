import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because } from '../../../../src/contract/index.ts';
import { devices } from '../../../test/fixtures/devices.ts';
import { comesNext, sentenceOf } from './sentence-of.ts';

const [sample] = devices;
assert.ok(sample);
const device = { ...sample, name: 'Anna’s iPhone', verdict: 'safe' as const };

test('begins with whether the device is safe', () => {
  const sentence = sentenceOf({ ...device, reasons: [because('never-backed-up', {})] });
  assert.deepEqual(
    sentence.map(({ code }) => code),
    ['verdict-safe', 'never-backed-up'],
  );
});

test('does not say it twice', () => {
  const reasons = [because('verdict-safe', { name: 'Anna’s iPhone' })];
  assert.equal(sentenceOf({ ...device, reasons }), reasons);
});

test('leaves out of what is waited for what was said already', () => {
  const reasons = [because('not-trusted', {})];
  const next = { waitingFor: [because('not-trusted', {}), because('due-first', {})] };
  assert.deepEqual(
    comesNext({ ...device, reasons, next }).map(({ code }) => code),
    ['due-first'],
  );
});
