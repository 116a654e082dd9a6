import { Worker, type Transferable } from 'node:worker_threads';

interface Waiting<Outcome> {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread<Outcome> {
  readonly worker: Worker;
  /** Tasks handed over and not answered, oldest first: a thread answers in the order of its tasks. */
  readonly waiting: Waiting<Outcome>[];
}

/**
 * A few threads that do the same kind of task. Each answers every message with one message; an error that a thread
 * does not answer with is a bug, and fails all of its tasks.
 */
export class WorkerPool<Task, Outcome> implements AsyncDisposable {
  readonly #threads: Thread<Outcome>[];
  readonly #depth: number;
  #whenRoom: (() => void)[] = [];

  /**
   * @param script a module beside the caller's, without its extension: './write-worker'.
   * @param caller the caller's `import.meta.url`; it tells whether sources or built files are running.
   * @param depth how many tasks a thread may have, the one it works on included.
   */
  constructor(script: string, caller: string, count: number, depth = 2) {
    const url = new URL(`${script}${caller.endsWith('.ts') ? '.ts' : '.js'}`, caller);
    this.#depth = depth;
    this.#threads = Array.from({ length: count }, () => this.#start(url));
  }

  /** Waits until a thread has room for one more task. */
  async room(): Promise<void> {
    while (this.#idlest().waiting.length >= this.#depth) {
      await new Promise<void>((resolve) => this.#whenRoom.push(resolve));
    }
  }

  /** @param transfer what is handed to the thread instead of being copied. */
  run(task: Task, transfer: readonly Transferable[] = []): Promise<Outcome> {
    const { worker, waiting } = this.#idlest();
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    waiting.push({ resolve, reject });
    worker.postMessage(task, transfer);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(url: URL): Thread<Outcome> {
    const thread: Thread<Outcome> = { worker: new Worker(url), waiting: [] };
    thread.worker.on('message', (outcome: Outcome) => {
      thread.waiting.shift()?.resolve(outcome);
      for (const proceed of this.#whenRoom.splice(0)) proceed();
    });
    thread.worker.on('error', (error) => {
      for (const { reject } of thread.waiting.splice(0)) reject(error);
      for (const proceed of this.#whenRoom.splice(0)) proceed();
    });
    return thread;
  }

  #idlest(): Thread<Outcome> {
    return this.#threads.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best));
  }
}
