import v8 from 'node:v8';
import vm from 'node:vm';
import type { Job } from '../contract/index.ts';

/** A while after a job: others often follow it. */
const LOOK_MS = 10_000;

/**
 * Gives back what jobs have left behind, once nothing runs. V8 collects when something is made, and in a service that
 * waits for the evening nothing is: the garbage of the night's backups would stay in memory all day.
 */
export function giveMemoryBackWhenIdle(jobs: () => readonly Job[]): Disposable {
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  let collectedAfter: string | undefined;
  const look = (): void => {
    const all = jobs();
    const newest = all[0]?.id;
    const isIdle = all.every(({ endedAt }) => endedAt !== undefined);
    if (!isIdle || newest === collectedAfter || typeof collect !== 'function') return;
    collectedAfter = newest;
    collect();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
