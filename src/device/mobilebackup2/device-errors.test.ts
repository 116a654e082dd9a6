import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceError } from './device-errors.ts';

for (const [deviceCode, code] of [
  [208, 'PASSCODE_NOT_ENTERED'],
  [105, 'OUT_OF_SPACE'],
  [207, 'WRONG_PASSWORD'],
  [202, 'CANCELLED'],
  [211, 'DEVICE_REFUSED'],
  [22, 'DEVICE_REFUSED'],
  [999, 'DEVICE_REFUSED'],
] as const) {
  test(`the device's error ${deviceCode} is ${code}, with what to do and what the device said`, () => {
    const error = deviceError(deviceCode, 'what the device said (MBErrorDomain)');
    assert.equal(error.code, code);
    assert.match(error.message, /^\p{L}.*[^.]$/u);
    assert.match(error.hint ?? '', /\.$/);
    assert.deepEqual(error.details, { deviceCode, description: 'what the device said (MBErrorDomain)' });
  });
}
