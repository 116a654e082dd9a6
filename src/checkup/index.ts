/** The proof, once a month and whenever somebody wants it, that everything is intact and would come back; its report. */
export { isCheckupDue, nextCheckupAt } from './due.ts';
export type { BackupFacts, ChannelTest, CheckupChoices, CheckupHost, TriedPassword } from './host.ts';
export { checkupsOf, readReport, readReportFile, unreadablePath, type StoredReport } from './reports/report-folder.ts';
export { verifyChain, type ChainState } from './reports/verify-chain.ts';
export type { WrittenReport } from './reports/write-report.ts';
export { runCheckup, type CheckupEvent } from './run-checkup.ts';
export { isSliceDue, readSlice, type SliceResult } from './slice.ts';
export { unfinishedSince } from './unfinished.ts';
