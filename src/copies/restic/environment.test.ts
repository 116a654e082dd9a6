import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { resticEnvironment } from './environment.ts';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('restic sees the credentials of its place and nothing else that is secret', async () => {
  const env = { PATH: '/bin', AWS_ACCESS_KEY_ID: 'key', HOLDFAST_PASSWORD: 'phone', RESTIC_PASSWORD: 'other' };
  assert.deepEqual(await resticEnvironment(env, undefined), { PATH: '/bin', AWS_ACCESS_KEY_ID: 'key', TZ: 'UTC' });
});

test('credentials may come from a file that nobody else may read', async () => {
  const file = join(dir, 'b2.env');
  writeFileSync(file, '# Backblaze\nB2_ACCOUNT_ID=abc\nexport B2_ACCOUNT_KEY="d e f"\r\n\nnot a line\n', {
    mode: 0o600,
  });
  const env = await resticEnvironment({}, file);
  assert.deepEqual(env, { B2_ACCOUNT_ID: 'abc', B2_ACCOUNT_KEY: 'd e f', TZ: 'UTC' });
});

test('a file that others may read, or that is not there, is refused', async () => {
  const file = join(dir, 'b2.env');
  await assert.rejects(resticEnvironment({}, file), { code: 'USAGE' });
  writeFileSync(file, 'B2_ACCOUNT_ID=abc\n');
  chmodSync(file, 0o644);
  await assert.rejects(resticEnvironment({}, file), { code: 'USAGE' });
});
