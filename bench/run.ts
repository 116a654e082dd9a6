/**
 * `npm run bench -- NAME [options]`: measures one thing, side by side with a peer where there is one, in one run.
 * Prints a table with ratios; the last figures stand in bench/README.md.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [name = '', ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
const RUNNABLE = readdirSync(import.meta.dirname)
  .filter((each) => each.endsWith('.ts') && each !== 'run.ts')
  .map((each) => each.replace(/\.ts$/, ''));

if (!RUNNABLE.includes(name) || !existsSync(file)) {
  process.stderr.write(`npm run bench -- NAME, where NAME is one of: ${RUNNABLE.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const bench: unknown = await import(file);
  if (!isBench(bench)) throw new Error(`bench/${name}.ts exports no function called run`);
  await bench.run(args);
}

function isBench(value: unknown): value is { run(args: readonly string[]): Promise<void> } {
  return typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'function';
}
