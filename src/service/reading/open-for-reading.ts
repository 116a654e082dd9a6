import { existsSync } from 'node:fs';
import { keybagId } from '../../keybag/index.ts';
import { isAppError } from '../../shared/errors.ts';
import {
  backupFolderAt,
  folderSource,
  knownClassKeys,
  openBackup,
  passwordNeeded,
  readEncryption,
  readStatus,
  type Backup,
  type BackupSource,
  type ManifestFacts,
} from '../../snapshot/index.ts';
import { openKnownVault, type SnapshotRecord, type SnapshotView, type Vault } from '../../vault/index.ts';
import type { PasswordOf } from '../secrets/backup-passwords.ts';

/**
 * Asked only when a backup is encrypted and its keys are not known to this process. Undefined is "nobody to ask".
 *
 * @param again the last one was wrong; undefined then gives up.
 * @param of which backup it is for.
 */
export type AskPassword = (again: boolean, of: PasswordOf) => Promise<string | undefined>;

export interface OpenForReadingRequest {
  /** The id of a snapshot, the beginning of one, “latest”; or the path of a backup folder, or of one that holds one. */
  readonly wanted: string;
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly password: AskPassword;
  readonly signal?: AbortSignal | undefined;
  /** Whether a damaged list of files is read as far as it goes: see `OpenBackupOptions`. What is lost is warned of. */
  readonly readsDamaged?: boolean | undefined;
  /** What the reader should know and what does not stop the reading, in sentences: an unfinished backup. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** A backup open for reading, with what holds its bytes. */
export interface OpenedForReading extends AsyncDisposable {
  readonly backup: Backup;
  /** Undefined for a folder. */
  readonly record: SnapshotRecord | undefined;
  readonly vault: Vault | undefined;
  /** The folder that was read, undefined for a snapshot. */
  readonly folder: string | undefined;
}

const ID_OR_BEGINNING = /^(?:latest|[0-9a-f]{1,8})$/;

/**
 * Opens a snapshot of the vault, or a backup folder where it lies, with its password where it needs one. Only reads.
 *
 * What looks like an id is looked for in the vault first; a folder of such a name can be given as `./name`.
 *
 * @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND, NOT_A_BACKUP, WRONG_PASSWORD, SNAPSHOT_CORRUPT
 * @throws {FormatError} when its lists, keybag or manifest are damaged.
 */
export async function openForReading(request: OpenForReadingRequest): Promise<OpenedForReading> {
  await using stack = new AsyncDisposableStack();
  const place = await placeOf(request, stack);
  const warning = await unfinishedWarning(place.source);
  if (warning !== undefined) request.onWarning?.(warning);
  const backup = stack.use(await openWithPassword(place.source, request));
  for (const damage of backup.damages) request.onWarning?.(damage);
  const closing = stack.move();
  return {
    backup,
    record: place.record,
    vault: place.vault,
    folder: place.folder,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Where the bytes of a backup are, not opened yet. */
export interface BackupPlace {
  readonly source: BackupSource;
  readonly record?: SnapshotRecord;
  readonly vault?: Vault;
  readonly folder?: string;
}

/** What was asked for, found. The stack holds what has to be closed. @throws as `openForReading` */
export async function placeOf(
  request: Pick<OpenForReadingRequest, 'wanted' | 'vaultDir' | 'stateDir'>,
  stack: AsyncDisposableStack,
): Promise<BackupPlace> {
  const { wanted } = request;
  if (!ID_OR_BEGINNING.test(wanted) && (existsSync(wanted) || /[/\\]/.test(wanted))) return folderPlace(wanted);
  try {
    return await snapshotPlace(request, stack);
  } catch (error) {
    const isNotThere = isAppError(error, 'SNAPSHOT_NOT_FOUND', 'VAULT_NOT_FOUND');
    if (isNotThere && wanted !== 'latest' && existsSync(wanted)) return folderPlace(wanted);
    throw error;
  }
}

function folderPlace(path: string): BackupPlace {
  const folder = backupFolderAt(path);
  return { source: folderSource(folder), folder };
}

async function snapshotPlace(
  request: Pick<OpenForReadingRequest, 'wanted' | 'vaultDir' | 'stateDir'>,
  stack: AsyncDisposableStack,
): Promise<BackupPlace> {
  const { vaultDir, stateDir, wanted } = request;
  const vault = stack.use(
    await openKnownVault({ dir: vaultDir, stateDir, purpose: 'reading a snapshot', create: false, lock: 'none' }),
  );
  const record = vault.findSnapshot(wanted);
  const view = stack.use(vault.openSnapshot(record));
  return { source: snapshotSource(view), record, vault };
}

/** A snapshot as one backup whose bytes can be read: its own paths, without the device's folder. */
export function snapshotSource(view: SnapshotView): BackupSource {
  const { udid } = view.record;
  return {
    locate: (path) => view.locate(`${udid}/${path}`),
    read: (path) => view.read(`${udid}/${path}`),
    localPath: (path) => view.localPath(`${udid}/${path}`),
    plainCopy: (path) => view.plainCopy(`${udid}/${path}`),
    salvage: (path) => view.salvage(`${udid}/${path}`),
  };
}

/** Asks again for as long as there is somebody to ask. */
async function openWithPassword(
  source: BackupSource,
  { password, signal, readsDamaged }: OpenForReadingRequest,
): Promise<Backup> {
  const options = { readsDamaged, ...(signal && { signal }) };
  const { facts, isEncrypted } = await readEncryption(source);
  if (!isEncrypted || facts === undefined) return openBackup(source, options);
  const classKeys = await knownClassKeys(facts);
  if (classKeys !== undefined) return openBackup(source, { ...options, classKeys });
  const of = passwordOf(facts);
  let given = await password(false, of);
  if (given === undefined) throw passwordNeeded();
  for (;;) {
    try {
      return await openBackup(source, { ...options, password: given });
    } catch (error) {
      const next = isAppError(error, 'WRONG_PASSWORD') ? await password(true, of) : undefined;
      if (next === undefined) throw error;
      given = next;
    }
  }
}

/** What a password for this backup is looked up, or asked for, by. */
export const passwordOf = ({ udid, keybag }: ManifestFacts): PasswordOf => ({
  udid,
  keybag: keybag && keybagId(keybag),
});

async function unfinishedWarning(source: BackupSource): Promise<string | undefined> {
  try {
    const status = await readStatus(source);
    if (status?.isFinished === true) return undefined;
    const why =
      status === undefined ? 'it has no Status.plist' : `it stopped at “${status.snapshotState ?? 'unknown'}”`;
    return `This backup was never finished (${why}): files may be missing or older than its list says.`;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return 'Status.plist of this backup is damaged: whether it was ever finished cannot be told.';
  }
}
