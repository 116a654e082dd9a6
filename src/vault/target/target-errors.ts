import { TargetError } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';

/** Says a failure of the vault in the words that a phone can be told; anything unexpected passes through. */
function asTargetError(error: unknown): unknown {
  if (!isAppError(error)) return error;
  const reason = error.code === 'OUT_OF_SPACE' ? 'no-space' : 'io';
  return new TargetError(reason, error.message, { cause: error });
}

/** Runs one operation of a target; however it fails, now or later, the failure is a TargetError or a bug. */
export function answering<T>(operation: () => T): T {
  try {
    const answer = operation();
    // The promise that replaces a promise settles to the same value, so the type stays.
    return answer instanceof Promise ? (answer.catch(rethrow) as T) : answer;
  } catch (error) {
    throw asTargetError(error);
  }
}

/** The bytes of a file as they come, with failures said as a target says them. */
export async function* answeringChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw asTargetError(error);
  }
}

function rethrow(error: unknown): never {
  throw asTargetError(error);
}
