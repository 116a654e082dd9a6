/** Everything about checkups, for whoever makes or shows them: see `loadCheckingUp`. */
export {
  checkupsOf,
  isCheckupDue,
  isSliceDue,
  nextCheckupAt,
  readReport,
  readReportFile,
  readSlice,
  runCheckup,
  unfinishedSince,
  unreadablePath,
  verifyChain,
} from '../../checkup/index.ts';
export { checkupHost } from './checkup-host.ts';
