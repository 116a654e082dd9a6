/**
 * The events of the service for many who follow: numbered, so that who comes back goes on where it was. There is one log
 * for all; everybody has a place in it and no queue, so that slow ones cost nothing.
 */
import { randomBytes } from 'node:crypto';
import type { LiveEvent } from '../../contract/index.ts';
import type { RunningService } from '../../service/index.ts';
import type { Logger } from '../../shared/logger.ts';

/** Whoever is further behind is told how things stand instead. */
const MAX_LOG = 1000;

export interface NumberedEvent {
  /** To be sent back as `Last-Event-ID`. */
  readonly id: string;
  readonly event: LiveEvent;
}

export interface FollowOptions {
  /** As it came with the last event; of another run of the service, it is as if there were none. */
  readonly lastEventId?: string | undefined;
  /** What somebody gets to see of an event; undefined for nothing. */
  readonly sees: (event: LiveEvent) => LiveEvent | undefined;
  /** Who follows: what is told to one visitor alone is told to this one. */
  readonly visitorId?: string | undefined;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly number: number;
  readonly event: LiveEvent;
  /** Everybody where it is undefined. */
  readonly visitorId?: string | undefined;
}

export class LiveEvents implements AsyncDisposable {
  readonly #service: Pick<RunningService, 'events'>;
  readonly #log: Logger;
  /** Numbers of one run mean nothing to another. */
  readonly #run = randomBytes(6).toString('hex');
  readonly #stop = new AbortController();
  readonly #entries: Entry[] = [];
  /** How things stand: the newest of each device and each running job. */
  readonly #standing = new Map<string, Entry>();
  #number = 0;
  #news = Promise.withResolvers<void>();
  #listening: Promise<void> | undefined;

  constructor(service: Pick<RunningService, 'events'>, log: Logger) {
    this.#service = service;
    this.#log = log;
  }

  /** @param onEvent is told of every event of the service. */
  start(onEvent: (event: LiveEvent) => void = () => {}): void {
    this.#listening ??= this.#listen(onEvent);
  }

  /** How things stand, or what was missed since `lastEventId`, then whatever changes, until the signal aborts. */
  async *follow({ lastEventId, sees, visitorId, signal }: FollowOptions): AsyncGenerator<NumberedEvent, void> {
    this.start();
    let at = this.#placeOf(lastEventId);
    while (!signal.aborted && !this.#stop.signal.aborted) {
      const entries = this.#after(at);
      at = this.#number;
      for (const entry of entries) {
        const isForOthers = entry.visitorId !== undefined && entry.visitorId !== visitorId;
        const event = isForOthers ? undefined : sees(entry.event);
        if (event !== undefined) yield { id: `${this.#run}-${entry.number}`, event };
        if (signal.aborted) return;
      }
      if (at === this.#number) await this.#somethingNew(signal);
    }
  }

  /** Something that the service does not tell, because it is the server's own. @param visitorId the one it is for. */
  tell(event: LiveEvent, visitorId?: string): void {
    this.#take(event, visitorId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#news.resolve();
    await this.#listening;
  }

  async #listen(onEvent: (event: LiveEvent) => void): Promise<void> {
    try {
      for await (const event of this.#service.events(this.#stop.signal)) {
        this.#take(event);
        onEvent(event);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#log.error('live events ended', { error: String(error) });
    }
  }

  #take(event: LiveEvent, visitorId?: string): void {
    const entry = { number: ++this.#number, event, visitorId };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_LOG) this.#entries.shift();
    const key = standingKey(event);
    if (key !== undefined && isOver(event)) this.#standing.delete(key);
    else if (key !== undefined) this.#standing.set(key, entry);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Undefined for one that starts anew. */
  #placeOf(lastEventId: string | undefined): number | undefined {
    const [run, number = ''] = lastEventId?.split('-') ?? [];
    const at = /^\d{1,15}$/.test(number) ? Number(number) : Number.NaN;
    return run === this.#run && at <= this.#number ? at : undefined;
  }

  #after(at: number | undefined): Entry[] {
    const first = this.#entries[0]?.number ?? this.#number + 1;
    if (at === undefined || at + 1 < first) {
      return [...this.#standing.values()].toSorted((a, b) => a.number - b.number);
    }
    const missed = this.#entries.slice(at + 1 - first);
    // Of the same device or job only the newest counts.
    const newest = new Map(missed.map((entry) => [standingKey(entry.event) ?? entry.number, entry]));
    return [...newest.values()].toSorted((a, b) => a.number - b.number);
  }

  async #somethingNew(signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    const end = (): void => over.resolve();
    signal.addEventListener('abort', end, { once: true });
    try {
      await Promise.race([this.#news.promise, over.promise]);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

function standingKey(event: LiveEvent): string | undefined {
  if (event.event === 'device') return `device ${event.device.udid}`;
  return event.event === 'job' ? `job ${event.job.id}` : undefined;
}

function isOver(event: LiveEvent): boolean {
  return event.event === 'job' && event.job.state !== 'waiting' && event.job.state !== 'running';
}
