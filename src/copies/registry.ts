import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ClockWindow, CopyName, KeepThere } from '../contract/index.ts';
import { lockFile } from '../database/index.ts';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { removeDrafts, replaceFile } from '../shared/files/write-file.ts';
import { writeFailure } from '../shared/files/write-failure.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

const positive = z.number().positive();

const common = {
  name: CopyName,
  /** The vault that is copied. */
  vaultId: z.uuid(),
  addedAt: z.iso.datetime(),
  /** How often it is to be run. */
  everyHours: positive,
  /** When it may run by itself, local time; over midnight where `to` is the earlier. */
  window: ClockWindow.optional(),
  bytesPerSecond: positive.optional(),
  /** Whether a fire at home would spare it. */
  offSite: z.boolean(),
  /** Everything when left out. */
  keep: KeepThere.optional(),
};

const FolderEntry = z.object({
  ...common,
  kind: z.literal('folder'),
  dir: z.string(),
  /** The mark of the second vault: what its disk is recognised by. */
  copyId: z.uuid(),
});

const ResticEntry = z.object({
  ...common,
  kind: z.literal('restic'),
  /** As restic takes it, but without a password: one that has a password in it is kept with the secrets. */
  repository: z.string(),
  isRepositorySecret: z.boolean(),
  /** What the place is recognised by. */
  repositoryId: z.string(),
  /** Where restic is, where it is not on PATH. */
  binary: z.string().optional(),
  /** A file with credentials of the place, one NAME=value a line. */
  envFile: z.string().optional(),
  /** Whether credentials of the place are kept with the secrets. */
  hasCredentials: z.boolean().optional(),
  /** In how many parts the data is read back, one with every verification. */
  readParts: z.int().positive(),
});

const RegistryFile = z.object({
  version: z.literal(1),
  copies: z.array(z.discriminatedUnion('kind', [FolderEntry, ResticEntry])),
});

export type FolderEntry = z.infer<typeof FolderEntry>;
export type ResticEntry = z.infer<typeof ResticEntry>;
/** One copy as it is set up. */
export type CopyEntry = FolderEntry | ResticEntry;

/** Where the list of copies lies. */
export const copiesListPath = (stateDir: string): string => join(stateDir, 'copies.json');

/** Whoever changes the list writes one small file. */
const LOCK_PATIENCE_MS = 5000;

/** Every copy that is set up, by name. @throws {AppError} COPIES_UNREADABLE, also where the file is damaged */
export async function readRegistry(stateDir: string): Promise<CopyEntry[]> {
  return entriesIn(copiesListPath(stateDir));
}

/** What was read with the list of copies; undefined where that cannot be read, for whoever says so elsewhere. */
export async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAppError(error, 'COPIES_UNREADABLE')) return undefined;
    throw error;
  }
}

/** @throws {AppError} COPY_NOT_FOUND, COPIES_UNREADABLE */
export async function findEntry(stateDir: string, name: string): Promise<CopyEntry> {
  return entryAmong(await readRegistry(stateDir), name);
}

/**
 * Adds a copy.
 *
 * @param beforehand what has to be kept with it, while nobody else can take that name.
 * @throws {AppError} USAGE when there is one of that name by now; COPY_REFUSED when one is in that place;
 * COPIES_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE
 */
export function addEntry(stateDir: string, entry: CopyEntry, beforehand?: () => void): void {
  alone(stateDir, (entries, write) => {
    if (entries.some(({ name }) => name === entry.name)) throw nameTaken(entry.name);
    const sameOne = entries.find((each) => isSameCopy(each, entry));
    if (sameOne !== undefined) throw placeTaken(sameOne.name);
    beforehand?.();
    write([...entries, entry]);
  });
}

/** Whether two are one, whatever they are called and however it is reached: what was lost in one is lost in the other. */
export function isSameCopy(one: CopyEntry, other: CopyEntry): boolean {
  if (one.kind === 'folder') return other.kind === 'folder' && one.copyId === other.copyId;
  // A repository takes the copies of several vaults.
  return other.kind === 'restic' && one.repositoryId === other.repositoryId && one.vaultId === other.vaultId;
}

/**
 * Changes a copy as it is at this moment, so that what another process has changed meanwhile stays.
 *
 * @param beforehand what has to be kept with it.
 * @throws {AppError} COPY_NOT_FOUND, COPIES_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE
 */
