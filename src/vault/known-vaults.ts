import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError, FormatError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { allOf, type Checked, either, isText, isTime, parseObject, shaped } from '../shared/json-shape.ts';
import { knownVaultsFile } from '../shared/files/moved-vaults.ts';
import { readListing, type VaultListing } from './listing.ts';
import { isPlaceForVault, readMark } from './mark/mark.ts';
import { mendMark } from './mark/mend-mark.ts';
import { movedError } from './mark/moved-mark.ts';
import { openVault } from './open.ts';
import type { Vault } from './vault.ts';
import { writeFailure } from '../shared/files/write-failure.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

const isMoved = shaped({ id: isText, movedTo: isText, movedAt: isTime });
const isKnownVaults = allOf(either(isText, isMoved));
/** Absolute vault folder → id of the vault that was last seen there, or where it went. */
type KnownVaults = Checked<typeof isKnownVaults>;

export interface OpenVaultRequest {
  readonly dir: string;
  readonly stateDir: string;
  /** What the vault is opened for, shown to whoever finds it busy. */
  readonly purpose: string;
  /** Whether a vault may be made where there is none. */
  readonly create: boolean;
  /** Reading beside a writer needs no lock. */
  readonly lock: 'write' | 'none';
}

/**
 * Opens the vault in a folder, making one only where none is expected.
 *
 * The empty mount point of an unplugged disk looks exactly like a place for a new vault. So every folder that ever
 * held a vault is remembered with the vault's id, and where that vault is missing, or another one lies there, the
 * answer is a refusal, never a new vault.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_BUSY, VAULT_UNREADABLE, STORAGE_FAILED
 */
export async function openKnownVault(request: OpenVaultRequest): Promise<Vault> {
  const { create, purpose, lock } = request;
  return openKnown(request, (dir, isNew) => openVault(dir, { create: create && isNew, purpose, lock }));
}

/**
 * Reads the list of snapshots of the vault in a folder, which is to be the one that was there before. Opens no vault and
 * needs no lock.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_UNREADABLE, STORAGE_FAILED
 */
export function listKnownVault(request: Pick<OpenVaultRequest, 'dir' | 'stateDir'>): Promise<VaultListing> {
  return openKnown({ ...request, create: false }, async (dir) => readListing(dir));
}

/**
 * Makes sure that the vault in a folder is the one that was there before, without opening it.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_MOVED, VAULT_UNREADABLE, STORAGE_FAILED
 */
export async function assertKnownVault(request: Pick<OpenVaultRequest, 'dir' | 'stateDir'>): Promise<void> {
  await openKnown({ ...request, create: false }, async (dir): Promise<{ id: string }> => readMark(dir));
}

/** @param look is told whether no vault was in the folder before. */
async function openKnown<T extends { readonly id: string; close?(): Promise<void> }>(
  request: Pick<OpenVaultRequest, 'dir' | 'stateDir' | 'create'>,
  look: (dir: string, isNew: boolean) => Promise<T>,
): Promise<T> {
  const dir = resolve(request.dir);
  const file = knownVaultsFile(request.stateDir);
  const known = await readKnownVaults(file);
  const expected = Object.hasOwn(known, dir) ? known[dir] : undefined;
  // Told by this list also where the disk that it was on is gone.
  if (typeof expected === 'object' && isPlaceForVault(dir)) {
    throw movedError(dir, { ...expected, movedAt: new Date(expected.movedAt) });
  }
  const expectedId = typeof expected === 'string' ? expected : undefined;
  const vault = await look(dir, expectedId === undefined).catch(async (error: unknown) => {
    await noteMoveTold(error, request.stateDir, dir);
    if (expectedId !== undefined && (await mendMark(dir, { id: expectedId }, error))) return look(dir, false);
    throw expectedId !== undefined ? asMissingDisk(error, dir, expectedId) : asNoVaultYet(error, request);
  });
  if (expectedId === vault.id) return vault;
  if (expectedId !== undefined) {
    await vault.close?.();
    throw new AppError('VAULT_NOT_FOUND', `another vault lies in ${dir} than the one used there before`, {
      hint: `Mount the right disk; if this vault is meant to be used from now on, remove the line of ${dir} from ${file}.`,
      details: { dir, expectedId, foundId: vault.id },
    });
  }
  await remember(file, { [dir]: vault.id }).catch(async (error: unknown) => {
    await vault.close?.();
    throw error;
  });
  return vault;
}

