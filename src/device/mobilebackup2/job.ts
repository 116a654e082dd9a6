import type { BackupTarget } from '../../shared/backup-target.ts';
import type { MobileBackupWarning, TransferCounters } from './events.ts';
import type { PathGuard } from './path-guard.ts';
import type { HostTrouble } from './status.ts';

/** What the parts of one job share. */
export interface JobContext {
  readonly target: BackupTarget;
  readonly guard: PathGuard;
  readonly counters: TransferCounters;
  readonly trouble: HostTrouble;
  readonly warn: (warning: MobileBackupWarning) => void;
}
