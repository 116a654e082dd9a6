import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { killedObject } from './killed-objects.test-helper.ts';
import { filesIn, makeVault, openStore, sha256 } from './store.test-helper.ts';

const ROUNDS = 5;

test('whatever was flushed is there after the writer was killed, again and again', async (t) => {
  const vault = makeVault(t);
  const random = generator(20_261_122);
  const durable = new Set<number>();
  let nextObject = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const writer = fork(
      join(import.meta.dirname, 'kill-writer.test-helper.ts'),
      [vault, String(nextObject), String(round)],
      { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
    t.after(() => writer.kill('SIGKILL'));
    assert.ok(writer.stdout);
    const lines = createInterface({ input: writer.stdout });
    const putInRound: number[] = [];
    lines.on('line', (line) => {
      const [what, n] = line.split(' ');
      if (what === 'put') putInRound.push(Number(n));
      if (what === 'durable') for (const each of putInRound) durable.add(each);
    });
    await Promise.race([once(lines, 'line'), once(lines, 'close')]);
    await setTimeout(random(120));
    writer.kill('SIGKILL');
    await once(lines, 'close');
    nextObject = (putInRound.at(-1) ?? nextObject) + 1;
    await assertHolds(vault, durable);
  }
  assert.ok(durable.size > 0);
});

async function assertHolds(vault: string, durable: ReadonlySet<number>): Promise<void> {
  await using open = await openStore(vault);
  assert.deepEqual(filesIn(join(vault, 'tmp')), []);
  for (const n of durable) {
    const bytes = killedObject(n);
    assert.deepEqual(open.store.readSmall(sha256(bytes)), bytes, `object ${n}`);
  }
  for await (const event of open.store.verify()) assert.equal(event.kind, 'progress');
}

/** Whole numbers below a limit, the same in every run. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
