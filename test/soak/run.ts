/**
 * Long runs of what the integration tests play a few rounds of.
 *
 *   npm run soak [-- KIND…] [--count N] [--seed S]
 *
 * Kinds: cut, kill, hostile, disk; all of them when none is given. `--count` is the number of rounds of each variety
 * (200), `--seed` where they begin. A round that fails is told with its seed, and `KIND --count 1 --seed` that seed
 * repeats it. Ends with 1 when any round failed.
 */
import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { cutRound, measureConversation } from '../support/cut-rounds.ts';
import { diskRound } from '../support/disk-rounds.ts';
import { hostileRound } from '../support/hostile-rounds.ts';
import { killRound } from '../support/kill-rounds.ts';
import { seedOfRound } from '../support/random.ts';

/** Plays the round of a seed, and says what happened in it. */
type Round = (seed: number) => Promise<readonly string[]>;

interface Variety {
  readonly name: string;
  prepare(): Promise<Round>;
}

const BACKUPS = [false, true].flatMap((encrypted) =>
  [true, false].map((full) => ({
    encrypted,
    full,
    name: `${encrypted ? 'encrypted' : 'plain'} ${full ? 'full' : 'incremental'}`,
  })),
);

const OLD_BACKUPS = BACKUPS.map((kind) => ({ ...kind, productVersion: '9.3.5', name: `iOS 9, ${kind.name}` }));

const KINDS: Readonly<Record<string, readonly Variety[]>> = {
  cut: [...BACKUPS, ...OLD_BACKUPS].map(({ name, ...kind }) => ({
    name,
    prepare: async () => {
      const length = await measureConversation(kind);
      return (seed) => cutRound({ ...kind, seed, length });
    },
  })),
  kill: BACKUPS.map(({ name, ...kind }) => ({
    name,
    prepare: () => Promise.resolve((seed) => killRound({ ...kind, seed })),
  })),
  hostile: [{ name: 'any act at any point', prepare: () => Promise.resolve(hostileRound) }],
  disk: [{ name: 'full at any size', prepare: () => Promise.resolve(diskRound) }],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
process.exitCode = (await soak(positionals, Number(values.count), Number(values.seed))) === 0 ? 0 : 1;

/** @returns how many rounds failed */
async function soak(wanted: readonly string[], count: number, seed: number): Promise<number> {
  const kinds = wanted.length === 0 ? Object.keys(KINDS) : wanted;
  if (!Number.isInteger(count) || !Number.isInteger(seed) || kinds.some((kind) => !(kind in KINDS))) {
    say(`usage: npm run soak [-- ${Object.keys(KINDS).join('|')}…] [--count N] [--seed S]`);
    return 1;
  }
  let failed = 0;
  for (const kind of kinds) {
    for (const variety of KINDS[kind] ?? []) failed += await playAll(kind, variety, count, seed);
  }
  say(failed === 0 ? 'All rounds passed.' : `${failed} rounds failed.`);
  return failed;
}

async function playAll(kind: string, variety: Variety, count: number, seed: number): Promise<number> {
  const startedMs = performance.now();
  const ends = new Map<string, number>();
  let round: Round;
  try {
    round = await variety.prepare();
  } catch (error) {
    say(`FAILED ${kind}, ${variety.name}, before the first round`, error);
    return 1;
  }
  let failed = 0;
  for (let i = 0; i < count; i++) {
    const roundSeed = seedOfRound(seed, i);
    try {
      for (const end of await round(roundSeed)) {
        const how = end.slice(end.lastIndexOf(':') + 1).trim();
        ends.set(how, (ends.get(how) ?? 0) + 1);
      }
    } catch (error) {
      failed += 1;
      say(`FAILED ${kind}, ${variety.name}, seed ${roundSeed}`, error);
    }
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const how = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, times]) => `${end} ${times}`);
  say(`${kind}, ${variety.name}: ${count - failed} of ${count} rounds passed in ${seconds} s (${how.join(', ')})`);
  return failed;
}

function say(text: string, error?: unknown): void {
  const details = error instanceof Error ? `\n${error.stack ?? error.message}` : '';
  stdout.write(`${text}${details}\n`);
}
