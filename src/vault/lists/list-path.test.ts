import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareUtf8, escapePath, splitPath, unescapePath } from './list-path.ts';

const path = fc.string({ unit: 'binary', maxLength: 20 });

test('an escaped path reads back and breaks no line', () => {
  fc.assert(
    fc.property(path, (original) => {
      const escaped = escapePath(original);
      assert.equal(/[\t\n\0\r]/.test(escaped), false);
      assert.equal(unescapePath(escaped), original);
    }),
  );
});

test('a path has one spelling only', () => {
  for (const text of ['a\\', '\\q', '\\x41', '\\x0A', '\\x5c', 'a\tb', '\u0001'])
    assert.equal(unescapePath(text), undefined);
});

test('strings compare as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(path, path, (a, b) => {
      assert.equal(Math.sign(compareUtf8(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  assert.ok(compareUtf8('\u{1f600}', '\uffee') > 0, 'a character beyond U+FFFF comes after U+FFEE');
});

test('the name of an empty directory keeps its slash', () => {
  assert.deepEqual(splitPath('Snapshot/ab/'), { directory: 'Snapshot', name: 'ab/' });
  assert.deepEqual(splitPath('Snapshot/ab/cd'), { directory: 'Snapshot/ab', name: 'cd' });
  assert.deepEqual(splitPath('Info.plist'), { directory: '', name: 'Info.plist' });
});
