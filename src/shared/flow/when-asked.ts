/**
 * Passes on what `begin` gives, which is asked for with the first step: for work whose code is loaded only where it is
 * done. A command starts twice as fast for it.
 */
export async function* whenAsked<T>(begin: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, undefined> {
  yield* await begin();
  return undefined;
}
