import { randomUUID } from 'node:crypto';
import type { Job, JobKind, JobProgress } from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { firstError } from '../../shared/flow/first-error.ts';
import { problemOf } from './problem-of.ts';

/** Jobs that are over and still told of. */
const MAX_FINISHED = 200;
/** Progress is told so often at most; whatever else changes is told at once. */
const PROGRESS_MS = 250;
const MAX_WARNINGS = 50;

/** What a job is about. */
export interface JobSpec {
  readonly kind: JobKind;
  readonly udid?: string | undefined;
  /** Whether the service began it by a rule. */
  readonly automatic: boolean;
}

/** What the work of a job uses to say how it goes. */
export interface JobHandle {
  readonly id: string;
  /** Aborts with the AppError that says why. */
  readonly signal: AbortSignal;
  /** Until this is called, the job is waiting: for its turn, for the vault. */
  begin(): void;
  /** It has begun, and waits again. */
  wait(): void;
  progress(progress: JobProgress): void;
  asksPasscode(asks: boolean): void;
  warn(sentence: string): void;
  /** Names the snapshot that came of it, or what else did. */
  result(result: Pick<Job, 'snapshot' | 'result'>): void;
}

interface Entry {
  job: Job;
  readonly cancel: AbortController;
  readonly over: Promise<void>;
  toldAtMs: number;
}

/** What the service does now and did since it started, and who wants to know. */
export class JobBoard {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(job: Job) => void>();
  readonly #now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  /** Calls `listener` with every job that begins, goes on or ends. */
  onChange(listener: (job: Job) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** The newest first. */
  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => job).toReversed();
  }

  get(id: string): Job | undefined {
    return this.#entries.get(id)?.job;
  }

  /** Those that are not over. */
  active(): Job[] {
    return this.list().filter(isActive);
  }

  /** Stops a job. One that is over, or was never there, is left alone. */
  cancel(id: string, reason = new AppError('CANCELLED', 'stopped by a person')): void {
    this.#entries.get(id)?.cancel.abort(reason);
  }

  /** Stops every job, and resolves when all of them are over. */
  async stopAll(reason: AppError): Promise<void> {
    for (const { cancel } of this.#entries.values()) cancel.abort(reason);
    await Promise.all([...this.#entries.values()].map(({ over }) => over));
  }

  /** Resolves when the job is over, however it ended. */
  async waitFor(id: string): Promise<Job | undefined> {
    await this.#entries.get(id)?.over;
    return this.get(id);
  }

  /**
   * Begins a job. How it ends is told by its state; what `work` throws and is no AppError is a bug, which is told as
   * one and given to `onBug`.
   */
  start(spec: JobSpec, work: (handle: JobHandle) => Promise<void>, onBug: (error: unknown) => void): Job {
    const id = randomUUID();
    const { udid, ...rest } = spec;
    const job: Job = {
      id,
      ...rest,
      ...(udid === undefined ? {} : { udid }),
      state: 'waiting',
      startedAt: this.#now().toISOString(),
      asksPasscode: false,
      warnings: [],
    };
    const cancel = new AbortController();
    const over = Promise.withResolvers<void>();
    const entry: Entry = { job, cancel, over: over.promise, toldAtMs: 0 };
    this.#entries.set(id, entry);
    this.#tell(entry);
    void this.#run(entry, work, onBug).finally(over.resolve);
    return job;
  }

  async #run(entry: Entry, work: (handle: JobHandle) => Promise<void>, onBug: (error: unknown) => void): Promise<void> {
    let end: Partial<Job>;
    try {
      entry.cancel.signal.throwIfAborted();
      await work(this.#handleOf(entry));
      end = { state: 'done' };
    } catch (failure) {
      const error = firstError(failure);
      if (!isAppError(error)) onBug(error);
      end = { state: stateAfter(error), problem: problemOf(error) };
    }
    const endedAt = this.#now().toISOString();
    this.#change(entry, { ...end, endedAt, asksPasscode: false });
    this.#dropOldest();
  }

  #handleOf(entry: Entry): JobHandle {
    return {
      id: entry.job.id,
      signal: entry.cancel.signal,
      begin: () => this.#change(entry, { state: 'running' }),
      wait: () => this.#change(entry, { state: 'waiting' }),
      asksPasscode: (asksPasscode) => {
        if (entry.job.asksPasscode !== asksPasscode) this.#change(entry, { asksPasscode });
      },
      warn: (sentence) => this.#change(entry, { warnings: [...entry.job.warnings, sentence].slice(-MAX_WARNINGS) }),
      result: (result) => this.#change(entry, result),
      progress: (progress) => {
        const isNewPhase = entry.job.progress?.phase !== progress.phase;
        entry.job = { ...entry.job, progress };
        if (isNewPhase || performance.now() - entry.toldAtMs >= PROGRESS_MS) this.#tell(entry);
      },
    };
  }

  #change(entry: Entry, news: Partial<Job>): void {
    entry.job = { ...entry.job, ...news };
    this.#tell(entry);
  }

  #tell(entry: Entry): void {
    entry.toldAtMs = performance.now();
    for (const listener of this.#listeners) listener(entry.job);
  }

  #dropOldest(): void {
    const finished = [...this.#entries.values()].filter(({ job }) => !isActive(job));
    for (const { job } of finished.slice(0, Math.max(0, finished.length - MAX_FINISHED))) this.#entries.delete(job.id);
  }
}

/** Whether a job is not over. */
export function isActive({ state }: Pick<Job, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

function stateAfter(error: unknown): Job['state'] {
  if (isAppError(error, 'CANCELLED')) return 'cancelled';
  return isAppError(error, 'PASSCODE_NOT_ENTERED') ? 'not-confirmed' : 'failed';
}
