/** Backups whose vault vanishes in the middle, as a disk does that is pulled out, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorCode } from '../../src/shared/errors.ts';
import { startHoldfast } from './holdfast-cli.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';
import { PullableDisk } from './small-disk.ts';

/** What a run may end with: what it is depends on what it was doing. A phone that is told may say so first. */
const ENDS: readonly ErrorCode[] = ['STORAGE_FAILED', 'VAULT_NOT_FOUND', 'OUT_OF_SPACE', 'DEVICE_REFUSED'];
const RECEIVING_MS = 400;

/**
 * One round: a backup during which the vault's disk is pulled out. Nothing is written where it was mounted; plugged in
 * again, every snapshot is whole and the next run right.
 *
 * @returns how the run ended
 */
export async function vanishRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  await using scene = await Scene.start({ seed, encrypted: random.onceIn(2) });
  using disk = PullableDisk.mount(scene.both.vaultDir);
  if (random.onceIn(2)) {
    await scene.finish();
    scene.use();
  }
  const after = random.pick(['preparing', 'receiving', 'receiving', 'moving', 'verifying', 'finishing']);
  const ms = after === 'receiving' ? random.below(RECEIVING_MS) : random.below(40);
  let phase = 'starting';
  const reached = Promise.withResolvers<void>();
  const running = startHoldfast(['backup', '--json'], {
    env: scene.cliEnv,
    onEvent: (event) => {
      if (typeof event['phase'] === 'string') phase = event['phase'];
      if (phase === after) reached.resolve();
    },
  });
  await Promise.race([reached.promise, running.ended]);
  await Promise.race([delay(ms), running.ended]);
  disk.pull();
  const result = await running.ended;
  assert.deepEqual(readdirSync(scene.both.vaultDir), [], 'something was written beside the disk');
  if (result.status !== 0) {
    const code = result.error?.['code'];
    assert.ok(
      ENDS.some((end) => end === code),
      `${String(code)} ${result.stderr}`,
    );
    assert.ok(typeof result.error?.['hint'] === 'string', result.stderr);
  }
  disk.plug();
  await scene.adopt();
  await scene.assertNothingLost();
  await scene.finish();
  await scene.assertAllHold();
  return [`${after} + ${ms} ms: ${result.status === 0 ? 'finished' : `${phase}, ${String(result.error?.['code'])}`}`];
}
