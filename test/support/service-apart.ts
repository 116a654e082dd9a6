import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TryEntry } from '../../src/contract/index.ts';

export interface ServiceAnswers {
  readonly history: TryEntry[];
  /** What time it is for the service, as ISO 8601 has it. */
  readonly now: string;
  /** After a collection: what is in use, and what the system has given. */
  readonly memory: { readonly usedBytes: number; readonly residentBytes: number };
  /** Stops it. Errors it has logged, and what it has left open: sockets, timers, files of the vault. */
  readonly stop: { readonly mistakes: string[]; readonly left: string[] };
}

export interface ServiceQuestion {
  readonly id: number;
  readonly ask: keyof ServiceAnswers;
  readonly udid?: string | undefined;
}

/** As the unit of systemd and `bin/holdfast.js` have it. */
const AS_INSTALLED = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '16384', MALLOC_TRIM_THRESHOLD_: '65536' };
const EXEC_ARGV = ['--expose-gc'];

/** The service in a process of its own, where nothing else takes memory. */
export class ServiceApart implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
  }

  /** @param speed of its time. @param env with its places, and where it finds phones. */
  static async start(speed: number, env: Readonly<Record<string, string>>): Promise<ServiceApart> {
    const script = join(import.meta.dirname, 'service-process.ts');
    const child = fork(script, [String(speed)], {
      env: { ...process.env, ...AS_INSTALLED, ...env },
      execArgv: EXEC_ARGV,
    });
    const service = new ServiceApart(child);
    await service.#answerTo(0);
    return service;
  }

  ask<K extends keyof ServiceAnswers>(ask: K, udid?: string): Promise<ServiceAnswers[K]> {
    const id = ++this.#asked;
    this.#process.send({ id, ask, udid } satisfies ServiceQuestion);
    // What it answers is what it was asked for: both ends are one.
    return this.#answerTo(id) as Promise<ServiceAnswers[K]>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  async #answerTo(id: number): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, resolve);
    const over = new AbortController();
    const ended = once(this.#process, 'exit', { signal: over.signal }).then(() => assert.fail('the service ended'));
    ended.catch(() => undefined);
    try {
      return await Promise.race([promise, ended]);
    } finally {
      over.abort();
    }
  }
}
