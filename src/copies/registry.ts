import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ClockWindow, CopyName, KeepThere } from '../contract/index.ts';
import { AppError, systemErrorCode } from '../shared/errors.ts';

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

const registryPath = (stateDir: string): string => join(stateDir, 'copies.json');

/** Every copy that is set up, by name. @throws {AppError} STORAGE_FAILED when the file cannot be read */
export async function readRegistry(stateDir: string): Promise<CopyEntry[]> {
  const path = registryPath(stateDir);
  try {
    return RegistryFile.parse(JSON.parse(await readFile(path, 'utf8'))).copies;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw new AppError('STORAGE_FAILED', `the list of copies in ${path} cannot be read`, {
      hint: 'Bring the file back, or remove it and add the copies again: what lies in them is found again.',
      cause: error,
    });
  }
}

/** @throws {AppError} COPY_NOT_FOUND */
export async function findEntry(stateDir: string, name: string): Promise<CopyEntry> {
  const entries = await readRegistry(stateDir);
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

/** Adds a copy, or puts it in the place of the one of that name. @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE */
export async function putEntry(stateDir: string, entry: CopyEntry): Promise<void> {
  const others = (await readRegistry(stateDir)).filter(({ name }) => name !== entry.name);
  const copies = [...others, entry].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await writeRegistry(stateDir, copies);
}

export async function removeEntry(stateDir: string, name: string): Promise<void> {
  await writeRegistry(
    stateDir,
    (await readRegistry(stateDir)).filter((each) => each.name !== name),
  );
}

/** @throws {AppError} USAGE when no copy can have that name, or one has it already. */
export async function assertNewName(stateDir: string, name: string): Promise<void> {
  if (!CopyName.safeParse(name).success) {
    throw new AppError('USAGE', `${JSON.stringify(name)} cannot be the name of a copy`, {
      hint: 'Use letters, digits, dots, hyphens and underscores: `usb-disk`, `offsite`.',
    });
  }
  if ((await readRegistry(stateDir)).some((each) => each.name === name)) {
    throw new AppError('USAGE', `there is a copy called ${name} already`, {
      hint: `Choose another name, or remove it first with \`holdfast copies remove ${name}\`, which deletes nothing there.`,
    });
  }
}

async function writeRegistry(stateDir: string, copies: readonly CopyEntry[]): Promise<void> {
  const path = registryPath(stateDir);
  const text = `${JSON.stringify({ version: 1, copies }, undefined, 2)}\n`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceDurably(path, text);
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    const isFull = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
    throw new AppError(isFull ? 'OUT_OF_SPACE' : 'STORAGE_FAILED', `the list of copies could not be kept in ${path}`, {
      hint: isFull ? 'Free some space on that disk.' : 'Check who owns that folder, and whether its disk is writable.',
      details: { systemCode },
      cause,
    });
  }
}

/** After a power cut there is the old file or the new one. */
async function replaceDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    {
      await using file = await open(draft, 'wx', 0o600);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
