/** From what is in a backup to files that people and other programs open. */
export { takeOut, type TakenOutKind } from './everything/take-out.ts';
export { writeEvidence } from './evidence/evidence.ts';
export { takeOutFiles, type FileProblem, type TakeOutFilesEvent } from './files/take-out-files.ts';
export { ExportFolder, type WrittenFile } from './folder/export-folder.ts';
export type { ContentExport, ExportOptions } from './kind.ts';
export { loadContentExports } from './load-registry.ts';
export type { CopyFacts, PasswordFacts, RecoverySheetFacts, SheetPassword } from './recovery-sheet/facts.ts';
export { loadSheet } from './load-sheet.ts';
export type { TextStyle } from './messages/pdf/typesetting.ts';
export { sharePage } from './recovery-sheet/share-page.ts';
export { recoverySheet } from './recovery-sheet/sheet.ts';
export { playableCopy } from './voicemail/playable.ts';
export { html, page, type Markup } from './text/html.ts';
export { ruleValue } from './calendar/time-properties.ts';
