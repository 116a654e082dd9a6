import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimDevice } from './one-job-per-device.ts';

test('a device is claimed by one job at a time', () => {
  {
    using _claim = claimDevice('phone');
    assert.throws(() => claimDevice('phone'), { code: 'DEVICE_BUSY', details: { udid: 'phone' } });
    using _other = claimDevice('tablet');
  }
  using _again = claimDevice('phone');
});