/** A move that was cut off between the switch and the note of it leaves the note to whoever looks next. */
async function noteMoveTold(error: unknown, stateDir: string, dir: string): Promise<void> {
  if (!isAppError(error, 'VAULT_MOVED')) return;
  const { movedTo, id } = error.details;
  if (typeof movedTo !== 'string' || typeof id !== 'string') return;
  await remember(knownVaultsFile(stateDir), { [dir]: { id, movedTo, movedAt: new Date().toISOString() } });
}

/** Whether a vault was in this folder before, so that finding none there means trouble. */
export async function isVaultExpected(dir: string, stateDir: string): Promise<boolean> {
  return Object.hasOwn(await readKnownVaults(knownVaultsFile(stateDir)), resolve(dir));
}

/**
 * Whether an error of this file says that there is no vault yet, rather than that the one of before is missing. What the
 * error saw is asked for, not the list of now: a vault that was made meanwhile would seem to have gone away.
 */
export function wasNeverMade({ code, details }: AppError): boolean {
  return code === 'VAULT_NOT_FOUND' && details['expectedId'] === undefined;
}

/** Notes durably that a vault is in another folder now; both at once. @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE */
export async function noteMove(stateDir: string, from: string, to: string, id: string): Promise<void> {
  const moved = { id, movedTo: resolve(to), movedAt: new Date().toISOString() };
  await remember(knownVaultsFile(stateDir), { [resolve(from)]: moved, [resolve(to)]: id });
}

/** Folders that a vault was moved from, as far as this computer knows. */
export async function placesMovedFrom(stateDir: string, to: string): Promise<string[]> {
  const known = await readKnownVaults(knownVaultsFile(stateDir));
  return Object.entries(known).flatMap(([dir, entry]) =>
    typeof entry === 'object' && entry.movedTo === resolve(to) ? [dir] : [],
  );
}

function asMissingDisk(error: unknown, dir: string, expectedId: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'VAULT_NOT_FOUND') return error;
  return new AppError('VAULT_NOT_FOUND', `the vault that was in ${dir} is not there`, {
    hint: 'Is its disk plugged in and mounted? Nothing was written.',
    details: { dir, expectedId },
    cause: error,
  });
}

/** Somebody new has no vault yet; somebody else may have named the wrong folder. Both are told. */
function asNoVaultYet(error: unknown, { create, dir }: Pick<OpenVaultRequest, 'create' | 'dir'>): unknown {
  if (create || !(error instanceof AppError) || error.code !== 'VAULT_NOT_FOUND') return error;
  return new AppError('VAULT_NOT_FOUND', error.message, {
    hint: 'The first `holdfast backup` makes it. If there should be one: is this the right folder, and its disk mounted?',
    details: { dir: resolve(dir) },
    cause: error,
  });
}

async function readKnownVaults(file: string): Promise<KnownVaults> {
  try {
    const known = parseObject(await readFile(file, 'utf8'));
    if (isKnownVaults(known)) return known;
    throw new FormatError('it is no list of vaults');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return {};
    throw new AppError('STORAGE_FAILED', `the list of known vaults in ${file} cannot be read`, {
      hint: 'Restore or remove this file; without it an unmounted disk cannot be told from a new place.',
      cause: error,
    });
  }
}

/** Added to what is there now: another process may have added its own since this one read the list. */
async function remember(file: string, news: KnownVaults): Promise<void> {
  const known = { ...(await readKnownVaults(file)), ...news };
  try {
    makeFolders(dirname(file), 0o700);
    await replaceDurably(file, `${JSON.stringify(known, null, 2)}\n`);
  } catch (cause) {
    throw writeFailure(
      cause,
      `where vaults are could not be noted in ${file}`,
      'Check who owns that folder, and whether its disk is writable.',
    );
  }
}

/** After a power cut there is the old file or the new one. The draft's name cannot be guessed, nor be there already. */
async function replaceDurably(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    {
      await using handle = await open(draft, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.sync();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
