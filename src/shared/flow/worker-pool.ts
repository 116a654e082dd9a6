import { Worker, type Transferable } from 'node:worker_threads';

interface Waiting<Outcome> {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread<Outcome> {
  readonly worker: Worker;
  /** Tasks handed over and not answered, oldest first: a thread answers in the order of its tasks. */
  readonly waiting: Waiting<Outcome>[];
  /** How many it was ever handed. */
  tasks: number;
}

/**
 * A few threads that do the same kind of task. Each answers every message with one message; an error that a thread
 * does not answer with is a bug, and fails all of its tasks.
 */
export class WorkerPool<Task, Outcome> implements AsyncDisposable {
  readonly #url: URL;
  readonly #count: () => number;
  readonly #depth: number;
  /** Started one by one as there is work for them: a thread costs some 50 ms and 10 MB. */
  readonly #threads: Thread<Outcome>[] = [];
  #whenRoom: (() => void)[] = [];

  /**
   * @param script a module beside the caller's, without its extension: './write-worker'.
   * @param caller the caller's `import.meta.url`; it tells whether sources or built files are running.
   * @param count how many threads at most; a function is asked before each further one is started.
   * @param depth how many tasks a thread may have, the one it works on included.
   */
  constructor(script: string, caller: string, count: number | (() => number), depth = 2) {
    this.#url = new URL(`${script}${caller.endsWith('.ts') ? '.ts' : '.js'}`, caller);
    this.#count = typeof count === 'number' ? () => count : count;
    this.#depth = depth;
  }

  /** Waits until a thread has room for one more task. */
  async room(): Promise<void> {
    while (this.#idlest().waiting.length >= this.#depth) {
      await new Promise<void>((resolve) => this.#whenRoom.push(resolve));
    }
  }

  /** @param transfer what is handed to the thread instead of being copied. */
  run(task: Task, transfer: readonly Transferable[] = []): Promise<Outcome> {
    const thread = this.#idlest();
    const { worker, waiting } = thread;
    thread.tasks += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    waiting.push({ resolve, reject });
    worker.postMessage(task, transfer);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread<Outcome> {
    const thread: Thread<Outcome> = { worker: new Worker(this.#url), waiting: [], tasks: 0 };
    this.#threads.push(thread);
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

  /** The thread with the least to do; of several, the one that has done the least, which is likely to be done first. */
  #idlest(): Thread<Outcome> {
    let best: Thread<Outcome> | undefined;
    for (const thread of this.#threads) {
      const more = best === undefined ? -1 : thread.waiting.length - best.waiting.length || thread.tasks - best.tasks;
      if (more < 0) best = thread;
    }
    if (best === undefined) return this.#start();
    return best.waiting.length > 0 && this.#threads.length < this.#count() ? this.#start() : best;
  }
}
