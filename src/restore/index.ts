/** Snapshot → phone, with the checks first. */
export type { RestoreEvent, RestorePhase } from './events.ts';
export type { Check, CheckId } from './rehearsal/check.ts';
export { stops } from './rehearsal/check.ts';
export { checkFiles, UNCHECKED_FILES, type FilesEvent } from './rehearsal/files-check.ts';
export { lookAtContent, mayHoldData, type PhoneContent } from './rehearsal/phone-content.ts';
export { blockedError, quickChecks } from './rehearsal/rehearse.ts';
export { restore, type RestoreOptions } from './restore.ts';
export type { RestoreSource } from './restore-source.ts';
export { composeBackup, type ComposedBackup, type ComposeRequest } from './compose/compose-backup.ts';
export type { ExchangeProgress, LeftOut } from './compose/exchange-parts.ts';
export { gatherParts } from './compose/gather-parts.ts';
export { parseChoice, SELECTABLE_KINDS, type Chosen } from './compose/choice.ts';
export { planSelection, type PartAmount, type PlannedPart, type SelectionPlan } from './compose/plan.ts';
