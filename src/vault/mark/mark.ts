import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';
import { is, isCount, isText, isTime, isUuid, maybe, parseObject, shaped } from '../../shared/json-shape.ts';
import { storageError, type Disk } from '../durability.ts';
import { arrivingError, MARK_NAME, movedError, parseMovedMark, readMovedMark } from './moved-mark.ts';

const FORMAT = 'holdfast-vault';
/**
 * What a vault may hold: from 2 on, lists packed against others; from 3 on, large objects that are packed. A vault of a
 * newer version is not opened: what it promises, this program would not keep.
 */
const VERSION = 3;
const PACKED_OBJECTS_SINCE = 3;
/** What file systems put into a new volume by themselves. */
const NOT_CONTENT = new Set(['lost+found', '.DS_Store', '.Trashes', '.Spotlight-V100', '.fseventsd']);

const isMark = shaped({
  format: is(FORMAT),
  version: (value): value is number => isCount(value) && value !== 0,
  id: isUuid,
  createdAt: isTime,
  copyOf: maybe(isUuid),
  arrivingFrom: maybe(isText),
});

/** What the name of an empty folder begins with that a move makes and removes again at once. */
export const TRIAL = '.holdfast-trial-';

/** What makes a folder a vault, and by which a disk is recognised. */
export interface VaultMark {
  readonly id: string;
  /** Of the format: 1, 2 or 3. */
  readonly version: number;
  readonly createdAt: Date;
  /** The id of the vault that this one is kept as a copy of. */
  readonly copyOf?: string;
  /** Where the vault still is that is being moved here. */
  readonly arrivingFrom?: string;
}

/** What a new vault is to be known by. */
export interface NewMark {
  /** The id of a vault that is lost and made again here. */
  readonly id?: string;
  /** Of the format; the newest where nothing is said. */
  readonly version?: number;
  /** The id of the vault that this one is to be a copy of. */
  readonly copyOf?: string;
  /** Where the vault is that is being moved here: until it has arrived, nobody else may open this one. */
  readonly arrivingFrom?: string;
}

/**
 * Reads the mark of the vault in `dir`.
 *
 * @throws {AppError} VAULT_NOT_FOUND without a mark, VAULT_MOVED where it went elsewhere or has not arrived yet,
 * VAULT_UNREADABLE with one of a newer version or a damaged one.
 */
export function readMark(dir: string): VaultMark {
  const mark = readAnyMark(dir);
  if (mark.arrivingFrom !== undefined) throw arrivingError(dir, mark.arrivingFrom);
  return mark;
}

/** As `readMark`, but takes a vault that is only being moved here, too. */
export function readAnyMark(dir: string): VaultMark {
  const path = join(dir, MARK_NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) throw notFound(dir);
    throw storageError(error, 'read', path);
  }
  const content = parseObject(text);
  const moved = parseMovedMark(content);
  if (moved !== undefined) throw movedError(dir, moved);
  if (!isMark(content)) {
    throw new AppError('VAULT_UNREADABLE', `the mark of the vault in ${dir} is damaged`, {
      hint: `Restore ${MARK_NAME} from a copy of the vault; nothing else of the vault depends on it.`,
      details: { dir, damagedMark: true },
    });
  }
  const { version, id, createdAt, copyOf, arrivingFrom } = content;
  if (version > VERSION) {
    throw new AppError('VAULT_UNREADABLE', `the vault in ${dir} was written by a newer version of Holdfast`, {
      hint: 'Update Holdfast on this computer, then try again.',
      details: { dir, version },
    });
  }
  return {
    id,
    version,
    createdAt: new Date(createdAt),
    ...(copyOf !== undefined && { copyOf }),
    ...(arrivingFrom !== undefined && { arrivingFrom }),
  };
}

/**
 * Makes a vault in `dir`, which must be missing or empty. Only its owner may look into it: an unencrypted backup
 * holds a whole life, and even an encrypted one a name and a phone number.
 *
 * @throws {AppError} VAULT_NOT_FOUND when there is something else in the folder.
 */
export async function createMark(dir: string, disk: Disk, facts: NewMark = {}): Promise<VaultMark> {
  if (!isPlaceForVault(dir)) throw notFound(dir);
  try {
    makeFolders(dir, 0o700);
    chmodSync(dir, 0o700);
  } catch (error) {
    throw storageError(error, 'make', dir);
  }
  const mark = await writeMark(dir, disk, facts);
  await disk.syncDirectory(join(dir, '..'));
  return mark;
}

/** Puts a mark into a folder, durably, whatever is there. */
export async function writeMark(dir: string, disk: Disk, facts: NewMark): Promise<VaultMark> {
  const { id, version = VERSION, copyOf, arrivingFrom } = facts;
  const origin = { ...(copyOf !== undefined && { copyOf }), ...(arrivingFrom !== undefined && { arrivingFrom }) };
  const mark = {
    format: FORMAT,
    version,
    id: id ?? randomUUID(),
    createdAt: new Date().toISOString(),
    ...origin,
  };
  await disk.writeFileDurably(join(dir, MARK_NAME), Buffer.from(`${JSON.stringify(mark, undefined, 2)}\n`));
  return { id: mark.id, version, createdAt: new Date(mark.createdAt), ...origin };
}

/**
 * Makes a vault one of the newest version, durably, with the rename of one small file: what an older version holds, a
 * newer one may hold, too.
 *
 * @returns the mark that is there now.
 * @throws {AppError} as `readMark`; OUT_OF_SPACE, STORAGE_FAILED
 */
export async function upgradeMark(dir: string, disk: Disk): Promise<VaultMark> {
  const mark = readMark(dir);
  if (mark.version >= VERSION) return mark;
  const path = join(dir, MARK_NAME);
  const content = { ...parseObject(readFileSync(path, 'utf8')), version: VERSION };
  await disk.writeFileDurably(path, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
  return { ...mark, version: VERSION };
}

/** Whether a vault may hold large objects that are packed. */
export function packsObjects({ version }: Pick<VaultMark, 'version'>): boolean {
  return version >= PACKED_OBJECTS_SINCE;
}

/** Whether a folder is missing or empty, apart from what file systems put into it and from where a vault went. */
export function isPlaceForVault(dir: string): boolean {
  const isGone = readMovedMark(dir) !== undefined;
  try {
    return readdirSync(dir).every(
      (name) =>
        NOT_CONTENT.has(name) ||
        name.startsWith(TRIAL) ||
        name === `${MARK_NAME}.tmp` ||
        (isGone && name === MARK_NAME),
    );
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true;
    if (systemErrorCode(error) === 'ENOTDIR') return false;
    throw storageError(error, 'look into', dir);
  }
}

function notFound(dir: string): AppError {
  return new AppError('VAULT_NOT_FOUND', `there is no vault in ${dir}`, {
    hint: 'Check that the disk is mounted and that this is the right folder; a new vault is made only in an empty one.',
    details: { dir },
  });
}
