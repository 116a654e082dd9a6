import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, systemErrorCode } from '../shared/errors.ts';
import { openVault, type Vault } from '../vault/index.ts';

/** Absolute vault folder → id of the vault that was last seen there. */
const KnownVaults = z.record(z.string(), z.string());
type KnownVaults = z.infer<typeof KnownVaults>;

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
  const dir = resolve(request.dir);
  const file = listFile(request.stateDir);
  const known = await readKnownVaults(file);
  const expectedId = known[dir];
  const vault = await openVault(dir, {
    create: request.create && expectedId === undefined,
    purpose: request.purpose,
    lock: request.lock,
  }).catch((error: unknown) => {
    throw expectedId !== undefined ? asMissingDisk(error, dir) : error;
  });
  if (expectedId === vault.id) return vault;
  if (expectedId !== undefined) {
    await vault.close();
    throw new AppError('VAULT_NOT_FOUND', `another vault lies in ${dir} than the one used there before`, {
      hint: `Mount the right disk; if this vault is meant to be used from now on, remove the line of ${dir} from ${file}.`,
      details: { dir, expectedId, foundId: vault.id },
    });
  }
  await remember(file, { ...known, [dir]: vault.id }).catch(async (error: unknown) => {
    await vault.close();
    throw error;
  });
  return vault;
}

/** Whether a vault was in this folder before, so that finding none there means trouble. */
export async function isVaultExpected(dir: string, stateDir: string): Promise<boolean> {
  return resolve(dir) in (await readKnownVaults(listFile(stateDir)));
}

const listFile = (stateDir: string): string => join(stateDir, 'known-vaults.json');

function asMissingDisk(error: unknown, dir: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'VAULT_NOT_FOUND') return error;
  return new AppError('VAULT_NOT_FOUND', `the vault that was in ${dir} is not there`, {
    hint: 'Is its disk plugged in and mounted? Nothing was written.',
    details: { dir },
    cause: error,
  });
}

async function readKnownVaults(file: string): Promise<KnownVaults> {
  try {
    return KnownVaults.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return {};
    throw new AppError('STORAGE_FAILED', `the list of known vaults in ${file} cannot be read`, {
      hint: 'Restore or remove this file; without it an unmounted disk cannot be told from a new place.',
      cause: error,
    });
  }
}

async function remember(file: string, known: KnownVaults): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
}
