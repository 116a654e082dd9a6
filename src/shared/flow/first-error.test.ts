import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../errors.ts';
import { firstError } from './first-error.ts';

const full = new AppError('OUT_OF_SPACE', 'full');
const stillFull = new AppError('OUT_OF_SPACE', 'still full');

test('what went wrong first is found behind what went wrong in closing', () => {
  assert.equal(firstError(new SuppressedError(stillFull, new SuppressedError(stillFull, full))), full);
  assert.equal(firstError(full), full);
});

test('a mistake of ours in closing stays to be seen', () => {
  const both = new SuppressedError(new TypeError('bug'), full);
  assert.equal(firstError(both), both);
});
