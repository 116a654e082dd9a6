import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { type Checked, isCount, isText, parseObject, shaped } from '../shared/json-shape.ts';
import { unlessFailed } from '../shared/flow/unless-failed.ts';
import { lockFile } from './file-lock.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

/** `since` in ISO 8601. */
const isWorker = shaped({ pid: isCount, host: isText, since: isText });
type Worker = Checked<typeof isWorker>;

/**
 * The right to do some work that one process at a time may do, until disposed or until the process dies: a lock of the
 * kernel, as `lockFile` has it, and a file beside it that says who has it. Where nothing can be written there is no lock:
 * what two would spoil for each other cannot be written there either.
 *
 * @param path of the lock; its folder is made.
 * @param busy what is told, with who has it, to whoever comes second.
 * @throws {AppError} ALREADY_RUNNING when another process, or this one, is at it.
 */
export function lockWork(path: string, busy: { readonly message: string; readonly hint: string }): Disposable {
  const workerPath = `${path}.json`;
  let lock: Disposable;
  try {
    unlessFailed(() => makeFolders(dirname(path), 0o700));
    lock = lockFile(path);
  } catch (error) {
    if (isAppError(error, 'VAULT_BUSY')) throw alreadyRunning(busy, workerPath, error);
    const cannotBeKept = isAppError(error, 'STORAGE_FAILED', 'OUT_OF_SPACE') || systemErrorCode(error) !== undefined;
    if (!cannotBeKept) throw error;
    return { [Symbol.dispose]: () => undefined };
  }
  const worker: Worker = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  // Without it only who finds it locked is told less.
  unlessFailed(() => writeFileSync(workerPath, `${JSON.stringify(worker)}\n`, { mode: 0o600 }));
  return lock;
}

function alreadyRunning(
  { message, hint }: { readonly message: string; readonly hint: string },
  workerPath: string,
  cause: unknown,
): AppError {
  const facts = parseObject(unlessFailed(() => readFileSync(workerPath, 'utf8')) ?? '');
  if (!isWorker(facts)) return new AppError('ALREADY_RUNNING', message, { hint, cause });
  const who = `process ${facts.pid} on ${facts.host}, since ${facts.since}`;
  return new AppError('ALREADY_RUNNING', `${message} (${who})`, { hint, details: facts, cause });
}
