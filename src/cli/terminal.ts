import { AppError } from '../shared/errors.ts';
import type { CliContext } from './context.ts';

/**
 * Listens to the person at the terminal until `take` makes an answer of what was typed.
 *
 * @param take gets what was typed since it was last called; its answer ends the listening, and so does what it throws.
 * @param closed says what it means that the terminal was closed before.
 * @throws {AppError} CANCELLED when the terminal is closed; the reason of the context's signal
 */
export async function listenTo<T>(
  context: CliContext,
  input: NodeJS.ReadStream,
  take: (bytes: Buffer) => T | undefined,
  closed: string,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onData = (bytes: Buffer): void => {
    try {
      const answer = take(bytes);
      if (answer !== undefined) resolve(answer);
    } catch (error) {
      reject(error);
    }
  };
  const onAbort = (): void => reject(context.signal.reason as Error);
  const onEnd = (): void => reject(new AppError('CANCELLED', closed));
  context.signal.addEventListener('abort', onAbort);
  input.on('data', onData).on('end', onEnd).resume();
  try {
    if (context.signal.aborted) onAbort();
    return await promise;
  } finally {
    input.off('data', onData).off('end', onEnd).pause();
    context.signal.removeEventListener('abort', onAbort);
  }
}
