import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerPool } from './worker-pool.ts';

function open(gate: Int32Array): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
}

const newGate = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

test('of threads that have as much before them, the one that has done the least gets the next task', async () => {
  await using pool = new WorkerPool<Int32Array, number>('./gated-worker.test-helper', import.meta.url, 2);
  const gates = [newGate(), newGate(), newGate(), newGate()] as const;
  const first = pool.run(gates[0]);
  const second = pool.run(gates[1]);
  const third = pool.run(gates[2]);
  open(gates[0]);
  await first;
  // Each has one task before it now.
  const fourth = pool.run(gates[3]);
  for (const gate of gates) open(gate);
  const threads = await Promise.all([first, second, third, fourth]);
  assert.equal(threads[0], threads[2]);
  assert.equal(threads[1], threads[3]);
  assert.notEqual(threads[0], threads[1]);
});

test('no thread is started for what another that is idle can do', async () => {
  await using pool = new WorkerPool<Int32Array, number>('./gated-worker.test-helper', import.meta.url, 2);
  const gate = newGate();
  open(gate);
  const first = await pool.run(gate);
  assert.equal(await pool.run(gate), first);
});
