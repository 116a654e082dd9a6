import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { lockWork } from './work-lock.ts';

const BUSY = { message: 'a checkup is under way already', hint: 'Wait until it has come to its end.' };

describe('work that one process at a time may do', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is refused to whoever comes second, who is told who is at it', () => {
    const path = join(folder, 'made', 'checkup.lock');
    {
      using _work = lockWork(path, BUSY);
      assert.throws(() => lockWork(path, BUSY), {
        code: 'ALREADY_RUNNING',
        message: new RegExp(`already \\(process ${process.pid} on `),
        hint: BUSY.hint,
      });
    }
    lockWork(path, BUSY)[Symbol.dispose]();
  });

  test('is not kept from anybody where nothing can be written', () => {
    writeFileSync(join(folder, 'state'), 'no folder');
    const path = join(folder, 'state', 'checkup.lock');
    using _first = lockWork(path, BUSY);
    using _second = lockWork(path, BUSY);
  });
});
