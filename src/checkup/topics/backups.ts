import { because, type CheckupLine } from '../../contract/index.ts';
import type { BackupFacts, TopicContext } from '../host.ts';
import { line } from '../line.ts';

/** When each device was last backed up, and when it is next. */
export async function lookAtBackups({ host }: TopicContext): Promise<CheckupLine[]> {
  await using vault = await host.openVault('a checkup');
  return (await host.backups(vault)).map((facts) => backupLine(facts, host.now()));
}

function backupLine({ udid, name, lastAt, dueAt, pausedUntil, overdueDays }: BackupFacts, now: Date): CheckupLine {
  const about = { subject: name, udid };
  const at = lastAt.toISOString();
  if (pausedUntil !== undefined && pausedUntil > now) {
    return line('backups', 'unproven', because('backup-paused', { at, until: pausedUntil.toISOString() }), about);
  }
  if (overdueDays !== undefined) {
    const late = because('backup-late', { at, days: overdueDays });
    return line('backups', 'failed', late, about, [because('do-bring-home', {})]);
  }
  const due = dueAt === undefined ? {} : { dueAt: dueAt.toISOString() };
  return line('backups', 'proven', because('backup-recent', { at, ...due }), about);
}
