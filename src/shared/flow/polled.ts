/**
 * Looks at work from time to time while it goes on, for whoever wants to be told how far it is.
 *
 * @param look told as an item now and then; not after the work is done.
 * @returns what the work gives.
 * @throws what the work throws.
 */
export async function* polled<Result, Item>(
  work: Promise<Result>,
  look: () => Item,
  everyMs = 100,
): AsyncGenerator<Item, Result> {
  const settled = work.then(
    () => true,
    () => true,
  );
  while (!(await withinMs(settled, everyMs))) yield look();
  return await work;
}

async function withinMs(settled: Promise<boolean>, ms: number): Promise<boolean> {
  const { promise: later, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, false);
  try {
    return await Promise.race([settled, later]);
  } finally {
    clearTimeout(timer);
  }
}
