/** A thread that looks at the drafts of a vault again and again until it is told to stop, as whoever measures the vault does. */
import { parentPort, workerData } from 'node:worker_threads';
import { draftRoots } from './open-draft.ts';

const { vaultDir, stop } = workerData as { vaultDir: string; stop: Int32Array };
let seen = 0;
const failures = new Set<string>();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
parentPort?.postMessage('begun');
while (Atomics.load(stop, 0) === 0) {
  try {
    for (const { objects } of draftRoots(vaultDir)) {
      seen++;
      for (const _ of objects);
    }
  } catch (error) {
    failures.add(String(error));
  }
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
parentPort?.postMessage({ seen, failures: [...failures] });
