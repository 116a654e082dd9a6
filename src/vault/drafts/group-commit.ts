import { OperationWriter, type DraftOperation } from './operation.ts';

/** When the operations so far are made durable. */
export interface GroupLimits {
  readonly operations: number;
  /** Sum of the sizes of files received. */
  readonly bytes: number;
  readonly ageMs: number;
}

const LIMITS: GroupLimits = { operations: 4096, bytes: 256 * 1024 * 1024, ageMs: 15_000 };

/**
 * Collects operations and makes them durable a group at a time while the next group is being collected, so that the
 * phone does not wait for the disk unless it is a whole group ahead.
 *
 * The order is the promise: `persist` first makes every object put so far durable, then writes the group down. A
 * failure is final. What the kernel said it could not write is gone, and trying again would only hide that.
 */
export class GroupCommit {
  readonly #persist: (group: OperationWriter) => Promise<void>;
  readonly #limits: GroupLimits;
  #pending = new OperationWriter();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: { error: unknown } | undefined;

  constructor(persist: (group: OperationWriter) => Promise<void>, limits: Partial<GroupLimits> = {}) {
    this.#persist = persist;
    this.#limits = { ...LIMITS, ...limits };
  }

  add(operation: DraftOperation): void {
    this.assertHealthy();
    this.#pending.add(operation);
    this.#timer ??= setTimeout(() => this.#startWhen(this.#pending.count > 0), this.#limits.ageMs).unref();
    this.#startWhen(this.#isFull(1));
  }

  /** A promise to wait for where the disk is a whole group behind; undefined where it keeps up. */
  backpressure(): Promise<void> | undefined {
    return this.#running !== undefined && this.#isFull(2) ? this.#running.then(() => this.assertHealthy()) : undefined;
  }

  /** Makes everything so far durable. @throws whatever `persist` threw, now or before. */
  async settle(): Promise<void> {
    while (this.#failure === undefined && (this.#running !== undefined || this.#pending.count > 0)) {
      await (this.#running ?? this.#start());
    }
    this.assertHealthy();
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  assertHealthy(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits for a group that is being written, whatever becomes of it, and lets go of the rest. */
  async abandon(): Promise<void> {
    clearTimeout(this.#timer);
    this.#failure ??= { error: new Error('the draft is closed') };
    await this.#running;
  }

  #isFull(times: number): boolean {
    const { count, storedBytes } = this.#pending;
    return count >= times * this.#limits.operations || storedBytes >= times * this.#limits.bytes;
  }

  #startWhen(isDue: boolean): void {
    if (isDue && this.#running === undefined && this.#failure === undefined) void this.#start();
  }

  /** Never rejects: a failure is kept for whoever comes next. */
  #start(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#pending;
    this.#pending = new OperationWriter();
    this.#running = this.#persist(group).then(
      () => {
        this.#running = undefined;
        this.#startWhen(this.#isFull(1));
      },
      (error: unknown) => {
        this.#running = undefined;
        this.#failure ??= { error };
      },
    );
    return this.#running;
  }
}
