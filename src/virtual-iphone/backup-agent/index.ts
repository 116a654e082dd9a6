/** The device side of com.apple.mobilebackup2: backup, restore, password, as an iPhone does them. */
export { AGENT_SETTINGS, finishRestart } from './settings.ts';
export { eraseContent } from './erase.ts';
export { encryptBackups } from './keys/backup-keys.ts';
export { HOSTILE_ACTS } from './hostile.ts';
export { serveBackup } from './serve.ts';
export { FAULT_POINTS, type FaultPoint } from './session.ts';
