import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isAppError } from '../../src/shared/errors.ts';
import { openVault } from '../../src/vault/index.ts';
import { eventually } from '../judges/harness.ts';
import { startHoldfast, type CliEvent, type CliOptions, type RunningCli } from '../support/holdfast-cli.ts';
import { killRound } from '../support/kill-rounds.ts';
import { seedOfRound } from '../support/random.ts';
import { Scene } from '../support/scene.ts';

/** `npm run soak -- kill` plays many of each. */
const ROUNDS = 2;
const SEED = 9_000;
const NEEDED_NODE = [24, 16] as const;
/** Makes a Node.js say that it is an old one; the one it hands over to is started without this. */
const PRETEND_OLD = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';

for (const [nth, encrypted] of [false, true].entries()) {
  for (const full of [true, false]) {
    const first = seedOfRound(SEED, nth * 200 + (full ? 0 : 100));
    const what = `${full ? 'a first' : 'an incremental'} backup${encrypted ? ' with a password' : ''}`;
    test(`${what}, killed at random moments: no snapshot suffers, and the next run goes on and is right`, async (t) => {
      for (let round = 0; round < ROUNDS; round++) {
        const seed = seedOfRound(first, round);
        for (const end of await killRound({ seed, encrypted, full })) t.diagnostic(`seed ${seed}: ${end}`);
      }
    });
  }
}

describe('Ctrl-C', () => {
  test('ends a backup in the middle of a file with 130, and the next run goes on', async () => {
    await using scene = await Scene.start({ seed: 1, encrypted: false });
    const running = await runUntilSilent(scene);
    running.process.kill('SIGINT');
    const result = await running.ended;
    assert.deepEqual([result.status, result.error?.['code']], [130, 'CANCELLED']);
    await assertGoesOn(scene);
  });

  test('at a terminal reaches both halves of a run that was handed over, and means one Ctrl-C', async () => {
    await using scene = await Scene.start({ seed: 2, encrypted: false });
    const running = await runUntilSilent(scene, { node: oldNode(), detached: true });
    assert.ok(running.process.pid !== undefined);
    process.kill(-running.process.pid, 'SIGINT');
    const result = await running.ended;
    assert.deepEqual([result.status, result.error?.['code']], [130, 'CANCELLED']);
    await assertGoesOn(scene);
  });
});

test('a run that was handed over to another Node.js ends soon after what was started is killed', async () => {
  await using scene = await Scene.start({ seed: 3, encrypted: false });
  const running = await runUntilSilent(scene, { node: oldNode() });
  const holder = holderOf(scene);
  assert.notEqual(holder, running.process.pid);
  running.process.kill('SIGKILL');
  assert.equal((await running.ended).signal, 'SIGKILL');
  // The lock goes with the process that held it, and with nothing else.
  await eventually('the vault is free', () => canBeWritten(scene.both.vaultDir));
  await assertGoesOn(scene);
});

/** Starts a backup and lets the phone fall silent when a good part of it has arrived. */
async function runUntilSilent(scene: Scene, options: CliOptions = {}): Promise<RunningCli> {
  const receiving = Promise.withResolvers<void>();
  scene.phone.faults.at({ point: 'mobilebackup2:upload', nth: 5, action: { kind: 'stall' } });
  const onEvent = (event: CliEvent): void => {
    if (event['phase'] === 'receiving' && Number(event['files']) > 90) receiving.resolve();
  };
  const running = startHoldfast(['backup', '--json'], { env: scene.cliEnv, onEvent, ...options });
  const over = running.ended.then(({ stderr }) => assert.fail(`the backup ended too early: ${stderr}`));
  await Promise.race([receiving.promise, over]);
  over.catch(() => {});
  return running;
}

async function assertGoesOn(scene: Scene): Promise<void> {
  await scene.assertNothingLost();
  await scene.finish();
  await scene.assertAllHold();
}

/** The system's Node.js where it is too old for the product, else one that pretends to be. */
function oldNode(): readonly [string, ...string[]] {
  const system = '/usr/bin/node';
  if (existsSync(system)) {
    const { stdout } = spawnSync(system, ['--version'], { encoding: 'utf8' });
    const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number);
    if (major < NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor < NEEDED_NODE[1])) return [system];
  }
  return [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(PRETEND_OLD)}`];
}

/** The process that holds the vault's lock. */
function holderOf({ both }: Scene): unknown {
  const facts: unknown = JSON.parse(readFileSync(join(both.vaultDir, 'lock.json'), 'utf8'));
  return typeof facts === 'object' && facts !== null && 'pid' in facts ? facts.pid : undefined;
}

async function canBeWritten(vaultDir: string): Promise<boolean> {
  try {
    await using _vault = await openVault(vaultDir, { purpose: 'a test' });
    return true;
  } catch (error) {
    if (isAppError(error, 'VAULT_BUSY')) return false;
    throw error;
  }
}
