import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseTargetPath } from './target-path.ts';

describe('parseTargetPath', () => {
  test('splits what a phone names', () => {
    assert.deepEqual(parseTargetPath('U/Snapshot/ab/abcd'), ['U', 'Snapshot', 'ab', 'abcd']);
    assert.deepEqual(parseTargetPath('U//x/./y/'), ['U', 'x', 'y']);
  });

  for (const path of [
    '',
    '.',
    '/etc/passwd',
    '../x',
    'U/../../x',
    'U/..',
    'U\\..\\x',
    'C:/x',
    'U/a\0b',
    'U/a\nb',
    `U/${'n'.repeat(256)}`,
    'U/'.repeat(600),
  ]) {
    test(`refuses ${JSON.stringify(path.slice(0, 30))}`, () => {
      assert.throws(() => parseTargetPath(path), { name: 'TargetError', reason: 'invalid-path' });
    });
  }

  test('what it lets through never leaves the folder', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        try {
          for (const name of parseTargetPath(path)) assert.match(name, /^(?!\.{1,2}$)[^/\\\0:]+$/);
        } catch (error) {
          assert.equal((error as { reason?: string }).reason, 'invalid-path');
        }
      }),
    );
  });
});
