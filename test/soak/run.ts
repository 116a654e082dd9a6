/**
 * Long runs of what the integration tests play a few rounds of.
 *
 *   npm run soak [-- KIND…] [--count N | --total N] [--seed S]
 *
 * Kinds: cut, kill, kill-copies, service, kill-service, rot, hostile, disk, vanish, walk; all of them when none is given. `--count` is the number of
 * rounds of each variety (50), `--total` that of a kind, shared among its varieties; `--seed` is where they begin. A
 * round that fails is told with its seed, and `KIND --only VARIETY --count 1 --seed` that seed repeats it. Ends with 1
 * when any round failed.
 */
import { stdout } from 'node:process';
import { inspect, parseArgs } from 'node:util';
import { checkupRound } from '../support/checkup-rounds.ts';
import { copyKillRound } from '../support/copy-rounds.ts';
import { cutRound, measureConversation } from '../support/cut-rounds.ts';
import { damageRound } from '../support/damage-rounds.ts';
import { diskPointRound, diskRound } from '../support/disk-rounds.ts';
import { hostileRound } from '../support/hostile-rounds.ts';
import { killRound } from '../support/kill-rounds.ts';
import { moveKillRound } from '../support/move-rounds.ts';
import { measurePasswordChange, passwordCutRound, passwordKillRound } from '../support/password-rounds.ts';
import { pruneFullDiskRound, pruneKillRound } from '../support/prune-rounds.ts';
import { seedOfRound } from '../support/random.ts';
import { measureRestore, restoreCutRound, restoreKillRound } from '../support/restore-rounds.ts';
import { serviceKillRound } from '../support/service-kill-rounds.ts';
import { serviceRound } from '../support/service-rounds.ts';
import { vanishRound } from '../support/vanish-rounds.ts';
import { walkRound } from '../support/walk-rounds.ts';

/** Plays the round of a seed, and says what happened in it. */
type Round = (seed: number) => Promise<readonly string[]>;

interface Variety {
  readonly name: string;
  readonly prepare: () => Promise<Round>;
}

const LINKS = [
  { wifi: false, link: 'cable' },
  { wifi: true, link: 'Wi-Fi' },
] as const;

const SECRECY = [
  { encrypted: false, secrecy: 'plain' },
  { encrypted: true, secrecy: 'encrypted' },
] as const;

const WAYS = LINKS.flatMap(({ wifi, link }) =>
  SECRECY.map(({ encrypted, secrecy }) => ({ wifi, encrypted, way: `${secrecy}, ${link}` })),
);

const BACKUPS = WAYS.flatMap(({ way, ...kind }) =>
  [true, false].map((full) => ({ ...kind, full, name: `${full ? 'full' : 'incremental'} backup, ${way}` })),
);

const OLD_BACKUPS = BACKUPS.filter(({ wifi }) => !wifi).map((kind) => ({
  ...kind,
  productVersion: '9.3.5',
  name: `${kind.name}, iOS 9`,
}));

const CHANGES = LINKS.flatMap(({ wifi, link }) => [
  { kind: 'change', wifi, name: `password change, ${link}` } as const,
  { kind: 'on', wifi, name: `encryption on, ${link}` } as const,
  { kind: 'off', wifi, name: `encryption off, ${link}` } as const,
]);

