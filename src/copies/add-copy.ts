import type { KeepThere } from '../contract/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import type { Vault } from '../vault/index.ts';
import { isOnThisComputer } from './address.ts';
import { isOnSameDisk, prepareFolderCopy } from './folder/folder-copy.ts';
import { forgetAttempts } from './history.ts';
import {
  credentialsSecret,
  openRepository,
  passwordSecret,
  repositorySecret,
  type CopiesContext,
  type ResticPlace,
} from './open-copy.ts';
import { assertApart } from './place.ts';
import { addEntry, assertNewName, type CopyEntry, type ResticEntry } from './registry.ts';
import { withoutPasswords } from './restic/failure.ts';
import type { Repository } from './restic/repository.ts';
import { assertCopiedRight, makePassword } from './restic/password.ts';

/** What every copy is told when it is set up. */
export interface NewCopy {
  readonly name: string;
  readonly everyHours: number;
  readonly window?: CopyEntry['window'];
  readonly bytesPerSecond?: number | undefined;
  /** Whether a fire at home would spare it; guessed by its address when left out. */
  readonly offSite?: boolean | undefined;
  /** What is kept there; everything when left out. */
  readonly keep?: KeepThere | undefined;
}

export interface NewFolderCopy extends NewCopy {
  /** Absolute. */
  readonly dir: string;
}

export interface NewResticCopy extends NewCopy, Omit<ResticPlace, 'password'>, Pick<ResticEntry, 'readParts'> {
  /** Made and handed out once when left out. */
  readonly password?: string | undefined;
}

export interface AddedCopy {
  readonly entry: CopyEntry;
  /** Whether what lies there already was found, and not made anew. */
  readonly isFound: boolean;
  /** A password made for it, to be shown once. */
  readonly madePassword?: string;
  /**
   * What a person should know: that it dies with the disk of the vault; that the restic there is can copy, verify and
   * restore, but not mend packs that have rotted.
   */
  readonly warnings: readonly ('same-disk' | 'old-restic')[];
}

/**
 * Sets up a second vault in a folder.
 *
 * @throws {AppError} USAGE, COPY_UNEXPECTED, VAULT_NOT_FOUND when something else is in the folder, OUT_OF_SPACE,
 * STORAGE_FAILED
 */
export async function addFolderCopy(context: CopiesContext, vault: Vault, copy: NewFolderCopy): Promise<AddedCopy> {
  await assertNewName(context.stateDir, copy.name);
  assertApart(copy.dir, vault.dir, 'the backups');
  const { id, isNew } = await prepareFolderCopy(vault, copy.dir);
  const entry = {
    ...commonFacts(context, vault, copy),
    kind: 'folder' as const,
    dir: copy.dir,
    copyId: id,
    offSite: copy.offSite ?? false,
  };
  await putNewEntry(context, entry);
  const warnings = isOnSameDisk(vault, copy.dir) ? (['same-disk'] as const) : [];
  return { entry, isFound: !isNew, warnings };
}

/**
 * Sets up a copy through restic: takes the repository that is there, or makes one.
 *
 * @throws {AppError} USAGE, PROGRAM_MISSING, WRONG_PASSWORD, COPY_UNREACHABLE, COPY_FAILED
 */
export async function addResticCopy(
  context: CopiesContext,
  vault: Vault,
  copy: NewResticCopy,
  signal?: AbortSignal,
): Promise<AddedCopy> {
  await assertNewName(context.stateDir, copy.name);
  const folder = folderOf(copy.repository);
  if (folder !== undefined) assertApart(folder, vault.dir, 'the backups');
  const password = copy.password ?? keptOrMade(context, copy.name);
  assertCopiedRight(password);
  const repository = await openRepository(context, { ...copy, password });
  const { id, isFound } = await findOrMake(repository, copy.password !== undefined, signal);
  const { credentials = {} } = copy;
  const hasCredentials = Object.keys(credentials).length > 0;
  const shown = withoutPasswords(copy.repository);
  const isRepositorySecret = shown !== copy.repository;
  const entry = {
    ...commonFacts(context, vault, copy),
    kind: 'restic' as const,
    repository: shown,
    isRepositorySecret,
    repositoryId: id,
    readParts: copy.readParts,
    offSite: copy.offSite ?? isElsewhere(copy.repository),
    ...(copy.binary !== undefined && { binary: copy.binary }),
    ...(copy.envFile !== undefined && { envFile: copy.envFile }),
    ...(hasCredentials && { hasCredentials }),
  };
  await putNewEntry(context, entry, () => {
    // Kept first: a repository whose password is lost is worth nothing.
    context.secrets.set(passwordSecret(copy.name), password);
    // One that was removed while the power went may have left its own.
    if (!hasCredentials) context.secrets.delete(credentialsSecret(copy.name));
    else context.secrets.set(credentialsSecret(copy.name), JSON.stringify(credentials));
    if (isRepositorySecret) context.secrets.set(repositorySecret(copy.name), copy.repository);
  });
  const warnings = repository.binary.isFull ? [] : (['old-restic'] as const);
  return { entry, isFound, warnings, ...(copy.password === undefined && { madePassword: password }) };
}

/**
 * What is known of one that had that name, and was not removed by us, says nothing of this one.
 *
 * @param keepSecrets once nobody else can take that name: what two set up at once must not open the other's.
 */
async function putNewEntry({ stateDir }: CopiesContext, entry: CopyEntry, keepSecrets?: () => void): Promise<void> {
  await assertNewName(stateDir, entry.name);
  await forgetAttempts(stateDir, entry.name);
  addEntry(stateDir, entry, keepSecrets);
}

/**
 * A password that is kept before there is anything it opens: killed behind the making of a repository, nobody could open
 * that any more. What such an end has left is taken again.
 */
function keptOrMade({ secrets }: CopiesContext, name: string): string {
  const kept = secrets.get(passwordSecret(name));
  if (kept !== undefined) return kept;
  const made = makePassword();
  secrets.set(passwordSecret(name), made);
  return made;
}

async function findOrMake(
  repository: Repository,
  isPasswordGiven: boolean,
  signal: AbortSignal | undefined,
): Promise<{ id: string; isFound: boolean }> {
  const isNew = await repository.init(signal);
  try {
    return { id: await repository.id(signal), isFound: !isNew };
  } catch (error) {
    if (isPasswordGiven || !isAppError(error, 'WRONG_PASSWORD')) throw error;
    throw new AppError('WRONG_PASSWORD', 'there is a repository already, with a password of its own', {
      hint: 'Give its password with --password-file, or choose another place.',
      cause: error,
    });
  }
}

function commonFacts({ now = () => new Date() }: CopiesContext, vault: Vault, copy: NewCopy) {
  return {
    name: copy.name,
    vaultId: vault.id,
    addedAt: now().toISOString(),
    everyHours: copy.everyHours,
    ...(copy.window !== undefined && { window: copy.window }),
    ...(copy.keep !== undefined && { keep: copy.keep }),
    ...(copy.bytesPerSecond !== undefined && { bytesPerSecond: copy.bytesPerSecond }),
  };
}

/** The folder that a repository is, where it is one. */
export function folderOf(repository: string): string | undefined {
  const path = repository.replace(/^local:/, '');
  return /^[a-z0-9]{2,}:/.test(path) ? undefined : path;
}

/** Whether an address of restic's is likely to be in another building: not a folder, and not this computer. */
function isElsewhere(repository: string): boolean {
  return folderOf(repository) === undefined && !isOnThisComputer(repository);
}
