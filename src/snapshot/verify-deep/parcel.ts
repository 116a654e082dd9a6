import { Worker } from 'node:worker_threads';
import type { ContentFacts, ContentOutcome } from './check-content.ts';

/** What happens in order: a content begins, so many bytes of it follow in the buffer, it ends. */
type Step = ContentFacts | number | 'end';

/** Stored bytes of several small contents, or some of a large one, on their way to the thread. */
export interface Parcel {
  readonly buffer: ArrayBuffer;
  readonly steps: readonly Step[];
}

export interface ParcelReply {
  /** Comes back to be filled again. */
  readonly buffer: ArrayBuffer;
  /** Of the contents that ended in the parcel, in order. */
  readonly outcomes: readonly ContentOutcome[];
}

const PARCEL_BYTES = 1024 * 1024;
/** One is filled, one is worked on, two wait: no more memory than that, however large the files. */
const PARCELS = 4;
/** Many empty files make a parcel of steps alone. */
const MAX_STEPS = 2000;

/** Hands contents to a thread that checks them; outcomes come back in the order of the contents. */
export class ParcelLine implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #free: ArrayBuffer[] = Array.from({ length: PARCELS - 1 }, () => new ArrayBuffer(PARCEL_BYTES));
  #filling = new Uint8Array(PARCEL_BYTES);
  #filledBytes = 0;
  #steps: Step[] = [];
  #outcomes: ContentOutcome[] = [];
  #failure: { readonly error: unknown } | undefined;
  #onReply: (() => void) | undefined;

  constructor(maxDatabaseBytes: number) {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.#worker = new Worker(new URL(`./check-worker${extension}`, import.meta.url), {
      workerData: { maxDatabaseBytes },
      // What it makes is garbage at once, much of it outside the heap, where nothing counts it.
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.#worker.on('message', ({ buffer, outcomes }: ParcelReply) => {
      this.#free.push(buffer);
      for (const outcome of outcomes) this.#outcomes.push(outcome);
      this.#onReply?.();
    });
    this.#worker.on('error', (error) => {
      this.#failure = { error };
      this.#onReply?.();
    });
  }

  begin(facts: ContentFacts): void {
    this.#steps.push(facts);
  }

  /** Takes the bytes before it returns or, where it returns a promise, before that resolves. */
  push(stored: Uint8Array): Promise<void> | undefined {
    if (stored.length <= this.#filling.length - this.#filledBytes) {
      this.#copy(stored);
      return undefined;
    }
    return this.#pushPieces(stored);
  }

  /** The content is whole; its outcome comes later. */
  end(): Promise<void> | undefined {
    this.#steps.push('end');
    return this.#steps.length >= MAX_STEPS ? this.#send() : undefined;
  }

  /** What has come back since the last time. */
  takeOutcomes(): ContentOutcome[] {
    this.#assertRunning();
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    return outcomes;
  }

  /** Sends what is waiting, and resolves when everything sent has come back. */
  async finish(): Promise<void> {
    await this.#send();
    while (this.#free.length < PARCELS - 1) await this.#reply();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  async #pushPieces(stored: Uint8Array): Promise<void> {
    for (let at = 0; at < stored.length;) {
      const room = this.#filling.length - this.#filledBytes;
      const piece = stored.subarray(at, at + room);
      this.#copy(piece);
      at += piece.length;
      if (at < stored.length) await this.#send();
    }
  }

  #copy(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#filling.set(bytes, this.#filledBytes);
    this.#filledBytes += bytes.length;
    this.#steps.push(bytes.length);
  }

  async #send(): Promise<void> {
    const parcel: Parcel = { buffer: this.#filling.buffer, steps: this.#steps };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    this.#worker.postMessage(parcel, [parcel.buffer]);
    this.#steps = [];
    this.#filledBytes = 0;
    while (this.#free.length === 0) await this.#reply();
    this.#filling = new Uint8Array(this.#free.pop() ?? new ArrayBuffer(PARCEL_BYTES));
  }

  async #reply(): Promise<void> {
    this.#assertRunning();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onReply = resolve;
    await promise;
    this.#onReply = undefined;
    this.#assertRunning();
  }

  #assertRunning(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
