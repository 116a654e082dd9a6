import { booleanAt, dictionaryAt, type PlistDictionary } from '../../../formats/index.ts';
import { SETTINGS } from '../../context.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import { BackupFolder, layoutOf } from '../folder/layout.ts';
import { loadBackupKeys, plainKeybag } from '../keys/backup-keys.ts';
import { LedgerShelf } from '../ledger/ledger-shelf.ts';
import { askPasscode } from '../passcode.ts';
import { checkTarget, pause, reach, type Session } from '../session.ts';
import { createDirectory, freeDiskBytes, purgeDiskBytes } from '../wire/file-operations.ts';
import { beginRun } from './begin-run.ts';
import { filesToBackUp } from './files-to-send.ts';
import { writeStatus, type Run } from './run.ts';
import { scan, type Upload } from './scan.ts';
import { sendManifest } from './send-manifest.ts';
import { FileSender } from './file-sender.ts';
import { settleRun } from './settle-run.ts';
import { verifyRun } from './verify-run.ts';

/** The phone wants more free than the bytes it sends and these. */
const RESERVE_BYTES = 128 * 1024 * 1024;
/** How much more than it lacks the phone asks the computer to free. */
const PURGE_EXTRA_BYTES = 2 * 1024 * 1024 * 1024;
const VERSION_OF_FREE_SPACE = 300;
const VERSION_OF_PURGE = 400;

/** Serves a Backup request, from the passcode to the final check. @throws {AgentError} @throws {HostGone} */
export async function backUp(session: Session, request: PlistDictionary): Promise<void> {
  const { context, connection } = session;
  checkTarget(session, request);
  await askPasscode(session);
  await reach(session, 'policy');
  if (context.screen.locked && !connection.escrow) throw new AgentError(MB_ERROR.deviceLocked, 'Device locked');
  if (context.settings.get(SETTINGS.setUp) === false) {
    throw new AgentError(MB_ERROR.setupUnfinished, 'Setup Assistant is not finished');
  }
  const keys = await loadBackupKeys(context);
  const run = await beginRun(session, {
    folder: new BackupFolder(context.identity.udid, layoutOf(context.identity.productVersion)),
    keys,
    keybag: keys?.keybag ?? (await plainKeybag(context)),
    startedAt: context.clock.now(),
    forceFull: booleanAt(dictionaryAt(request, 'Options'), 'ForceFullBackup') === true,
  });
  const shelf = new LedgerShelf(context.disk.stateDir);
  try {
    await perform(session, run);
  } finally {
    shelf.putBack(run.ledger);
  }
  shelf.prune();
}

async function perform(session: Session, run: Run): Promise<void> {
  const { context } = session;
  const { ledger, folder, keys } = run;
  await reach(session, 'scan');
  await pause(session, context.backup.scanMs);
  const uploads = await scan(ledger, filesToBackUp(context, keys !== undefined));
  const sender = new FileSender(session, run, uploads);
  await checkSpace(session, sender.totalBytes);
  await makeDirectories(session, folder, uploads);
  ledger.setFacts({ ...ledger.facts, isAnnounced: true });
  await writeStatus(session, run, 'uploading');
  await sender.send(uploads);
  const manifest = await sendManifest(session, run);
  await writeStatus(session, run, 'moving');
  const status = await settleRun(session, run, 'moving');
  await verifyRun(session, run, { ...manifest, status });
}

/** @throws {AgentError} computerFull when the computer says it has too little space, also after it was asked to purge */
async function checkSpace(session: Session, bytes: number): Promise<void> {
  const { link } = session;
  await reach(session, 'free-space');
  if (link.version < VERSION_OF_FREE_SPACE) return;
  const needed = bytes + RESERVE_BYTES;
  const free = await freeDiskBytes(link);
  if (free === undefined || free > needed) return;
  if (link.version >= VERSION_OF_PURGE) {
    await purgeDiskBytes(link, needed - free + PURGE_EXTRA_BYTES);
    const freeNow = await freeDiskBytes(link);
    if (freeNow === undefined || freeNow > needed) return;
  }
  throw new AgentError(MB_ERROR.computerFull, 'Insufficient free disk space on drive to back up');
}

/** The directories that payloads will go to. */
async function makeDirectories(session: Session, folder: BackupFolder, uploads: readonly Upload[]): Promise<void> {
  await reach(session, 'directories');
  const prefixes = [...new Set(uploads.map(({ id }) => id.slice(0, 2)))].toSorted();
  const directories = [
    folder.root,
    ...prefixes.map((prefix) => folder.directory(prefix)),
    folder.snapshot,
    ...prefixes.map((prefix) => folder.directory(prefix, true)),
  ];
  for (const directory of new Set(directories)) await createDirectory(session.link, directory, 0);
}
