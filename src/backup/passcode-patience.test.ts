import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { AppError } from '../shared/errors.ts';
import { PasscodePatience } from './passcode-patience.ts';

test('a prompt that nobody answers is over after half an hour, also for a device that says nothing more', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const given: AppError[] = [];
    const last = (): AppError | undefined => given.at(-1);
    using patience = new PasscodePatience(undefined, (error) => given.push(error));
    patience.follow(true);
    mock.timers.tick(29 * 60_000);
    patience.follow(false);
    mock.timers.tick(29 * 60_000);
    assert.deepEqual(given, [], 'it was answered');
    patience.follow(true);
    mock.timers.tick(20 * 60_000);
    patience.follow(true);
    mock.timers.tick(12 * 60_000);
    assert.equal(last()?.code, 'PASSCODE_NOT_ENTERED');
    assert.match(last()?.hint ?? '', /passcode/);
  } finally {
    mock.timers.reset();
  }
});
