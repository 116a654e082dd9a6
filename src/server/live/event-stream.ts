/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
import { setTimeout as wait } from 'node:timers/promises';
import type { NumberedEvent } from './live-events.ts';

/** Less than what proxies wait for before they take a connection for dead. */
const KEEP_ALIVE_MS = 15_000;
/** What a browser waits before it comes back. */
const RETRY_MS = 3000;

export interface EventStreamOptions {
  /** Begins to follow; the signal aborts when the client is gone. */
  readonly follow: (signal: AbortSignal) => AsyncGenerator<NumberedEvent, void>;
  /** Called now and then, while nothing happens. */
  readonly onQuiet: () => void;
  /** Called once, when it is over. */
  readonly onEnd: () => void;
  /** Aborted from our side, or when the client is gone. */
  readonly signal: AbortSignal;
  readonly keepAliveMs?: number;
}

/** One event is asked for when the client has taken the one before: what it does not read is not made. */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const signal = AbortSignal.any([options.signal, gone.signal]);
  const texts = textsOf(options, signal);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await texts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        gone.abort();
        await texts.return();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 1 }),
  );
}

async function* textsOf(options: EventStreamOptions, signal: AbortSignal): AsyncGenerator<string, void> {
  const events = options.follow(signal);
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    let next = events.next();
    while (!signal.aborted) {
      const come = await nextOrQuiet(next, options.keepAliveMs ?? KEEP_ALIVE_MS);
      if (come === undefined) {
        options.onQuiet();
        yield ': \n\n';
        continue;
      }
      if (come.done === true) return;
      yield `id: ${come.value.id}\ndata: ${JSON.stringify(come.value.event)}\n\n`;
      next = events.next();
    }
  } finally {
    options.onEnd();
    await events.return();
  }
}

/** @returns undefined when nothing came for so long. */
async function nextOrQuiet<T>(next: Promise<T>, quietMs: number): Promise<T | undefined> {
  const come = new AbortController();
  try {
    return await Promise.race([next, wait(quietMs, undefined, { signal: come.signal })]);
  } finally {
    come.abort();
  }
}
