import type { MobileBackupPhase } from './events.ts';
import type { DeviceOperation } from './operations.ts';
import type { MobileBackupRequest } from './requests.ts';

/**
 * The phase a job is in once the device asks for `operation`. A run that takes up an interrupted one may first move
 * and remove, then scan and send: phases are no straight line.
 */
export function phaseOf(
  operation: DeviceOperation,
  current: MobileBackupPhase,
  request: MobileBackupRequest['kind'],
): MobileBackupPhase {
  const early = current === 'handshake' || current === 'waiting';
  switch (operation.kind) {
    case 'move':
      return 'moving';
    case 'remove':
      return 'removing';
    case 'download':
      if (request === 'restore' && operation.paths.some(isPayload)) return 'sending';
      return current === 'removing' ? 'verifying' : early ? 'preparing' : current;
    case 'list':
      return current === 'removing' ? 'verifying' : early ? 'preparing' : current;
    case 'free-space':
    case 'purge':
      return 'preparing';
    case 'upload':
    case 'make-directory':
    case 'copy':
    case 'unknown':
    default:
      return early ? 'preparing' : current;
  }
}

/** Whether a file being received belongs to the new backup, and is not one of the small ones that steer it. */
export function isContent(path: string): boolean {
  return path.includes('/Snapshot/');
}

/** Whether a file asked for is the content of one of the backup's files, and none of its lists. */
function isPayload(path: string): boolean {
  return /\/[0-9a-f]{40}$/.test(path);
}
