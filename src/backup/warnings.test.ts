import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT_LOGGER } from '../shared/logger.ts';
import type { BackupEvent } from './events.ts';
import { WarningCounter } from './warnings.ts';

test('warnings are told in sentences, the first fifty of them, and all counted', () => {
  const told: BackupEvent[] = [];
  const warnings = new WarningCounter({ tell: (event) => told.push(event), log: SILENT_LOGGER });
  warnings.take({ kind: 'remark', text: 'ping' });
  warnings.take({ kind: 'file-incomplete', path: 'U/Snapshot/ab', status: -11, text: '' });
  for (let i = 0; i < 100; i++) warnings.take({ kind: 'unknown-operation', name: 'Fold' });
  assert.equal(warnings.count, 101);
  assert.equal(told.length, 50);
  assert.deepEqual(told[0], {
    event: 'warning',
    message: 'The device did not send all of U/Snapshot/ab: its error -11',
  });
});
