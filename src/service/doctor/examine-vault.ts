import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { capital } from '../../shared/text/sentence.ts';
import { isVaultExpected, openKnownVault } from '../../vault/index.ts';
import { type Finding, problem } from './finding.ts';

/** Below this a phone's first backup will hardly fit. */
const LITTLE_SPACE_BYTES = 20e9;
/** Below this nothing fits, however little the phone has to send. */
const NO_SPACE_BYTES = 1e6;

interface VaultPlace {
  readonly vaultDir: string;
  readonly stateDir: string;
}

/** Whether backups can go where they are to go: the vault, or the folder that the first one would make it in. */
export async function* examineVault({ vaultDir, stateDir }: VaultPlace): AsyncGenerator<Finding> {
  const check = 'vault';
  if (!(await isVaultExpected(vaultDir, stateDir)) && (await isUnusedPlace(vaultDir))) {
    yield { check, state: 'ok', message: `There is no vault yet; the first backup makes one in ${vaultDir}.` };
    yield* examinePlace(await nearestFolder(vaultDir));
    return;
  }
  try {
    await using vault = await openKnownVault({
      dir: vaultDir,
      stateDir,
      purpose: 'holdfast doctor',
      create: false,
      lock: 'none',
    });
    const count = vault.snapshots().length;
    const unreadable = vault.unreadableRecords().length;
    if (unreadable > 0) {
      yield {
        check,
        state: 'problem',
        code: 'SNAPSHOT_CORRUPT',
        message: `The vault in ${vaultDir} has damaged records of snapshots: ${unreadable}.`,
        hint: '`holdfast verify` tells which.',
      };
    } else
      yield {
        check,
        state: 'ok',
        message: `The vault in ${vaultDir} opens; it holds ${count === 1 ? '1 snapshot' : `${count} snapshots`}.`,
      };
    yield examineSpace(vault.freeBytes());
  } catch (error) {
    yield problem(check, error);
    return;
  }
  yield await examineWritable(vaultDir, `the vault in ${vaultDir}`);
}

/** Where the first backup would make the vault. */
async function* examinePlace(folder: string): AsyncGenerator<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    yield examineSpace(bavail * bsize);
  } catch (error) {
    yield problem('space', new AppError('STORAGE_FAILED', `${folder} cannot be looked at`, { cause: error }));
    return;
  }
  yield await examineWritable(folder, folder);
}

/** Missing, or an empty folder: a vault may be made there. */
async function isUnusedPlace(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT';
  }
}

/** The folder itself or the nearest above it that is there. */
async function nearestFolder(dir: string): Promise<string> {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() === true || folder === dirname(folder))
      return folder;
  }
}

export function examineSpace(freeBytes: number): Finding {
  const free = freeBytes >= 1e9 ? `${Math.floor(freeBytes / 1e9)} GB` : `${Math.floor(freeBytes / 1e6)} MB`;
  if (freeBytes >= LITTLE_SPACE_BYTES) return { check: 'space', state: 'ok', message: `${free} are free for backups.` };
  const isFull = freeBytes < NO_SPACE_BYTES;
  return {
    check: 'space',
    state: isFull ? 'problem' : 'attention',
    code: 'OUT_OF_SPACE',
    message: isFull ? 'The disk has no space left for backups.' : `Only ${free} are free for backups.`,
    hint: 'Make room on this disk, or keep the vault on a larger one with --vault.',
  };
}

/** @param what the subject of the sentence, beginning with a small letter. */
export async function examineWritable(dir: string, what: string): Promise<Finding> {
  try {
    await access(dir, constants.W_OK | constants.X_OK);
    return { check: 'writable', state: 'ok', message: `${capital(what)} can be written to.` };
  } catch (error) {
    const message = `${what} cannot be written to`;
    const hint = 'Is the disk read-only, or does the folder belong to somebody else?';
    return problem('writable', new AppError('STORAGE_FAILED', message, { hint, cause: error }));
  }
}
