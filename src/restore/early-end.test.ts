import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../shared/errors.ts';
import { explainEnd, type Reached } from './early-end.ts';

const SENDING: Reached = { phase: 'sending', files: 3, bytes: 4000 };

describe('the error a restore ends with', () => {
  for (const [what, error] of [
    ['a connection that broke', new AppError('CONNECTION_LOST', 'lost', { hint: 'Check the cable.' })],
    ['a restore that was stopped', new AppError('CANCELLED', 'stopped')],
    [
      'a device that ended it by itself',
      new AppError('DEVICE_REFUSED', 'ended', { hint: 'Unlock the device.', details: { reason: '' } }),
    ],
  ] as const) {
    test(`says after ${what} in which state the device is`, () => {
      assert.match(hintOf(error, SENDING), /What is on the device stays/);
      assert.match(hintOf(error, { ...SENDING, files: 0 }), /Nothing on the device was changed/);
      assert.match(hintOf(error, { ...SENDING, phase: 'applying' }), /had everything already/);
    });
  }

  test('leaves what the device declined with the advice that belongs to it', () => {
    const details = { deviceCode: 211, description: 'Find My' };
    const error = new AppError('DEVICE_REFUSED', 'no', { hint: 'Turn it off.', details });
    assert.equal(hintOf(error, SENDING), 'Turn it off.');
  });
});

function hintOf(error: AppError, at: Reached): string {
  const end = explainEnd(error, at);
  assert.ok(end instanceof AppError && end.code === error.code);
  assert.deepEqual([end.details['phase'], end.details['filesSent']], [at.phase, at.files]);
  return end.hint ?? '';
}
