import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { addFolderCopy } from './add-copy.ts';
import { CopiesScene, eventsOf, takeSnapshot } from './copies.test-helper.ts';
import { readCopies } from './status.ts';
import { runCopy } from './work.ts';

const window = { from: '22:00', to: '06:00' };

test('a run that goes by the clock stops where its hours end, which is no failure, and goes on when they come again', async () => {
  using scene = new CopiesScene();
  await using vault = await scene.openVault();
  await takeSnapshot(vault, { large: randomBytes(1_500_000) });
  const disk = { name: 'disk', everyHours: 24, dir: scene.path('disk'), window };
  const { entry } = await addFolderCopy(scene.context, vault, disk);
  const run = (from: Date, options: Parameters<typeof runCopy>[3]) => {
    const beganMs = performance.now();
    const now = (): Date => new Date(from.getTime() + performance.now() - beganMs);
    return Array.fromAsync(runCopy({ ...scene.context, now }, vault, entry, options));
  };
  // It would take a quarter of a minute.
  const nearlyOver = new Date(2026, 10, 22, 5, 59, 59, 500);
  const paused = (await run(nearlyOver, { byItself: true, bytesPerSecond: 100_000 })).at(-1);
  assert.deepEqual(paused?.kind === 'paused' && [paused.copied, paused.window], [0, window]);
  const [status] = await readCopies(scene.context, new Date(2026, 10, 22, 12));
  assert.deepEqual([status?.lastRun?.outcome, status?.lastRun?.copied?.length], ['paused', 0]);
  assert.deepEqual([status?.failedRuns, status?.lastDone, status?.isDue], [[], undefined, true]);
  const late = await run(new Date(2026, 10, 22, 12), { byItself: true });
  assert.deepEqual(
    late.map(({ kind }) => kind),
    ['paused'],
  );
  const done = (await run(new Date(2026, 10, 22, 22), { byItself: true })).at(-1);
  assert.deepEqual(done?.kind === 'done' && [done.copied, done.alreadyThere], [1, 0]);
});

test('a run that a person wants goes on past its hours', async () => {
  using scene = new CopiesScene();
  await using vault = await scene.openVault();
  await takeSnapshot(vault, { small: 'one' });
  const disk = { name: 'disk', everyHours: 24, dir: scene.path('disk'), window };
  const { entry } = await addFolderCopy(scene.context, vault, disk);
  scene.now = new Date(2026, 10, 22, 12);
  assert.equal((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.copied, 1);
});
