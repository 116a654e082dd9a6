import { letGo } from '../../shared/flow/let-go.ts';
import type { TargetError, TargetSink } from '../../shared/target/backup-target.ts';
import type { JobContext } from './job.ts';
import { type Failure, failureOf } from './status.ts';

/** How many failures of one batch are reported one by one. A batch has 128 files. */
const MAX_FAILURES = 10_000;

/**
 * Brings the files of a batch into the target. A file that cannot be written is consumed all the same and reported in
 * the answer to the batch; an answer in the middle would be taken for something else.
 *
 * Methods return a promise only when the target does: most backups are tens of thousands of tiny files, and a promise
 * for each would cost more than the file.
 */
export class FileReceiver {
  readonly #job: JobContext;
  #path = '';
  #sink: TargetSink | undefined;
  #failure: Failure | undefined;
  #failures = new Map<string, Failure>();
  #refusal: TargetError | undefined;

  constructor(job: JobContext) {
    this.#job = job;
  }

  /** Takes nothing of the batch that begins; it is consumed all the same. */
  refuseBatch(reason: TargetError): void {
    this.#refusal = reason;
  }

  start(path: string): void {
    this.#path = path;
    this.#failure = undefined;
    const refusal = this.#job.guard.refusal(path) ?? this.#refusal;
    if (refusal !== undefined) this.#refuse(refusal);
  }

  /**
   * @param bytes whose memory is given back when they are written, where it is theirs alone: as in the middle of a large
   *   file. The garbage collector lets tens of megabytes of it pile up, whose place the system does not get back.
   */
  data(bytes: Buffer): void | Promise<void> {
    if (this.#failure !== undefined) return undefined;
    this.#job.counters.bytesReceived += bytes.length;
    try {
      const sink = this.#sink ?? this.#open();
      const pending = sink instanceof Promise ? sink.then((opened) => opened.write(bytes)) : sink.write(bytes);
      if (pending instanceof Promise) return this.#settle(pending.then(() => letGo(bytes)));
      letGo(bytes);
      return undefined;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /**
   * The device is through with the file. Of one it gave up on, what came is kept: it sends the file again, or leaves
   * it out of its list.
   */
  end(status: number, text: string): void | Promise<void> {
    if (status !== 0) this.#job.warn({ kind: 'file-incomplete', path: this.#path, status, text });
    if (this.#failure !== undefined || (status !== 0 && this.#sink === undefined)) return undefined;
    try {
      const sink = this.#sink ?? this.#open();
      const pending = sink instanceof Promise ? sink.then((opened) => opened.finish()) : sink.finish();
      if (pending instanceof Promise) return this.#settle(pending.then(() => this.#received(status)));
      return this.#received(status);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** What failed in the batch, by path; the next batch begins with nothing failed. */
  takeFailures(): ReadonlyMap<string, Failure> {
    const failures = this.#failures;
    this.#failures = new Map();
    this.#refusal = undefined;
    return failures;
  }

  /** Drops the file under way, if there is one. */
  async abandon(): Promise<void> {
    const sink = this.#sink;
    this.#forget();
    await sink?.discard();
  }

  #open(): TargetSink | Promise<TargetSink> {
    const sink = this.#job.target.create(this.#path);
    if (!(sink instanceof Promise)) {
      this.#sink = sink;
      return sink;
    }
    return sink.then((opened) => {
      this.#sink = opened;
      return opened;
    });
  }

  async #settle(pending: Promise<void>): Promise<void> {
    try {
      await pending;
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** @throws `error` when it is not one that the device can be told. */
  #fail(error: unknown): void | Promise<void> {
    this.#refuse(error);
    const sink = this.#sink;
    this.#forget();
    return sink?.discard();
  }

  #refuse(error: unknown): void {
    const failure = failureOf(error);
    this.#job.trouble.note(error, failure);
    this.#failure = failure;
    if (this.#failures.size < MAX_FAILURES) this.#failures.set(this.#path, failure);
  }

  #received(status: number): void {
    if (status === 0) this.#job.counters.filesReceived += 1;
    this.#forget();
  }

  #forget(): void {
    this.#sink = undefined;
  }
}
