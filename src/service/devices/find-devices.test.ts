import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsFrom, locationFromRoutes, type DeviceListing } from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { chooseDevice } from './find-devices.ts';

const ADA = '00008110-000A1B2C3D4E5F60';
const BOB = 'a'.repeat(40);

function listing(udid: string, name?: string): DeviceListing {
  const facts = factsFrom(udid, new Map([['', name === undefined ? {} : { DeviceName: name }]]));
  return { udid, facts, paired: true, connections: ['usb'], location: locationFromRoutes(udid, []) };
}

test('the only device is meant when none is named', () => {
  assert.equal(chooseDevice([listing(ADA, 'Ada’s iPhone')], undefined).udid, ADA);
});

test('a device is meant by its name or by its UDID, in any spelling', () => {
  const found = [listing(ADA, 'Ada’s iPhone'), listing(BOB, 'Bob')];
  for (const wanted of [ADA, ADA.toLowerCase(), ADA.replace('-', ''), ` ${ADA} `, 'Ada’s iPhone']) {
    assert.equal(chooseDevice(found, wanted).udid, ADA, wanted);
  }
  assert.equal(chooseDevice(found, BOB.toUpperCase()).udid, BOB);
});

test('of two devices one has to be named, and both are told', () => {
  const found = [listing(ADA, 'iPhone'), listing(BOB)];
  assert.throws(
    () => chooseDevice(found, undefined),
    (error: unknown) => {
      assert.ok(isAppError(error, 'DEVICE_AMBIGUOUS'));
      assert.equal(error.hint, `Name one of them by its UDID: ${ADA} (iPhone), ${BOB}.`);
      return true;
    },
  );
});

test('a name that two devices have says nothing', () => {
  const found = [listing(ADA, 'iPhone'), listing(BOB, 'iPhone')];
  assert.throws(
    () => chooseDevice(found, 'iPhone'),
    (error: unknown) => isAppError(error, 'DEVICE_AMBIGUOUS'),
  );
  assert.equal(chooseDevice(found, BOB).udid, BOB);
});

test('without a device the way to one is told', () => {
  assert.throws(
    () => chooseDevice([], undefined),
    (error: unknown) => isAppError(error, 'DEVICE_NOT_FOUND') && /cable and unlock/.test(error.hint ?? ''),
  );
});

test('a device that is not there is told with those that are', () => {
  const none = /No device is connected at all/;
  for (const [found, hint] of [
    [[], none],
    [[listing(ADA, 'Ada')], /There is: .*\(Ada\)\./],
  ] as const) {
    assert.throws(
      () => chooseDevice(found, 'Bob'),
      (error: unknown) => isAppError(error, 'DEVICE_NOT_FOUND') && hint.test(error.hint ?? ''),
    );
  }
});
