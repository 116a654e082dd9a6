import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasPlainManifest, openManifest } from './open-manifest.ts';

test('a manifest whose disk is pulled out between being found and being read is a failure of the disk', async () => {
  const source = {
    read: () => ({ sizeBytes: 4096, chunks: async function* () {} }),
    localPath: () => '/nowhere/vault/objects/ab/cd',
  };
  const expected = { code: 'STORAGE_FAILED', message: /ENOENT/, hint: /connected/ };
  await assert.rejects(openManifest(source), expected);
  await assert.rejects(hasPlainManifest(source), expected);
});
