import type { CopyEntry } from './registry.ts';
import { msLeftOf } from './schedule.ts';

/** However long it still is: clocks are set, and computers sleep. */
const LOOK_EVERY_MS = 60_000;

/** The hours in which a copy may run by itself, from now on. */
export interface Window extends Disposable {
  /** Aborts when they are over. */
  readonly over: AbortSignal;
}

/** Watches the hours of a copy until disposed. One that has none may run all day. */
export function watchWindow(entry: Pick<CopyEntry, 'window'>, now: () => Date): Window {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const leftMs = msLeftOf(entry, now());
    if (leftMs === 0) over.abort();
    else if (leftMs !== Infinity) timer = setTimeout(look, Math.min(LOOK_EVERY_MS, leftMs));
  };
  look();
  return { over: over.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
