import { type CopyEntry, type CopyStatus, isInWindow, readCopies, whatLiesAt } from '../../copies/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';

/** After a run that did not come to its end. */
const RETRY_MS = 3_600_000;
/** What is in its place where the disk of a copy is not connected. */
const AWAY = ['nothing', 'unreadable', 'another'];

/**
 * The copies that are to be brought up to date now. One on a disk in the cupboard waits, silently, until it is there: also
 * where the disk of another copy is in its place meanwhile.
 */
export async function dueCopies(stateDir: string, now: Date, logger: Logger): Promise<string[]> {
  try {
    const copies = await readCopies({ stateDir }, now);
    const entries = copies.map(({ entry }) => entry);
    return copies.filter((copy) => isToRun(copy, entries, now)).map(({ entry }) => entry.name);
  } catch (error) {
    if (!isAppError(error)) throw error;
    logger.warn('the list of copies cannot be read', { code: error.code, reason: error.message });
    return [];
  }
}

function isToRun({ entry, isDue, lastRun }: CopyStatus, entries: readonly CopyEntry[], now: Date): boolean {
  if (!isDue || !isInWindow(entry, now)) return false;
  if (entry.kind === 'folder' && AWAY.includes(whatLiesAt(entry, entries))) return false;
  // One whose hours were over goes on as soon as they come again.
  if (lastRun === undefined || lastRun.outcome === 'done' || lastRun.outcome === 'paused') return true;
  const sinceMs = now.getTime() - lastRun.at.getTime();
  // A clock that was set back must not keep it waiting.
  return sinceMs < 0 || sinceMs >= RETRY_MS;
}
