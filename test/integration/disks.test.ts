/** Disks that are full at some point, read-only, or pulled out in the middle. `npm run soak -- disk vanish` plays on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DISK_POINTS, diskPointRound } from '../support/disk-rounds.ts';
import { holdfast } from '../support/holdfast-cli.ts';
import { openFilesIn } from '../../src/shared/files/open-files.test-helper.ts';
import { Scene } from '../support/scene.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { vanishRound } from '../support/vanish-rounds.ts';

describe('a disk that is full', () => {
  for (const point of [1, 9, 23, 37, 48]) {
    test(`at point ${point} of ${DISK_POINTS}, in a first and in a later backup: the phone is told, nothing is lost`, async (t) => {
      for (const turn of [2 * point, 2 * point + 1]) for (const end of await diskPointRound(turn)) t.diagnostic(end);
    });
  }
});

test('a disk that is read-only keeps the phone from being asked for anything', async () => {
  await using scene = await Scene.start({ seed: 1, encrypted: false, files: 10 });
  using disk = SmallDisk.mount(scene.both.vaultDir, 300_000_000);
  await scene.finish();
  disk.protect(true);
  const result = await holdfast(['backup', '--json'], { env: scene.cliEnv });
  assert.deepEqual([result.status, result.error?.['code']], [32, 'STORAGE_FAILED'], result.stderr);
  assert.match(String(result.error?.['hint']), /read-only/);
  assert.ok(!result.events.some(({ event }) => event === 'requested'));
  await scene.assertNothingLost();
  // Or the disk could not be taken off again.
  assert.deepEqual(openFilesIn(scene.both.vaultDir), []);
  disk.protect(false);
  await scene.finish();
  await scene.assertAllHold();
});

test('a disk that is pulled out in the middle: nothing is written in its place, and nothing on it is lost', async (t) => {
  for (const seed of [3, 6]) for (const end of await vanishRound(seed)) t.diagnostic(end);
});
