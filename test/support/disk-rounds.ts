/** Backups onto a disk that is too small, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { holdfast, type CliEvent } from './holdfast-cli.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';
import { SmallDisk } from './small-disk.ts';

const ENOUGH_BYTES = 100_000_000;
/** What a first backup of these phones takes, and what a later one does at most. */
const FIRST_BYTES = 14_000_000;
const LATER_BYTES = 1_000_000;
/** Into how many steps the way from "no room" to "room enough" is divided. */
export const DISK_POINTS = 50;

/**
 * One round: a backup onto a disk of any size, the first of its phone or a later one, then the same with room.
 *
 * @returns how the first one ended
 */
export function diskRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const isFirst = random.onceIn(2);
  const most = isFirst || random.onceIn(3) ? FIRST_BYTES : LATER_BYTES;
  return fillDisk({ seed, encrypted: random.onceIn(2), isFirst, spareBytes: random.below(most) });
}

/** The round of one of the fifty points: seeds that follow each other take them all, once by a first and a later backup. */
export function diskPointRound(seed: number): Promise<string[]> {
  const turn = Math.abs(seed) % (2 * DISK_POINTS);
  const isFirst = turn % 2 === 0;
  const share = Math.floor(turn / 2) / DISK_POINTS;
  const spareBytes = Math.round((isFirst ? FIRST_BYTES : LATER_BYTES) * share);
  return fillDisk({ seed, encrypted: turn % 4 < 2, isFirst, spareBytes });
}

interface Filling {
  readonly seed: number;
  readonly encrypted: boolean;
  readonly isFirst: boolean;
  /** What is left on the disk when the backup begins. */
  readonly spareBytes: number;
}

async function fillDisk({ seed, encrypted, isFirst, spareBytes }: Filling): Promise<string[]> {
  // A phone that speaks an old DeviceLink does not ask for the space there is.
  await using scene = await Scene.start({ seed, encrypted, phone: { backup: { deviceLinkVersion: 200 } } });
  using disk = SmallDisk.mount(scene.both.vaultDir, ENOUGH_BYTES);
  if (!isFirst) {
    await scene.finish();
    scene.use();
  }
  disk.resize((isFirst ? 0 : disk.usedBytes) + spareBytes);
  const result = await holdfast(['backup', '--json'], { env: scene.cliEnv });
  const isNew = result.status === 0 && (await scene.adopt());
  if (!isNew) assert.deepEqual([result.status, result.error?.['code']], [23, 'OUT_OF_SPACE'], result.stderr);
  const { phase = 'early', deviceCode } = detailsOf(result.error);
  // It was told the truth: what it was sending did not fit.
  if (phase === 'receiving') assert.equal(deviceCode, 105, result.stderr);
  disk.resize(ENOUGH_BYTES);
  await scene.assertNothingLost();
  await scene.finish();
  await scene.assertAllHold();
  return [`${isFirst ? 'first' : 'later'}, ${spareBytes} bytes: ${isNew ? 'finished' : phase}`];
}

function detailsOf(error: CliEvent | undefined): { phase?: string; deviceCode?: unknown } {
  const details = error?.['details'];
  if (typeof details !== 'object' || details === null) return {};
  const { phase, deviceCode } = details as CliEvent; // an object of JSON
  return { ...(typeof phase === 'string' && { phase }), deviceCode };
}
