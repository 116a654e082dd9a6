import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeOf } from './device-shape.ts';

for (const [productType, shape] of [
  ['iPhone9,3', 'phone-button'],
  ['iPhone10,6', 'phone-notch'],
  ['iPhone12,8', 'phone-button'],
  ['iPhone14,7', 'phone-notch'],
  ['iPhone15,2', 'phone-island'],
  ['iPhone17,5', 'phone-notch'],
  ['iPhone18,2', 'phone-island'],
  ['iPad12,1', 'tablet-button'],
  ['iPad16,3', 'tablet'],
  ['iPod9,1', 'phone-button'],
  ['Watch7,1', 'unknown'],
  [undefined, 'unknown'],
] as const) {
  test(`draws ${productType ?? 'a device that does not say its model'} as ${shape}`, () => {
    assert.equal(shapeOf(productType), shape);
  });
}
