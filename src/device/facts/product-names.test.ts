import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productName } from './product-names.ts';

test('product types are shown as they are called in shops, unknown ones as they are', () => {
  assert.equal(productName('iPhone14,5'), 'iPhone 13');
  assert.equal(productName('iPhone18,4'), 'iPhone Air');
  assert.equal(productName('iPad13,18'), 'iPad (10th generation)');
  assert.equal(productName('iPhone99,1'), 'iPhone99,1');
  assert.equal(productName('constructor'), 'constructor');
});
