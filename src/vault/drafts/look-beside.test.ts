import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { putFiles, TemporaryVault, UDID } from '../vault.test-helper.ts';

test('drafts come and go while somebody looks at them, and neither disturbs the other', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const script = new URL('./look-beside.test-helper.ts', import.meta.url);
  await using watcher = new Worker(script, { workerData: { vaultDir: place.dir, stop } });
  await once(watcher, 'message');
  for (let n = 0; n < 60; n++) {
    await using draft = vault.openDraft(UDID);
    await putFiles(draft, { [`file ${n}`]: 'content' });
    assert.deepEqual(
      readdirSync(join(place.dir, 'drafts', UDID)).filter((name) => name.endsWith('.new')),
      [],
    );
    await draft.discard();
  }
  Atomics.store(stop, 0, 1);
  const [told] = (await once(watcher, 'message')) as [{ seen: number; failures: string[] }];
  assert.deepEqual(told.failures, []);
  assert.ok(told.seen > 0);
});
