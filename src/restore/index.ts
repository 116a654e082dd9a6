/** Snapshot → phone, with the checks first. */
export type { RestoreEvent, RestorePhase } from './events.ts';
export type { Check, CheckId } from './rehearsal/check.ts';
export { stops } from './rehearsal/check.ts';
export { checkFiles, UNCHECKED_FILES, type FilesEvent } from './rehearsal/files-check.ts';
export { lookAtContent, mayHoldData, type PhoneContent } from './rehearsal/phone-content.ts';
export { blockedError, quickChecks } from './rehearsal/rehearse.ts';
export { restore, type RestoreOptions } from './restore.ts';
export type { RestoreSource } from './restore-source.ts';
