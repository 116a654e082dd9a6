import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPhoneDisk } from './index.ts';

test('a phone that is on cannot be turned on a second time', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'holdfast-one-process-'));
  try {
    {
      using _first = openPhoneDisk(stateDir);
      assert.throws(() => openPhoneDisk(stateDir), { code: 'DEVICE_BUSY', message: /is on already/ });
    }
    using again = openPhoneDisk(stateDir);
    assert.equal(again.count(), 0);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
