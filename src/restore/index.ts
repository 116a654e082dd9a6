/** Snapshot → phone, with the checks first. */
export type { RestoreEvent, RestorePhase } from './events.ts';
export { restore, type RestoreOptions } from './restore.ts';
export type { RestoreSource } from './restore-source.ts';