const KINDS: Readonly<Record<string, readonly Variety[]>> = {
  cut: [
    ...[...BACKUPS, ...OLD_BACKUPS].map(({ name, ...kind }) => ({
      name,
      prepare: async () => {
        const length = await measureConversation(kind);
        return (seed: number) => cutRound({ ...kind, seed, length });
      },
    })),
    ...WAYS.map(({ way, ...kind }) => ({
      name: `restore, ${way}`,
      prepare: async () => {
        const length = await measureRestore(kind);
        return (seed: number) => restoreCutRound({ ...kind, seed, length });
      },
    })),
    ...CHANGES.map(({ name, ...change }) => ({
      name,
      prepare: async () => {
        const length = await measurePasswordChange(change);
        return (seed: number) => passwordCutRound({ ...change, seed, length });
      },
    })),
  ],
  kill: [
    ...BACKUPS.map(({ name, ...kind }) => variety(name, (seed) => killRound({ ...kind, seed }))),
    ...WAYS.map(({ way, ...kind }) => variety(`restore, ${way}`, (seed) => restoreKillRound({ ...kind, seed }))),
    ...CHANGES.map(({ name, ...change }) => variety(name, (seed) => passwordKillRound({ ...change, seed }))),
  ],
  'kill-copies': [
    variety('forget and prune', pruneKillRound),
    variety('copy and repair', copyKillRound),
    variety('move', moveKillRound),
  ],
  service: [
    {
      name: 'eight phones that come, go, fail and fill the disk',
      prepare: () => Promise.resolve((seed: number) => serviceRound(seed, Number(values.seconds))),
    },
  ],
  'kill-service': SECRECY.map(({ encrypted, secrecy }) =>
    variety(secrecy, (seed) => serviceKillRound({ seed, encrypted })),
  ),
  rot: [
    variety('any damage to a vault that has a copy', (seed) => damageRound(seed)),
    variety('any damage, found and mended by a checkup', (seed) => checkupRound(seed)),
  ],
  hostile: [variety('any act at any point', hostileRound)],
  disk: [
    variety('full at each of fifty points', diskPointRound),
    variety('full at any size', diskRound),
    variety('forget and prune', pruneFullDiskRound),
  ],
  vanish: [variety('pulled out at any moment', vanishRound)],
  walk: [
    variety('everything an owner does, in any order, killed now and then', (seed) => walkRound(seed)),
    variety('the same with a copy through restic', (seed) => walkRound(seed, { isRestic: true })),
  ],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '50' },
    total: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    /** Of a round of `service`. */
    seconds: { type: 'string', default: '20' },
  },
});
process.exitCode = (await soak(positionals)) === 0 ? 0 : 1;

function variety(name: string, round: Round): Variety {
  return { name, prepare: () => Promise.resolve(round) };
}

/** @returns how many rounds failed */
async function soak(wanted: readonly string[]): Promise<number> {
  const kinds = wanted.length === 0 ? Object.keys(KINDS) : wanted;
  const [count, total, seed] = [values.count, values.total ?? '0', values.seed].map(Number);
  const isWhole = [count, total, seed].every(Number.isInteger);
  if (!isWhole || count === undefined || seed === undefined || kinds.some((kind) => !(kind in KINDS))) {
    say(
      `usage: npm run soak [-- ${Object.keys(KINDS).join('|')}…] [--count N | --total N] [--only TEXT] [--seed S] [--seconds N]`,
    );
    return 1;
  }
  let failed = 0;
  for (const kind of kinds) {
    const varieties = (KINDS[kind] ?? []).filter(({ name }) => name.includes(values.only));
    for (const each of varieties) {
      failed += await playAll(kind, each, total ? Math.ceil(total / varieties.length) : count, seed);
    }
  }
  say(failed === 0 ? 'All rounds passed.' : `${failed} rounds failed.`);
  return failed;
}

async function playAll(kind: string, { name, prepare }: Variety, count: number, seed: number): Promise<number> {
  const startedMs = performance.now();
  const ends = new Map<string, number>();
  let round: Round;
  try {
    round = await prepare();
  } catch (error) {
    say(`FAILED ${kind}, ${name}, before the first round`, error);
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
      say(`FAILED ${kind}, ${name}, seed ${roundSeed}`, error);
    }
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const how = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, times]) => `${end} ${times}`);
  say(`${kind}, ${name}: ${count - failed} of ${count} rounds passed in ${seconds} s (${how.join(', ')})`);
  return failed;
}

function say(text: string, error?: unknown): void {
  stdout.write(
    [text, ...(error === undefined ? [] : all(error).map((each) => inspect(each, { depth: 4 })))].join('\n'),
  );
  stdout.write('\n');
}

/** Where tidying up failed as well, what came first is suppressed. */
function all(error: unknown): unknown[] {
  return error instanceof SuppressedError ? [...all(error.suppressed), ...all(error.error)] : [error];
}
