/** A script that is killed at a random moment. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random.ts';

export interface KilledRunOptions {
  /** What it takes to its end from the line that is waited for, about. */
  readonly lastsMs: number;
  /** A line to wait for; the first when left out. */
  readonly after?: string;
}

/**
 * Runs a script, which says on standard output what it does, and kills it at any moment after a line, now and then also
 * before the first.
 *
 * @returns the lines that it said, and whether it came to its end.
 */
export async function killedRun(
  script: string,
  words: readonly string[],
  { lastsMs, after }: KilledRunOptions,
  random: Random,
): Promise<{ lines: readonly string[]; isComplete: boolean }> {
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const begun = Promise.withResolvers<void>();
  if (random.onceIn(5)) begun.resolve();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (after === undefined || text.includes(`${after}\n`)) begun.resolve();
  });
  await Promise.race([begun.promise, ended]);
  await Promise.race([delay(random.below(lastsMs)), ended]);
  child.kill('SIGKILL');
  const [status, signal] = (await ended) as [number | null, string | null];
  assert.ok(status === 0 || signal === 'SIGKILL', `it ended with ${status}`);
  return { lines: text.trimEnd().split('\n'), isComplete: status === 0 };
}
