import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '../../src/shared/errors.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

describe('a phone of before iOS 10, over TLS 1.0 and with its files in one directory', () => {
  for (const { productVersion, deviceLinkVersion } of [
    { productVersion: '9.3.5', deviceLinkVersion: 300 },
    // Does not ask for free space, and wants its pairing validated before each session.
    { productVersion: '6.1.6', deviceLinkVersion: 200 },
  ]) {
    test(`is backed up, then what is new, then what an interrupted attempt left (iOS ${productVersion})`, async () => {
      await using both = await PhoneAndVault.start({ files: 30, productVersion, backup: { deviceLinkVersion } });
      const first = await both.backUp();
      await both.assertHolds(first.snapshot, both.contents());
      both.takePhotos(30, 33);
      const second = await both.backUp();
      assert.deepEqual([first.full, second.full], [true, false]);
      await both.assertHolds(second.snapshot, both.contents());
      both.takePhotos(33, 36);
      both.phone.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'disconnect' } });
      await assert.rejects(both.backUp(), { code: 'CONNECTION_LOST' });
      const third = await both.backUp();
      await both.assertHolds(third.snapshot, both.contents());
      assert.deepEqual(both.phone.breaches.list(), []);
    });
  }

  test('is told that there is no room although it does not ask', async () => {
    const phone = { productVersion: '6.1.6', backup: { deviceLinkVersion: 200 } };
    await using both = await PhoneAndVault.start({ files: 5, ...phone });
    const error: unknown = await both.backUp({ options: { reserveBytes: 1e15 } }).catch((reason: unknown) => reason);
    assert.ok(isAppError(error, 'OUT_OF_SPACE'), String(error));
    assert.deepEqual(both.phone.breaches.list(), []);
  });
});
