/** Backups onto a disk that is too small, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { holdfast } from './holdfast-cli.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';
import { SmallDisk } from './small-disk.ts';

const ENOUGH_BYTES = 100_000_000;
/** What one backup of these phones takes. */
const BACKUP_BYTES = 14_000_000;

/**
 * One round: a backup onto a disk of any size, the first of its phone or a later one, then the same with room.
 *
 * @returns how the first one ended
 */
export async function diskRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  // A phone that speaks an old DeviceLink does not ask for the space there is.
  const phone = { backup: { deviceLinkVersion: 200 } };
  await using scene = await Scene.start({ seed, encrypted: random.onceIn(2), phone });
  using disk = SmallDisk.mount(scene.both.vaultDir, ENOUGH_BYTES);
  let usedBytes = 0;
  if (random.onceIn(2)) {
    await scene.finish();
    scene.use();
    usedBytes = disk.usedBytes;
  }
  const spareBytes = random.below(usedBytes === 0 || random.onceIn(3) ? BACKUP_BYTES : 1_000_000);
  disk.resize(usedBytes + spareBytes);
  const result = await holdfast(['backup', '--json'], { env: scene.cliEnv });
  const isNew = result.status === 0 && (await scene.adopt());
  if (!isNew) assert.deepEqual([result.status, result.error?.['code']], [23, 'OUT_OF_SPACE'], result.stderr);
  disk.resize(ENOUGH_BYTES);
  await scene.assertNothingLost();
  await scene.finish();
  await scene.assertAllHold();
  const details = result.error?.['details'];
  const phase = typeof details === 'object' && details !== null && 'phase' in details ? String(details.phase) : 'early';
  return [`${usedBytes === 0 ? 'first' : 'later'}, ${spareBytes} bytes: ${isNew ? 'finished' : phase}`];
}