export function editEntry(
  stateDir: string,
  name: string,
  edit: (entry: CopyEntry) => CopyEntry,
  beforehand?: () => void,
): void {
  alone(stateDir, (entries, write) => {
    const entry = entryAmong(entries, name);
    const edited = edit(entry);
    beforehand?.();
    write(entries.map((each) => (each === entry ? edited : each)));
  });
}

/**
 * @param afterwards what goes with it, before anybody else can take that name.
 * @throws {AppError} COPY_NOT_FOUND, COPIES_UNREADABLE, STORAGE_FAILED
 */
export function removeEntry(stateDir: string, name: string, afterwards: (entry: CopyEntry) => void): void {
  alone(stateDir, (entries, write) => {
    const entry = entryAmong(entries, name);
    write(entries.filter((each) => each !== entry));
    afterwards(entry);
  });
}

/** @throws {AppError} USAGE when no copy can have that name, or one has it already. */
export async function assertNewName(stateDir: string, name: string): Promise<void> {
  if (!CopyName.safeParse(name).success) {
    throw new AppError('USAGE', `${JSON.stringify(name)} cannot be the name of a copy`, {
      hint: 'Use letters, digits, dots, hyphens and underscores: `usb-disk`, `offsite`.',
    });
  }
  if ((await readRegistry(stateDir)).some((each) => each.name === name)) throw nameTaken(name);
}

function nameTaken(name: string): AppError {
  return new AppError('USAGE', `there is a copy called ${name} already`, {
    hint: `Choose another name, or remove it first with \`holdfast copies remove ${name}\`, which deletes nothing there.`,
  });
}

function placeTaken(name: string): AppError {
  return new AppError('COPY_REFUSED', `what lies there is the copy ${name} already`, {
    hint: `It counts once, whatever it is called: choose another place. \`holdfast copies change ${name}\` changes that one; if it has moved, remove it first, which deletes nothing there.`,
    details: { copy: name },
  });
}

function entryAmong(entries: readonly CopyEntry[], name: string): CopyEntry {
  const entry = entries.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  throw new AppError('COPY_NOT_FOUND', `there is no copy called ${JSON.stringify(name)}`, {
    hint:
      entries.length === 0
        ? 'Set one up with `holdfast copies add`.'
        : `There are: ${entries.map((each) => each.name).join(', ')}.`,
    details: { name },
  });
}

function entriesIn(path: string): CopyEntry[] {
  try {
    return RegistryFile.parse(JSON.parse(readFileSync(path, 'utf8'))).copies;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    const systemCode = systemErrorCode(error);
    throw new AppError('COPIES_UNREADABLE', `the list of copies in ${path} cannot be read`, {
      hint:
        systemCode === undefined
          ? 'Bring the file back, or move it away and add the copies again: what lies in them is found again.'
          : 'Check who may read that file, and whether its disk is in order.',
      details: { path, ...(systemCode !== undefined && { systemCode }) },
      cause: error,
    });
  }
}

/**
 * Works on the list while no other process does: of two that change it at once, none must lose what the other did. One that
 * cannot be read is left as it is.
 */
function alone(
  stateDir: string,
  work: (entries: readonly CopyEntry[], write: (changed: readonly CopyEntry[]) => void) => void,
): void {
  const path = copiesListPath(stateDir);
  const write = (changed: readonly CopyEntry[]): void => {
    const copies = changed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    removeDrafts(path);
    replaceFile(path, Buffer.from(`${JSON.stringify({ version: 1, copies }, undefined, 2)}\n`));
  };
  try {
    makeFolders(stateDir, 0o700);
    using _lock = lockIn(stateDir);
    work(entriesIn(path), write);
  } catch (cause) {
    throw writeFailure(
      cause,
      `the list of copies could not be kept in ${path}`,
      'Check who owns that folder, and whether its disk is writable.',
    );
  }
}

/** The right to change the list, which ends with the process. */
function lockIn(stateDir: string): Disposable {
  try {
    return lockFile(join(stateDir, 'copies.lock'), LOCK_PATIENCE_MS);
  } catch (cause) {
    if (!isAppError(cause, 'VAULT_BUSY')) throw cause;
    throw new AppError('STORAGE_FAILED', 'another process has been changing the list of copies for too long', {
      hint: 'Try again; if it stays so, end that process.',
      cause,
    });
  }
}
