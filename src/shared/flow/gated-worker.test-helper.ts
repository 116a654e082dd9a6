import { parentPort, threadId } from 'node:worker_threads';

/** Answers each task with the number of its thread, once the task's gate is open. */
parentPort?.on('message', (gate: Int32Array) => {
  parentPort?.postMessage(threadOnceOpen(gate), []);
});

function threadOnceOpen(gate: Int32Array): number {
  Atomics.wait(gate, 0, 0);
  return threadId;
}
