import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { z } from 'zod';
import { openStateFile, type StateFile } from './state-file.ts';

const Kept = z.object({ names: z.array(z.string()) });

let folder: string;
let path: string;
let file: StateFile<z.infer<typeof Kept>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  path = join(folder, 'state', 'kept.json');
  file = openStateFile(path, Kept, { names: [] });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is written is there again, for the owner’s eyes; what somebody else puts there is seen', () => {
  assert.deepEqual(file.read(), { names: [] });
  file.write({ names: ['Anna'] });
  assert.deepEqual(openStateFile(path, Kept, { names: [] }).read(), { names: ['Anna'] });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  openStateFile(path, Kept, { names: [] }).write({ names: ['Ben'] });
  assert.deepEqual(file.read(), { names: ['Ben'] });
  chmodSync(path, 0o644);
  writeFileSync(path, '{"names": ["Cleo", "Dan"]}');
  assert.deepEqual(file.read(), { names: ['Cleo', 'Dan'] });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

for (const content of ['', '{"names": ["Anna"', '{"names": "Anna"}', 'null']) {
  test(`“${content}” is never taken for nothing, and is not repeated`, () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(path, content);
    assert.throws(
      () => file.read(),
      (error: unknown) => {
        assert.ok(error instanceof Error && 'code' in error);
        assert.equal(error.code, 'STORAGE_FAILED');
        return !error.message.includes('Anna');
      },
    );
    assert.equal(readFileSync(path, 'utf8'), content);
  });
}

test('where nothing can be written, what may be lost holds in memory and the rest says so', () => {
  // A file in the place of the folder fails for every user, also for one who may write everywhere.
  writeFileSync(join(folder, 'state'), '');
  assert.throws(() => file.write({ names: ['Anna'] }), { code: 'STORAGE_FAILED' });
  file.writeIfPossible({ names: ['Anna'] });
  assert.deepEqual(file.read(), { names: ['Anna'] });
});
