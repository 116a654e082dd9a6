import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CopyStatus, isInWindow, readCopies } from '../../copies/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';

/** After a run that did not come to its end. */
const RETRY_MS = 3_600_000;
/** The mark of a vault: a disk that is not connected has none. */
const MARK = 'holdfast.json';

/**
 * The copies that are to be brought up to date now. One on a disk in the cupboard waits, silently, until it is there.
 */
export async function dueCopies(stateDir: string, now: Date, logger: Logger): Promise<string[]> {
  try {
    const copies = await readCopies({ stateDir }, now);
    return copies.filter((copy) => isToRun(copy, now)).map(({ entry }) => entry.name);
  } catch (error) {
    if (!isAppError(error)) throw error;
    logger.warn('the list of copies cannot be read', { code: error.code, reason: error.message });
    return [];
  }
}

function isToRun({ entry, isDue, lastRun }: CopyStatus, now: Date): boolean {
  if (!isDue || !isInWindow(entry, now)) return false;
  if (entry.kind === 'folder' && !existsSync(join(entry.dir, MARK))) return false;
  // One whose hours were over goes on as soon as they come again.
  if (lastRun === undefined || lastRun.outcome === 'done' || lastRun.outcome === 'paused') return true;
  const sinceMs = now.getTime() - lastRun.at.getTime();
  // A clock that was set back must not keep it waiting.
  return sinceMs < 0 || sinceMs >= RETRY_MS;
}
