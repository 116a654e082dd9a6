import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '../../src/shared/errors.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const KILLS = 12;
/** A backup of this phone takes a good half second here. */
const LATEST_MS = 600;

test('a backup whose process is killed: every snapshot stays, and the next one goes on and is right', async () => {
  await using both = await PhoneAndVault.start();
  const first = await both.backUp();
  const contents = both.contents();
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    both.takePhotos(kill * 10, kill * 10 + 30, { seed: kill + 1 });
    killed += (await backUpAndKill(both, ((kill * 5) % KILLS) * (LATEST_MS / KILLS))) ? 1 : 0;
    if (kill % 3 !== 2) continue;
    await both.assertHolds(first.snapshot, contents);
    const done = await finishedBackup(both);
    await both.assertHolds(done.snapshot, both.contents());
  }
  assert.ok(killed >= KILLS / 3, `only ${killed} were killed in time`);
});

/** @returns whether the backup was still going on when it was killed */
async function backUpAndKill(both: PhoneAndVault, afterMs: number): Promise<boolean> {
  const script = join(import.meta.dirname, 'back-up-once.ts');
  const args = [script, join(both.directory, 'mux'), join(both.directory, 'pairs'), both.vaultDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const over = once(child, 'close');
  child.stdout.resume();
  await Promise.race([sleep(afterMs), over]);
  const inTime = child.exitCode === null;
  child.kill('SIGKILL');
  await over;
  return inTime;
}

/** The phone needs a moment to notice that a computer is gone, and keeps its sync lock until then. */
async function finishedBackup(both: PhoneAndVault): Promise<Awaited<ReturnType<PhoneAndVault['backUp']>>> {
  for (;;) {
    try {
      return await both.backUp();
    } catch (error) {
      if (!isAppError(error, 'DEVICE_REFUSED') || error.details['deviceCode'] !== 14) throw error;
      await sleep(50);
    }
  }
}
