/** A process that tells is killed at any moment: what it had to tell arrives, and nothing is told anew. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { WebhookBody } from '../../src/contract/index.ts';
import { startWebServer } from '../../src/notify/loopback.test-helper.ts';

const ROUNDS = 6;
const SCRIPT = join(import.meta.dirname, '..', 'support', 'telling-process.ts');

test('every alarm arrives, and only what a server took in the moment of the kill comes again, under the same number', async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'holdfast-'));
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  await using server = await startWebServer();
  for (let round = 1; round <= ROUNDS; round++) {
    // From before anything was decided until after everything was sent.
    await tell(stateDir, server.url, { phones: round, killAfterMs: (round * 11) % 60 });
  }
  await tell(stateDir, server.url, { phones: ROUNDS + 1 });

  const messages = server.requests.map(({ body }) => WebhookBody.parse(JSON.parse(body)));
  const deliveries = new Map<string, Set<string>>();
  for (const { id, items } of messages) {
    for (const item of items) deliveries.set(item.id, (deliveries.get(item.id) ?? new Set()).add(id));
  }
  assert.equal(deliveries.size, ROUNDS + 1);
  for (const [alarm, numbers] of deliveries)
    assert.equal(numbers.size, 1, `${alarm} was told under ${[...numbers].join()}`);
});

async function tell(
  stateDir: string,
  url: string,
  { phones, killAfterMs }: { phones: number; killAfterMs?: number },
): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, stateDir, url, String(phones)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'started' || killAfterMs === undefined) continue;
    await setTimeout(killAfterMs);
    child.kill('SIGKILL');
  }
  const status = await ended;
  if (killAfterMs === undefined) assert.equal(status, 0);
}
