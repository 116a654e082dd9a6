import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../database/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { type Checked, isCount, isText, parseObject, shaped } from '../../shared/json-shape.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** `since` in ISO 8601. */
const isServiceFacts = shaped({ pid: isCount, host: isText, since: isText, vaultDir: isText });
type ServiceFacts = Checked<typeof isServiceFacts>;

/**
 * The right to be the service of a state folder. As the vault's lock it is one of the kernel, which takes it back when
 * the process dies; a file beside it says who has it.
 *
 * @throws {AppError} SERVICE_RUNNING when another process has it; STORAGE_FAILED, OUT_OF_SPACE
 */
export function lockService(stateDir: string, vaultDir: string): Disposable {
  const folder = join(stateDir, 'service');
  const factsPath = join(folder, 'lock.json');
  makeFolder(folder);
  const lock = lockOrSayWho(join(folder, 'lock.db'), factsPath);
  try {
    const facts = { pid: process.pid, host: hostname(), since: new Date().toISOString(), vaultDir };
    writeFileSync(factsPath, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  } catch {
    // Only who finds it locked is told less.
  }
  return lock;
}

function lockOrSayWho(path: string, factsPath: string): Disposable {
  try {
    return lockFile(path);
  } catch (error) {
    if (isAppError(error, 'VAULT_BUSY')) throw runningAlready(factsPath, error);
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder, 0o700);
  } catch (cause) {
    throw writeFailure(cause, `the folder ${folder} cannot be made`, 'Check who owns the folder above it.');
  }
}

function runningAlready(factsPath: string, cause: unknown): AppError {
  const holder = readHolder(factsPath);
  const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new AppError('SERVICE_RUNNING', `the service is running already${who}`, {
    hint: 'Stop that one first, or let this one have another folder with HOLDFAST_HOME.',
    ...(holder === undefined ? {} : { details: holder }),
    cause,
  });
}

/** Who is, or was, the service of a state folder, and with which vault; says nothing about whether it still runs. */
export function readServiceFacts(stateDir: string): ServiceFacts | undefined {
  return readHolder(join(stateDir, 'service', 'lock.json'));
}

function readHolder(factsPath: string): ServiceFacts | undefined {
  try {
    const facts = parseObject(readFileSync(factsPath, 'utf8'));
    return isServiceFacts(facts) ? facts : undefined;
  } catch {
    return undefined;
  }
}
