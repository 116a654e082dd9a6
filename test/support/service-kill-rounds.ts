/** The service, killed at random moments: it comes back, tells what was cut off, and goes on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { randomFrom, type Random } from './random.ts';
import { Scene } from './scene.ts';
import { Serving } from './serving.ts';

/** The service starts in about this time, and a backup takes as long. */
const WHOLE_RUN_MS = 1_500;

/**
 * One round: a service that is killed up to three times, by itself backing up or asked to, and the start that finishes it.
 *
 * @returns what it was doing when it was killed, for the reader of the soak's output.
 */
export async function serviceKillRound({ seed, encrypted }: { seed: number; encrypted: boolean }): Promise<string[]> {
  const random = randomFrom(seed);
  await using scene = await Scene.start({ seed, encrypted, phone: { productVersion: '15.5' } });
  // Due, and nothing in the way: the service begins by itself. Otherwise it is asked to.
  const byItself = random.onceIn(2);
  scene.phone.setLocked(byItself);
  const ends: string[] = [];
  // One that is killed before it has looked finds the same again.
  const cutOff = new Set<string>();
  for (let kills = random.pick([1, 1, 2, 3]); kills > 0; kills--) {
    ends.push(await meetKill(scene, random, byItself));
    for (const id of journalOf(scene)) cutOff.add(id);
    await scene.adopt();
    await scene.assertNothingLost();
  }
  await finish(scene, cutOff.size);
  scene.assertClean();
  await scene.adopt();
  await scene.assertAllHold();
  assert.ok(scene.taken.size > 0);
  return ends;
}

async function meetKill(scene: Scene, random: Random, byItself: boolean): Promise<string> {
  await using serving = new Serving(scene.cliEnv);
  // From the start of the process, or from when it could be asked for something.
  const isEarly = random.onceIn(4);
  const killing = (isEarly ? Promise.resolve() : serving.said).then(() => delay(random.below(WHOLE_RUN_MS)));
  let doing = 'starting';
  const watch = async (): Promise<void> => {
    if ((await serving.said) === undefined) return;
    doing = 'serving';
    await serving.sees(1);
    if (!byItself) await serving.ask(`devices/${scene.phone.udid}/backup`, 'POST', {});
    await serving.until('the end', async () => {
      const [job] = await serving.jobs();
      doing = job === undefined ? 'serving' : job.endedAt === undefined ? (job.progress?.phase ?? job.state) : 'idle';
      return false;
    });
  };
  // It ends with the process, whatever it asks then.
  const watching = watch().catch(() => undefined);
  await killing;
  serving.cli.process.kill('SIGKILL');
  await serving.cli.ended;
  await Promise.race([watching, delay(1_000)]);
  return `killed: ${doing}`;
}

/** The jobs that the service knows to be running, on disk. */
function journalOf(scene: Scene): readonly string[] {
  try {
    const entries: unknown = JSON.parse(
      readFileSync(join(scene.both.directory, 'home', 'state', 'service', 'running.json'), 'utf8'),
    );
    return z
      .array(z.object({ id: z.string() }))
      .parse(entries)
      .map(({ id }) => id);
  } catch {
    return [];
  }
}

async function finish(scene: Scene, cutOff: number): Promise<void> {
  const { udid } = scene.phone;
  await using serving = await Serving.start(scene.cliEnv);
  await serving.sees(1);
  const interrupted = (await serving.history(udid)).filter(({ outcome }) => outcome === 'interrupted');
  assert.equal(interrupted.length, cutOff);
  // What was due may have begun by itself meanwhile: one after the other is as good.
  await serving.ask(`devices/${udid}/backup`, 'POST', {});
  await serving.until('a backup', async () => {
    const jobs = await serving.jobs();
    const failed = jobs.find(({ state }) => state === 'failed');
    assert.equal(failed, undefined, failed?.problem?.message);
    return jobs.length > 0 && jobs.every(({ state }) => state === 'done');
  });
  await serving.stop();
}
