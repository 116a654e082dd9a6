import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { contentOf, damageObject, takeSnapshot, TemporaryVault } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';

const LARGE = randomBytes(3 * 1024 * 1024);
const OTHER_LARGE = randomBytes(2 * 1024 * 1024);

describe('a vault copied to another', () => {
  test('has every snapshot, byte for byte, and an empty one is whole at once', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await using copy = await away.open({}, { copyOf: vault.id });
    assert.equal(copy.copyOf, vault.id);
    assert.deepEqual(await kindsOf(vault, copy), ['done']);
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/abc': LARGE, 'cd/cde': 'small' });
    await takeSnapshot(vault, { 'Manifest.plist': 'two', 'ef/efg': '' });
    const done = (await Array.fromAsync(vault.replicateTo(copy))).at(-1);
    assert.deepEqual({ ...done, newBytes: 0 }, { kind: 'done', copied: 2, damaged: 0, alreadyThere: 0, newBytes: 0 });
    assert.deepEqual(copy.snapshots(), vault.snapshots());
    for (const record of vault.snapshots()) {
      assert.deepEqual(await contentOf(copy, record), await contentOf(vault, record));
    }
    assert.equal((await Array.fromAsync(copy.verify())).at(-1)?.kind, 'done');
  });

  test('takes only what is new the next time', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await using copy = await away.open();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/abc': LARGE });
    await Array.fromAsync(vault.replicateTo(copy));
    await takeSnapshot(vault, { 'Manifest.plist': 'two', 'ab/abd': OTHER_LARGE });
    const events = await Array.fromAsync(vault.replicateTo(copy));
    const done = events.at(-1);
    assert.equal(done?.kind === 'done' && done.newBytes, OTHER_LARGE.length + 'two'.length);
    assert.equal(done?.kind === 'done' && done.alreadyThere, 1);
  });

  test('does without what was forgotten and pruned away meanwhile, and calls it no damage', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await using copy = await away.open();
    const older = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/abc': LARGE });
    const newer = await takeSnapshot(vault, { 'Manifest.plist': 'two', 'ab/abc': OTHER_LARGE });
    const kinds: string[] = [];
    for await (const { kind } of vault.replicateTo(copy)) {
      if (kind !== 'progress') kinds.push(kind);
      if (kind !== 'copied') continue;
      await vault.forget([older]);
      await vault.prune();
    }
    assert.deepEqual(kinds, ['copied', 'done']);
    assert.deepEqual(copy.snapshots(), [newer]);
  });

  test('takes pins and names along', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await using copy = await away.open();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    await Array.fromAsync(vault.replicateTo(copy));
    await vault.labels.set(record, { pinned: true, name: 'before the repair' });
    await Array.fromAsync(vault.replicateTo(copy));
    assert.deepEqual(copy.labels.get(record), { pinned: true, name: 'before the repair' });
  });

  for (const [what, bytes] of [
    ['large', LARGE],
    ['small', Buffer.from('a small file that rots')],
  ] as const) {
    test(`never takes over a ${what} object that rots, and says which snapshot lacks it`, async () => {
      using home = new TemporaryVault();
      using away = new TemporaryVault();
      await using vault = await home.open();
      await using copy = await away.open();
      const rotten = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/abc': bytes });
      await vault.close();
      damageObject(home.dir, bytes);
      await using again = await home.open();
      const whole = await takeSnapshot(again, { 'Manifest.plist': 'two' }, {});
      await using draft = again.openDraft(rotten.udid);
      draft.remove(`${rotten.udid}/ab/abc`);
      const healthy = await draft.commit({ device: whole.device, kind: 'incremental', encrypted: false });
      const events = await Array.fromAsync(again.replicateTo(copy));
      const damaged = events.flatMap((event) => (event.kind === 'damaged' ? [event.snapshot.id] : []));
      assert.deepEqual(damaged.toSorted(), [rotten.id, whole.id].toSorted());
      assert.deepEqual(
        copy.snapshots().map(({ id }) => id),
        [healthy.id],
      );
      const verified = (await Array.fromAsync(copy.verify())).at(-1);
      assert.equal(verified?.kind === 'done' && verified.problems, 0);
    });
  }

  test('goes on where it was stopped', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/abc': LARGE, 'ab/abd': OTHER_LARGE });
    {
      await using copy = await away.open();
      const stop = new AbortController();
      const stopped = (async () => {
        for await (const _ of vault.replicateTo(copy, { signal: stop.signal, bytesPerSecond: 1e6 })) stop.abort();
      })();
      await assert.rejects(stopped, { name: 'AbortError' });
      assert.deepEqual(copy.snapshots(), []);
    }
    await using copy = await away.open();
    assert.deepEqual((await kindsOf(vault, copy)).slice(-2), ['copied', 'done']);
  });

  test('is made whole where its record or list is damaged', async () => {
    using home = new TemporaryVault();
    using away = new TemporaryVault();
    await using vault = await home.open();
    await using copy = await away.open();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    await Array.fromAsync(vault.replicateTo(copy));
    rmSync(join(copy.dir, 'lists', record.list.sha256));
    rmSync(join(copy.dir, 'snapshots'), { recursive: true });
    await Array.fromAsync(vault.replicateTo(copy));
    assert.deepEqual([...(await contentOf(copy, record)).values()], ['one']);
  });
});

async function kindsOf(from: Vault, to: Vault): Promise<string[]> {
  return (await Array.fromAsync(from.replicateTo(to))).map(({ kind }) => kind);
}
