import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError, ERROR_CODES, isAppError, ProtocolError, systemErrorCode } from './errors.ts';

test('docs/exit-codes.md lists every code with its exit code', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'exit-codes.md'), 'utf8');
  const documented = [...page.matchAll(/^\| (\d+) \| `([A-Z_]+)`/gm)].map(([, exit, code]) => [code, Number(exit)]);
  const real = Object.entries(ERROR_CODES).map(([code, { exit }]) => [code, exit]);
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(real));
});

test('no two codes share an exit code', () => {
  const exits = Object.values(ERROR_CODES).map(({ exit }) => exit);
  assert.equal(new Set(exits).size, exits.length);
});

test('an error carries its exit code, hint and details', () => {
  const error = new AppError('DEVICE_LOCKED', 'the phone is locked', { hint: 'Unlock it.', details: { udid: 'x' } });
  assert.equal(error.exitCode, 11);
  assert.equal(error.httpStatus, 409);
  assert.deepEqual([error.hint, error.details], ['Unlock it.', { udid: 'x' }]);
});

test('errors are told apart by code', () => {
  assert.equal(isAppError(new ProtocolError('no'), 'PROTOCOL_VIOLATION', 'CONNECTION_LOST'), true);
  assert.equal(isAppError(new ProtocolError('no'), 'CONNECTION_LOST'), false);
  assert.equal(isAppError(new Error('no')), false);
});

test('only system errors have a system error code', () => {
  assert.equal(systemErrorCode(Object.assign(new Error('gone'), { code: 'ENOENT' })), 'ENOENT');
  assert.equal(systemErrorCode(new AppError('USAGE', 'x')), undefined);
  assert.equal(systemErrorCode('ENOENT'), undefined);
});
