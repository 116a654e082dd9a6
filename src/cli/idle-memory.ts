import v8 from 'node:v8';
import vm from 'node:vm';
import type { Job } from '../contract/index.ts';
import { giveFreedMemoryBack } from '../database/index.ts';

/** A while after work: more of it often follows. */
const LOOK_MS = 10_000;
/** Of the processor between two looks, in microseconds: who works more is not idle. */
const IDLE_CPU_US = 100_000;
/** Work of the processor that leaves garbage worth a collection. */
const WORTH_CPU_US = 500_000;
/** Somebody has a version open: whether it was closed is looked at again after so many looks. */
const LOOKS_WHILE_LARGE = 30;
const LARGE_BYTES = 125 * 2 ** 20;
/** What was collected has let go of what it held outside of V8 by then: that happens in threads of V8's, afterwards. */
const LET_GO_MS = 1_000;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

interface IdleMemoryOptions {
  readonly jobs: () => readonly Job[];
  /** For tests. */
  readonly cpuUs?: () => number;
  readonly residentBytes?: () => number;
  readonly collect?: () => void;
}

/**
 * Gives back what work has left behind, once nothing goes on: jobs, versions that were looked into, the start itself.
 * V8 collects when something is made, and in a service that waits for the evening nothing is: the garbage of the night's
 * backups would stay in memory all day. A collection of the last resort also lets go of pages kept for later: 5 to 10 MB.
 * What the C library keeps of memory freed meanwhile is given back after it: 11 MB after backups, 19 MB after a checkup.
 */
export class IdleMemory {
  readonly #jobs: () => readonly Job[];
  readonly #cpuUs: () => number;
  readonly #residentBytes: () => number;
  readonly #collect: () => void;
  #seenUs: number;
  #collectedUs = 0;
  #looks = 0;

  constructor(options: IdleMemoryOptions) {
    this.#jobs = options.jobs;
    this.#cpuUs = options.cpuUs ?? usedCpuUs;
    this.#residentBytes = options.residentBytes ?? (() => process.memoryUsage.rss());
    this.#collect = options.collect ?? collector();
    this.#seenUs = this.#cpuUs();
  }

  /** Collects if it is time. To be called every ten seconds. */
  look(): void {
    const nowUs = this.#cpuUs();
    const isIdle = nowUs - this.#seenUs < IDLE_CPU_US && this.#jobs().every(({ endedAt }) => endedAt !== undefined);
    this.#seenUs = nowUs;
    this.#looks++;
    if (!isIdle || !this.#isWorthIt(nowUs)) return;
    this.#collect();
    this.#looks = 0;
    // What collecting took is no work that is worth another.
    this.#seenUs = this.#collectedUs = this.#cpuUs();
  }

  #isWorthIt(nowUs: number): boolean {
    if (nowUs - this.#collectedUs > WORTH_CPU_US) return true;
    return this.#looks >= LOOKS_WHILE_LARGE && this.#residentBytes() > LARGE_BYTES;
  }
}

/** Looks every ten seconds, until it is disposed. */
export function giveMemoryBackWhenIdle(jobs: () => readonly Job[]): Disposable {
  const memory = new IdleMemory({ jobs });
  const timer = setInterval(() => memory.look(), LOOK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function usedCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function collector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as Collect; // what the flag puts there
  return () => {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    setTimeout(giveFreedMemoryBack, LET_GO_MS).unref();
  };
}
