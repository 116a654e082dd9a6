import { randomUUID } from 'node:crypto';
import { parseKeybag } from '../../../keybag/index.ts';
import { digestOfFile, readFile } from '../folder/read-files.ts';
import type { BackupFolder } from '../folder/layout.ts';
import { parseManifestPlist } from '../folder/manifest-plist.ts';
import { parseStatusPlist, type BackupStatus } from '../folder/status-plist.ts';
import type { BackupKeys } from '../keys/backup-keys.ts';
import { LedgerShelf } from '../ledger/ledger-shelf.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { reach, type Session } from '../session.ts';
import { removeItems } from '../wire/file-operations.ts';
import { checkFolder, payloadsIn } from './check-folder.ts';
import type { Run } from './run.ts';
import { settleRun } from './settle-run.ts';

export interface RunOptions {
  readonly folder: BackupFolder;
  readonly keys: BackupKeys | undefined;
  readonly keybag: Buffer;
  readonly startedAt: Date;
  readonly forceFull: boolean;
}

/**
 * Looks at what the host's folder holds and decides how to go on from there: with a run that was cut short, with the
 * changes since the last one, or from the beginning, when there is nothing or nothing to be trusted.
 *
 * @throws {AgentError} @throws {HostGone}
 */
export async function beginRun(session: Session, options: RunOptions): Promise<Run> {
  await reach(session, 'status');
  const status = await readStatus(session, options.folder);
  if (status === undefined) return fullRun(session, options);
  const { forceFull, folder, keybag } = options;
  const ledger = forceFull ? undefined : shelfOf(session).open(status.uuid);
  if (ledger === undefined) return fullRunOver(session, options, forceFull ? 'asked for' : 'folder is not known');
  const isUsable = status.version === folder.layout.statusVersion && ledger.facts.keybagUuid === uuidOf(keybag);
  const reason = isUsable ? await tryToGoOn(session, options, status, ledger) : 'another version or keybag';
  if (typeof reason !== 'string') return reason;
  ledger.close();
  return fullRunOver(session, options, reason);
}

/** @returns the run, or why there has to be a full one. */
async function tryToGoOn(
  session: Session,
  options: RunOptions,
  status: BackupStatus,
  ledger: Ledger,
): Promise<Run | string> {
  await reach(session, 'check');
  const { snapshotState } = status;
  if (snapshotState === 'uploading') return resumedRun(session, options, ledger);
  if (snapshotState !== 'finished') {
    const run = runOf(options, ledger, true);
    const { lost } = await checkFolder(session.link, options.folder, ledger, 'either');
    if (lost !== undefined) return `${lost} is missing`;
    await settleRun(session, run, snapshotState);
  }
  return incrementalRun(session, options, ledger);
}

async function resumedRun(session: Session, options: RunOptions, ledger: Ledger): Promise<Run | string> {
  const { lost, unsent } = await checkFolder(session.link, options.folder, ledger, 'snapshot');
  if (lost !== undefined) return `${lost} is missing`;
  ledger.transaction(() => unsent.forEach((id) => ledger.unsend(id)));
  return runOf(options, ledger, true);
}

async function incrementalRun(session: Session, options: RunOptions, ledger: Ledger): Promise<Run | string> {
  const { folder, keys, keybag } = options;
  const manifest = await readFile(session, folder.file('Manifest.plist'));
  if (manifest === undefined) return 'Manifest.plist is missing';
  const facts = parseManifestPlist(manifest);
  if (facts.isEncrypted !== (keys !== undefined) || facts.keybag?.equals(keybag) !== true) return 'another keybag';
  const digest = await digestOfFile(session, folder.file(folder.layout.manifestName));
  if (digest !== ledger.facts.manifestDigest) return `${folder.layout.manifestName} is not the one that was written`;
  // The host may have finished the last run although the phone never heard of it.
  if (ledger.facts.state !== 'finished') ledger.settle();
  const { lost } = await checkFolder(session.link, folder, ledger, 'place');
  if (lost !== undefined) return `${lost} is missing`;
  const next = shelfOf(session).fork(ledger, newUuid(), {
    ...ledger.facts,
    state: 'uploading',
    isFull: false,
    isAnnounced: false,
  });
  ledger.close();
  return runOf(options, next, false);
}

function fullRun(session: Session, options: RunOptions): Run {
  const ledger = shelfOf(session).create(newUuid(), {
    state: 'uploading',
    isFull: true,
    isAnnounced: false,
    keybagUuid: uuidOf(options.keybag),
  });
  return runOf(options, ledger, false);
}

/** A full run over a folder that holds something: what it does not replace is removed in the end. */
async function fullRunOver(session: Session, options: RunOptions, reason: string): Promise<Run> {
  session.context.log.info('the phone starts a full backup over an earlier one', { reason });
  const run = fullRun(session, options);
  try {
    await removeItems(session.link, [options.folder.snapshot], 0);
    const ids = await Array.fromAsync(payloadsIn(session.link, options.folder));
    run.ledger.transaction(() => ids.forEach((id) => run.ledger.putGone(id)));
    return run;
  } catch (error) {
    shelfOf(session).putBack(run.ledger);
    throw error;
  }
}

function runOf({ folder, keys, keybag, startedAt }: RunOptions, ledger: Ledger, isResumed: boolean): Run {
  return { folder, ledger, keys, keybag, startedAt, isResumed };
}

async function readStatus(session: Session, folder: BackupFolder): Promise<BackupStatus | undefined> {
  const bytes = await readFile(session, folder.file('Status.plist'));
  return bytes && parseStatusPlist(bytes);
}

function shelfOf({ context }: Session): LedgerShelf {
  return new LedgerShelf(context.disk.stateDir);
}

function uuidOf(keybag: Buffer): string {
  return parseKeybag(keybag).uuid.toString('hex');
}

function newUuid(): string {
  return randomUUID().toUpperCase();
}
