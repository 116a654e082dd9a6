import { setImmediate } from 'node:timers/promises';

/** So long everything else of the process may wait for a step of long work. */
const SLICE_MS = 12;

/** Does something with each of many things, and lets the rest of the process do its work in between. */
export async function forEachInSlices<T>(
  items: Iterable<T>,
  each: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const item of items) {
    each(item);
    if (performance.now() < sliceEndsAt) continue;
    await setImmediate();
    signal?.throwIfAborted();
    sliceEndsAt = performance.now() + SLICE_MS;
  }
}

/** What a generator returns, with the rest of the process at work between its steps. */
export async function runInSlices<T>(steps: Generator<unknown, T>, signal?: AbortSignal): Promise<T> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() < sliceEndsAt) continue;
    await setImmediate();
    signal?.throwIfAborted();
    sliceEndsAt = performance.now() + SLICE_MS;
  }
}

/** The same things one by one, for readers that wait for each. */
export async function* inSlices<T>(
  items: Iterable<T> | AsyncIterable<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, undefined> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for await (const item of items) {
    yield item;
    if (performance.now() < sliceEndsAt) continue;
    await setImmediate();
    signal?.throwIfAborted();
    sliceEndsAt = performance.now() + SLICE_MS;
  }
}
