import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { fails, textOf } from '../../shared/target/backup-target-tree.test-helper.ts';
import type { FileOperations } from '../durability.ts';
import { diskWith, systemError } from '../objects/store.test-helper.ts';
import { contentOf, FACTS, putFiles, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';

const LARGE = Buffer.alloc(3_000_000, 'large ');

for (const operation of ['writeSync', 'write', 'fsync', 'renameSync', 'openSync'] as const) {
  test(`a disk that fails in ${operation} costs the last changes, and no snapshot`, async () => {
    using place = new TemporaryVault();
    let isFailing = false;
    const disk = diskWith(failingWhen(() => isFailing, operation));
    {
      await using vault = await place.open({ disk });
      await takeSnapshot(vault, { x: 'one' });
      const draft = vault.openDraft(UDID);
      await putFiles(draft, { y: 'durable' });
      await draft.flush();
      isFailing = true;
      await assert.rejects(async () => {
        await putFiles(draft, { x: 'lost', large: LARGE });
        await draft.commit(FACTS);
      });
      // What failed once stays failed: the phone is told, and nothing more is believed to be kept.
      isFailing = false;
      if (operation !== 'openSync' && operation !== 'renameSync')
        await fails(() => putFiles(draft, { z: 'late' }), 'no-space');
      await draft.abandon();
    }
    await using vault = await place.open();
    assert.deepEqual(vault.snapshots().length, 1);
    for (const record of vault.snapshots()) assert.deepEqual(await contentOf(vault, record), new Map([['x', 'one']]));
    const draft = vault.openDraft(UDID);
    assert.equal(draft.resumed, true);
    assert.equal(await textOf(draft, `${UDID}/y`), 'durable');
    assert.equal((await draft.commit(FACTS)).list.files >= 2, true);
    for await (const event of vault.verify()) assert.notEqual(event.kind, 'problem');
  });
}

test('a phone is told when a file does not fit', async () => {
  using place = new TemporaryVault();
  let isFailing = false;
  await using vault = await place.open({ disk: diskWith(failingWhen(() => isFailing, 'write', 'writeSync')) });
  const draft = vault.openDraft(UDID);
  isFailing = true;
  await fails(() => putFiles(draft, { large: LARGE, larger: Buffer.alloc(9_000_000) }), 'no-space');
  await draft.abandon();
});

/** Operations of the disk that say it is full, by callback or by throwing as each does. */
function failingWhen(isFailing: () => boolean, ...names: (keyof FileOperations)[]): Partial<FileOperations> {
  const failing: Record<string, unknown> = {};
  for (const name of names) {
    failing[name] = (...parameters: unknown[]): unknown => {
      if (!isFailing()) return Reflect.apply(fs[name], fs, parameters);
      const callback = parameters.at(-1);
      if (typeof callback !== 'function') throw systemError('ENOSPC');
      return setImmediate(() => callback(systemError('ENOSPC')));
    };
  }
  return failing;
}
