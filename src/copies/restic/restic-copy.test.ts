import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { StagedSnapshot, Vault } from '../../vault/index.ts';
import { CopiesScene, eventsOf, takeSnapshot, UDID } from '../copies.test-helper.ts';
import { FakeRestic } from './fake-restic.test-helper.ts';
import { ResticCopy } from './restic-copy.ts';

const ID = '5'.repeat(64);
const FACTS = { name: 'offsite', repositoryId: ID, readParts: 12 };
const config = `echo '{"version":2,"id":"${ID}"}'`;
/** It stores what it was given, and says so. */
const stores = 'cat stored';

describe('a copy through restic', () => {
  test('takes what was forgotten and pruned away meanwhile for gone, and not for damaged', async () => {
    using scene = new CopiesScene();
    using fake = new FakeRestic({ cat: config, snapshots: 'echo []', backup: stores });
    await using vault = await scene.openVault();
    const first = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const second = await takeSnapshot(vault, { 'Manifest.plist': 'two' });
    noteStaged(vault, fake, async (id) => {
      if (id !== first.id) return;
      await vault.forget([first]);
      await vault.prune();
    });
    const events = await Array.fromAsync(new ResticCopy(FACTS, fake.repository).run(vault, {}));
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'copied' || event.kind === 'damaged' ? [event.snapshot.id] : [])),
      [second.id],
    );
  });

  test('sends a snapshot again that lacks files there, and nothing that has them all', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const { id } = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/x': 'two' });
    for (const { files, copied } of [
      { files: 2, copied: 1 },
      { files: 3, copied: 0 },
      { files: undefined, copied: 0 },
    ]) {
      const summary = files === undefined ? {} : { summary: { total_files_processed: files } };
      const tags = ['holdfast', `udid=${UDID}`, `snapshot=${id}`];
      const there = JSON.stringify([{ id: 'c0ffee', time: '2026-11-22T10:00:00Z', tags, ...summary }]);
      using fake = new FakeRestic({ cat: config, snapshots: `echo '${there}'`, backup: stores });
      noteStaged(vault, fake);
      const [done] = await eventsOf(new ResticCopy(FACTS, fake.repository).run(vault, {}), 'done');
      assert.equal(done?.copied, copied, `${files}`);
    }
  });

  test('leaves nothing of restic running when it cannot go on', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    // Another repository is there, while the list of snapshots takes its time.
    const other = `while [ ! -e begun ]; do sleep 0.01; done; echo '{"id":"6"}'`;
    const slow = `trap 'touch ended; exit 130' INT; touch begun; while true; do sleep 0.01; done`;
    using fake = new FakeRestic({ cat: other, snapshots: slow });
    const run = Array.fromAsync(new ResticCopy(FACTS, fake.repository).run(vault, {}));
    await assert.rejects(run, { code: 'COPY_UNEXPECTED' });
    for (let looks = 0; looks < 500 && !existsSync(join(fake.dir, 'ended')); looks++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.ok(existsSync(join(fake.dir, 'ended')));
  });
});

/** Lets the script know what is staged, so that it can say that it stored all of it. */
function noteStaged(vault: Vault, fake: FakeRestic, before: (id: string) => Promise<void> = async () => {}): void {
  const open = vault.openStaging.bind(vault);
  vault.openStaging = (purpose) => {
    const staging = open(purpose);
    const stage = staging.stage.bind(staging);
    staging.stage = async (record, options): Promise<StagedSnapshot> => {
      await before(record.id);
      const staged = await stage(record, options);
      const { files: total_files_processed, bytes: total_bytes_processed } = staged;
      const sizes = { data_added: 1, total_files_processed, total_bytes_processed };
      fake.write('stored', `${JSON.stringify({ message_type: 'summary', ...sizes, snapshot_id: 'c0ffee' })}\n`);
      return staged;
    };
    return staging;
  };
}
