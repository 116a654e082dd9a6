/**
 * Random damage to everything that is read from outside.
 *
 *   npm run fuzz [-- NAME…] [--count N] [--seed S]
 *
 * NAME is a file beside this one; all of them when none is given. `--count` is the number of cases of each (2000),
 * `--seed` where they begin. A case that fails is told with its seed, and `NAME --count 1 --seed` that seed repeats
 * it. Ends with 1 when any failed.
 */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { stdout } from 'node:process';
import { inspect, parseArgs } from 'node:util';

/** What every module beside this one exports. */
interface Fuzzer {
  run(count: number, seed: number): Promise<void>;
}

const NAMES = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'run')
  .toSorted();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
process.exitCode = (await fuzz(positionals, Number(values.count), Number(values.seed))) ? 0 : 1;

/** @returns whether all passed */
async function fuzz(wanted: readonly string[], count: number, seed: number): Promise<boolean> {
  const names = wanted.length === 0 ? NAMES : wanted;
  if (!Number.isInteger(count) || !Number.isInteger(seed) || names.some((name) => !NAMES.includes(name))) {
    stdout.write(`usage: npm run fuzz [-- ${NAMES.join('|')}…] [--count N] [--seed S]\n`);
    return false;
  }
  let passed = true;
  for (const name of names) {
    const startedMs = performance.now();
    try {
      const fuzzer = (await import(`./${name}.ts`)) as Fuzzer;
      await fuzzer.run(count, seed);
      stdout.write(`${name}: ${count} cases passed in ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
    } catch (error) {
      passed = false;
      stdout.write(`FAILED ${name}\n${inspect(error)}\n`);
    }
  }
  return passed;
}
