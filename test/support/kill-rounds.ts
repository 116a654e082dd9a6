/** Backups whose process is killed at a random moment, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CliEvent, startHoldfast, type RunningCli } from './holdfast-cli.ts';
import { randomFrom, type Random } from './random.ts';
import { Scene } from './scene.ts';

const EAGER_BACKUP = join(import.meta.dirname, 'eager-backup.ts');
/** From the start of a process to the end of its backup, about. */
const WHOLE_RUN_MS = 1_800;
/** The phases of these backups last some tens of milliseconds; the commit waits for the disk several times. */
const PHASE_MS = 80;
const COMMIT_MS = 250;
const PHASES = ['connecting', 'preparing', 'receiving', 'moving', 'removing', 'verifying', 'finishing'] as const;

/** When to kill: so long after the process was started, or after it said that it entered a phase. */
type Moment =
  | { readonly after: 'start'; readonly ms: number }
  | { readonly after: (typeof PHASES)[number]; readonly ms: number };

export interface KillRoundOptions {
  readonly seed: number;
  readonly encrypted: boolean;
  readonly full: boolean;
  /** Over the network, and no cable. */
  readonly wifi?: boolean;
}

/**
 * One round: a backup by the command line that is killed, sometimes more than once, and the run that finishes it. The
 * same seed plays the same round, as far as two processes do the same twice.
 *
 * @returns how the runs that were to be killed ended, for the reader of the soak's output.
 */
export async function killRound({ seed, encrypted, full, wifi = false }: KillRoundOptions): Promise<string[]> {
  const random = randomFrom(seed);
  await using scene = await Scene.start({ seed, encrypted, wifi });
  if (!full) {
    await scene.finish();
    scene.use();
  }
  const ends: string[] = [];
  for (let kills = random.pick([1, 1, 2, 3]); kills > 0; kills--) {
    const isEager = random.onceIn(2);
    const moment = chooseMoment(random);
    const end = await meetKill(scene, isEager ? startEager : startCli, moment);
    ends.push(`${isEager ? 'eager, ' : ''}${moment.after} + ${moment.ms} ms: ${end}`);
    if (random.onceIn(4)) scene.use();
  }
  if (random.onceIn(3)) await finishByCli(scene);
  else await scene.finish();
  await scene.assertAllHold();
  return ends;
}

async function meetKill(scene: Scene, start: StartRun, moment: Moment): Promise<string> {
  const reached = Promise.withResolvers<void>();
  let phase = 'starting';
  const running = start(scene, (event) => {
    if (typeof event['phase'] === 'string') phase = event['phase'];
    if (phase === moment.after) reached.resolve();
  });
  if (moment.after !== 'start') await Promise.race([reached.promise, running.ended]);
  await Promise.race([delay(moment.ms), running.ended]);
  running.process.kill('SIGKILL');
  const result = await running.ended;
  const isNew = await scene.adopt();
  await scene.assertNothingLost();
  if (result.status === 0) {
    assert.ok(isNew);
    return 'finished';
  }
  assert.equal(result.signal, 'SIGKILL', result.stderr);
  return isNew ? `${phase}, committed` : phase;
}

type StartRun = (scene: Scene, onEvent: (event: CliEvent) => void) => RunningCli;

function startCli(scene: Scene, onEvent: (event: CliEvent) => void): RunningCli {
  return startHoldfast(['backup', '--json'], { env: scene.cliEnv, onEvent });
}

function startEager({ both }: Scene, onEvent: (event: CliEvent) => void): RunningCli {
  const words = [both.vaultDir, join(both.directory, 'mux'), join(both.directory, 'pairs')];
  return startHoldfast(words, { script: EAGER_BACKUP, onEvent });
}

async function finishByCli(scene: Scene): Promise<void> {
  const result = await startCli(scene, () => {}).ended;
  assert.equal(result.status, 0, result.stderr);
  scene.assertClean();
  assert.ok(await scene.adopt());
  assert.equal(result.events.at(-1)?.['snapshot'], [...scene.taken.keys()].at(-1));
}

function chooseMoment(random: Random): Moment {
  if (random.onceIn(3)) return { after: 'start', ms: random.below(WHOLE_RUN_MS) };
  const after = random.onceIn(3) ? 'finishing' : random.pick(PHASES);
  return { after, ms: random.below(after === 'finishing' ? COMMIT_MS : PHASE_MS) };
}
