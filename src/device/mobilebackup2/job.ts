import type { BackupTarget } from '../../shared/target/backup-target.ts';
import type { MobileBackupWarning, TransferCounters } from './events.ts';
import type { PathGuard } from './path-guard.ts';
import type { RoomAsked } from './room.ts';
import type { HostTrouble } from './status.ts';

/** What the parts of one job share. */
export interface JobContext {
  readonly target: BackupTarget;
  readonly guard: PathGuard;
  readonly counters: TransferCounters;
  readonly trouble: HostTrouble;
  readonly room: RoomAsked;
  readonly warn: (warning: MobileBackupWarning) => void;
}
