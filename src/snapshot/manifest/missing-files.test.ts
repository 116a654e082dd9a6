import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { contentIdsInFolder, fileIdOf, missingFiles } from '../index.ts';

describe('missingFiles', () => {
  test('names what is expected and not there', () => {
    const ids = fc
      .uniqueArray(fc.string({ unit: fc.constantFrom('0', '5', 'f'), minLength: 1, maxLength: 4 }))
      .map(sorted);
    fc.assert(
      fc.property(ids, ids, (expected, present) => {
        assert.deepEqual(
          [...missingFiles(expected, present)],
          expected.filter((id) => !present.includes(id)),
        );
      }),
    );
  });

  test('refuses sequences that do not ascend', () => {
    assert.throws(() => [...missingFiles(['b', 'a'], ['b', 'c'])], RangeError);
    assert.throws(() => [...missingFiles(['a', 'c'], ['b', 'a'])], RangeError);
  });
});

test('the contents of a folder are listed in ascending order, and nothing else is', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const ids = ['one', 'two', 'three'].map((name) => fileIdOf('HomeDomain', name));
  for (const id of ids) {
    mkdirSync(join(dir, id.slice(0, 2)), { recursive: true });
    writeFileSync(join(dir, id.slice(0, 2), id), '');
    writeFileSync(join(dir, id), '');
  }
  writeFileSync(join(dir, 'Info.plist'), '');
  writeFileSync(join(dir, (ids[0] ?? '').slice(0, 2), 'stray'), '');
  assert.deepEqual([...contentIdsInFolder(dir, 'db')], sorted(ids));
  assert.deepEqual([...contentIdsInFolder(dir, 'mbdb')], sorted(ids));
});

test('a file id is the SHA-1 of domain and path', () => {
  // A well-known one: every backup with messages has a file of this name.
  assert.equal(fileIdOf('HomeDomain', 'Library/SMS/sms.db'), '3d0d7e5fb2ce288813306e4d4636395e047a3d28');
});

function sorted(ids: string[]): string[] {
  return ids.toSorted((a, b) => (a < b ? -1 : 1));
}
