/** The only folder that imports node:sqlite. */
export { Database, type Row, type SqlValue, type Statement } from './database.ts';
export { DatabaseBusyError, isDamage, isTooLargeNumber } from './errors.ts';
export { lockFile } from './file-lock.ts';
export { giveFreedMemoryBack } from './freed-memory.ts';
export { isDatabase, openDatabase, openDatabaseBytes, openMemoryDatabase } from './open.ts';
export { lockWork } from './work-lock.ts';
export { withWriteAheadLog } from './write-ahead-log.ts';
export { recoveringRows, recoverRows, type Fragment, type TableShape } from './recovery/recover-rows.ts';
export { salvageDatabase, type LostRows } from './recovery/salvage.ts';
