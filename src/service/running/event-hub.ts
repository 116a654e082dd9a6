import type { LiveEvent } from '../../contract/index.ts';

/**
 * Hands every event to everybody who listens. Whoever is slow is told the newest of each thing, not all that happened
 * to it meanwhile, so that nothing piles up.
 */
export class EventHub {
  readonly #listeners = new Set<Listener>();

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener.take(event);
  }

  /** @param first what is told before anything else: how things stand. */
  async *listen(signal: AbortSignal, first: () => Promise<readonly LiveEvent[]>): AsyncGenerator<LiveEvent, void> {
    const listener = new Listener();
    const wake = (): void => listener.wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', wake);
    try {
      for (const event of await first()) if (!listener.has(event)) yield event;
      while (!signal.aborted) {
        for (const event of listener.takeAll()) {
          yield event;
          if (signal.aborted) return;
        }
        if (!signal.aborted) await listener.somethingNew();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#listeners.delete(listener);
    }
  }
}

class Listener {
  #waiting = new Map<string, LiveEvent>();
  #news = Promise.withResolvers<void>();

  take(event: LiveEvent): void {
    const key = keyOf(event);
    // The newest counts, in the order in which things last changed.
    this.#waiting.delete(key);
    this.#waiting.set(key, event);
    this.wake();
  }

  has(event: LiveEvent): boolean {
    return this.#waiting.has(keyOf(event));
  }

  wake(): void {
    this.#news.resolve();
  }

  async somethingNew(): Promise<void> {
    if (this.#waiting.size === 0) await this.#news.promise;
    this.#news = Promise.withResolvers<void>();
  }

  takeAll(): LiveEvent[] {
    const all = [...this.#waiting.values()];
    this.#waiting = new Map();
    return all;
  }
}

function keyOf(event: LiveEvent): string {
  if (event.event === 'device') return `device ${event.device.udid}`;
  if (event.event === 'job') return `job ${event.job.id}`;
  return event.event === 'snapshots' ? `snapshots ${event.udid}` : `changed ${event.what}`;
}
