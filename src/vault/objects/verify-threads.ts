import { Worker } from 'node:worker_threads';
import type { VerifyOutcome, VerifyTask } from './verify-task.ts';

/** Threads that each work on one task at a time. */
export class VerifyThreads implements AsyncDisposable {
  readonly #workers: Worker[];

  constructor(count: number) {
    const url = new URL(import.meta.url.endsWith('.ts') ? './verify-worker.ts' : './verify-worker.js', import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(url));
  }

  /** @throws whatever the thread died of. */
  run(thread: number, task: VerifyTask): Promise<VerifyOutcome> {
    const worker = this.#workers[thread];
    if (worker === undefined) throw new RangeError(`there is no thread ${thread}`);
    const { promise, resolve, reject } = Promise.withResolvers<VerifyOutcome>();
    worker.once('error', reject);
    worker.once('message', (outcome: VerifyOutcome) => {
      worker.off('error', reject);
      resolve(outcome);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    worker.postMessage(task);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
