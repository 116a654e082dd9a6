import { systemErrorCode } from '../errors.ts';

/** What `work` gives; undefined where the system refuses. For what is good to have and can be done without. */
export function unlessFailed<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
