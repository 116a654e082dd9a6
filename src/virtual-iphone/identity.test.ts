import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PhoneSettings } from './context.ts';
import { loadIdentity, makeIdentity } from './identity.ts';
import { buildOf, modelOf } from './models.ts';

describe('an identity', () => {
  test('follows from its seed', () => {
    assert.deepEqual(makeIdentity({ seed: 7 }), makeIdentity({ seed: 7 }));
    assert.notEqual(makeIdentity({ seed: 7 }).udid, makeIdentity({ seed: 8 }).udid);
  });

  test('has the form that its model has', () => {
    const recent = makeIdentity({ seed: 1, productType: 'iPhone14,5' });
    assert.match(recent.udid, /^00008110-[0-9A-F]{16}$/);
    assert.equal(recent.udid.slice(9), recent.uniqueChipId.toString(16).toUpperCase().padStart(16, '0'));
    const old = makeIdentity({ seed: 1, productVersion: '9.3.5' });
    assert.match(old.udid, /^[0-9a-f]{40}$/);
    assert.equal(old.productType, 'iPhone4,1');
    assert.equal(makeIdentity({ productType: 'iPad13,18' }).deviceClass, 'iPad');
  });

  test('has numbers that pass for real ones', () => {
    for (let seed = 1; seed < 50; seed++) {
      const { imei, iccid, phoneNumber, serialNumber, wifiAddress } = makeIdentity({ seed });
      assert.ok(hasLuhnDigit(imei) && imei.length === 15, imei);
      assert.ok(hasLuhnDigit(iccid), iccid);
      assert.match(phoneNumber, /^\+1 \([2-9]\d\d\) 555-01\d\d$/);
      assert.match(serialNumber, /^[A-Z0-9]{10}$/);
      assert.match(wifiAddress, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      assert.equal(Number.parseInt(wifiAddress.slice(0, 2), 16) & 3, 0);
    }
  });

  test('stays when it was kept, but for the name and the version', () => {
    const settings = memorySettings();
    const first = loadIdentity(settings, { seed: 3, name: 'One', productVersion: '16.1' });
    const second = loadIdentity(settings, { seed: 4, name: 'Two', productVersion: '18.5', productType: 'iPad13,18' });
    assert.deepEqual(second, { ...first, name: 'Two', productVersion: '18.5', buildVersion: buildOf('18.5') });
    assert.deepEqual(loadIdentity(settings, {}), second);
  });
});

test('a product type that nobody knows is taken for a recent device of its kind', () => {
  assert.equal(modelOf('iPhone99,1').deviceClass, 'iPhone');
  assert.equal(modelOf('iPad99,1').deviceClass, 'iPad');
  assert.match(buildOf('26.2'), /^30C\d+$/);
});

function memorySettings(): PhoneSettings {
  const values = new Map<string, string>();
  return {
    get: (name) => JSON.parse(values.get(name) ?? 'null') ?? undefined,
    set: (name, value) => void values.set(name, JSON.stringify(value)),
    delete: (name) => void values.delete(name),
  };
}

function hasLuhnDigit(digits: string): boolean {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, i) => {
      const part = Number(digit) * (i % 2 === 0 ? 1 : 2);
      return total + (part > 9 ? part - 9 : part);
    }, 0);
  return sum % 10 === 0;
}
