/** Everything about checkups, for whoever makes or shows them: see `loadCheckingUp`. */
export {
  checkupsOf,
  unreadablePath,
  isCheckupDue,
  isSliceDue,
  nextCheckupAt,
  readReport,
  readReportFile,
  readSlice,
  runCheckup,
  unfinishedSince,
  verifyChain,
} from '../../checkup/index.ts';
export { checkupHost } from './checkup-host.ts';
