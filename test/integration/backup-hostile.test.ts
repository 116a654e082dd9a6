import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isAppError } from '../../src/shared/errors.ts';
import { HOSTILE_ACTS } from '../../src/virtual-iphone/backup-agent/index.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

/** What a phone may do without meaning harm, or what does none: the backup goes on. */
const TOLERATED = new Set(['unknown-operation', 'progress-of-text', 'upload-more-than-told']);

describe('a phone that means harm', () => {
  test('touches nothing outside its draft and ends the backup with a clear error, whatever it tries', async () => {
    await using both = await PhoneAndVault.start({ files: 8 });
    const { snapshot } = await both.backUp();
    const contents = both.contents();
    const around = (await readdir(both.directory)).toSorted();
    for (const act of HOSTILE_ACTS) {
      both.phone.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'behave', as: `hostile:${act}` } });
      const error: unknown = await both.backUp().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      both.phone.faults.clear();
      if (TOLERATED.has(act)) assert.ok(error === undefined, `${act}: ${String(error)}`);
      else assert.ok(isAppError(error) && error.message !== '', `${act}: ${String(error)}`);
      assert.deepEqual((await readdir(both.directory)).toSorted(), around, act);
    }
    assert.equal(existsSync(join(tmpdir(), 'holdfast-hostile')), false);
    const vaultEntries = await readdir(both.vaultDir, { recursive: true });
    assert.deepEqual(
      vaultEntries.filter((name) => name.includes('hostile')),
      [],
    );

    await both.assertHolds(snapshot, contents);
    const done = await both.backUp();
    await both.assertHolds(done.snapshot, contents);
  });

  test('is told apart from one that merely has trouble', async () => {
    await using both = await PhoneAndVault.start({ files: 3 });
    for (const act of [
      'upload:parent',
      'remove:other-udid',
      'move-to:absolute',
      'download:nul',
      'copy-from:backslash',
    ]) {
      both.phone.faults.at({ point: 'mobilebackup2:scan', action: { kind: 'behave', as: `hostile:${act}` } });
      await assert.rejects(both.backUp(), { code: 'PROTOCOL_VIOLATION', hint: /Nothing outside was touched/ });
      both.phone.faults.clear();
    }
  });
});
