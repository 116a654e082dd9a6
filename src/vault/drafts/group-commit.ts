import { ChangeGroup, type FileChange } from './change-group.ts';

/** When the changes so far are made durable. */
export interface GroupLimits {
  readonly changes: number;
  readonly bytes: number;
  readonly ageMs: number;
}

const LIMITS: GroupLimits = { changes: 4096, bytes: 256 * 1024 * 1024, ageMs: 15_000 };

/**
 * Collects changes and makes them durable a group at a time while the next group is being collected, so that the
 * phone does not wait for the disk unless it is a whole group ahead.
 *
 * The order is the promise: `persist` first makes every object put so far durable, then writes the group down. A
 * failure is final. What the kernel said it could not write is gone, and trying again would only hide that.
 */
export class GroupCommit {
  readonly #persist: (group: ChangeGroup) => Promise<void>;
  readonly #limits: GroupLimits;
  #pending = new ChangeGroup();
  #sealed: ChangeGroup | undefined;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: { error: unknown } | undefined;

  constructor(persist: (group: ChangeGroup) => Promise<void>, limits: Partial<GroupLimits> = {}) {
    this.#persist = persist;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** The changes that are not in the database yet, newest first. */
  layers(): ChangeGroup[] {
    return this.#sealed === undefined ? [this.#pending] : [this.#pending, this.#sealed];
  }

  /** What is not in the database yet about one file. */
  get(directory: string, name: string): FileChange | undefined {
    return this.#pending.get(directory, name) ?? this.#sealed?.get(directory, name);
  }

  put(directory: string, name: string, change: FileChange): void {
    this.assertHealthy();
    this.#pending.put(directory, name, change);
    this.#startTimer();
    if (this.#running === undefined && this.#isFull(1)) void this.#start();
  }

  addDirectory(path: string): void {
    this.assertHealthy();
    this.#pending.directories.add(path);
    this.#startTimer();
  }

  /** A promise to wait for where the disk is a whole group behind; undefined where it keeps up. */
  backpressure(): Promise<void> | undefined {
    return this.#running !== undefined && this.#isFull(2) ? this.#running.then(() => this.assertHealthy()) : undefined;
  }

  /** Makes everything so far durable. @throws whatever `persist` threw, now or before. */
  async settle(): Promise<void> {
    while (this.#failure === undefined && (this.#running !== undefined || !this.#pending.isEmpty)) {
      await (this.#running ?? this.#start());
    }
    this.assertHealthy();
  }

  /**
   * Runs a change that goes right into the database, when all changes before it are there. Having failed half-way it
   * is as final as a failed group.
   */
  async exclusively(change: () => void): Promise<void> {
    do await this.settle();
    while (this.#running !== undefined || !this.#pending.isEmpty);
    try {
      change();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
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
    return this.#pending.count >= times * this.#limits.changes || this.#pending.bytes >= times * this.#limits.bytes;
  }

  /** Never rejects: a failure is kept for whoever comes next. */
  #start(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#pending;
    this.#sealed = group;
    this.#pending = new ChangeGroup();
    this.#running = this.#persist(group).then(
      () => {
        this.#sealed = undefined;
        this.#running = undefined;
        if (this.#failure === undefined && this.#isFull(1)) void this.#start();
      },
      (error: unknown) => {
        this.#running = undefined;
        this.#failure ??= { error };
      },
    );
    return this.#running;
  }

  #startTimer(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#running === undefined && this.#failure === undefined && !this.#pending.isEmpty) void this.#start();
    }, this.#limits.ageMs).unref();
  }
}
