import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../errors.ts';
import { writeFailure } from './write-failure.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

function toldOf(code: string): unknown[] {
  const error = writeFailure(failing(code), 'it could not be kept', 'Look who owns it.');
  assert.ok(error instanceof AppError);
  return [error.code, error.message, error.hint, error.details];
}

test('a full disk and a used-up quota are told as such, with what makes room', () => {
  for (const systemCode of ['ENOSPC', 'EDQUOT']) {
    const told = ['OUT_OF_SPACE', 'it could not be kept', 'Free some space on that disk.', { systemCode }];
    assert.deepEqual(toldOf(systemCode), told);
  }
});

test('any other error of the system comes with what to look at', () => {
  const told = ['STORAGE_FAILED', 'it could not be kept', 'Look who owns it.', { systemCode: 'EROFS' }];
  assert.deepEqual(toldOf('EROFS'), told);
});

test('what is no error of the system stays what it is', () => {
  const bug = new TypeError('a bug');
  assert.equal(writeFailure(bug, 'it could not be kept', 'Look who owns it.'), bug);
});
