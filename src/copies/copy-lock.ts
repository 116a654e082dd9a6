import { join } from 'node:path';
import { lockWork } from '../database/index.ts';

/**
 * The right to do something with a copy: two that send it the same would send it twice, and one that reads a repository
 * to prove it keeps whoever writes there out.
 *
 * @throws {AppError} ALREADY_RUNNING
 */
export function lockCopy(stateDir: string, name: string): Disposable {
  return lockWork(join(stateDir, 'copies', `${name}.lock`), {
    message: `something is being done with the copy ${name} at this moment`,
    hint: 'Wait until it has come to its end, or stop it.',
  });
}
