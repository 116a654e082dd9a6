import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../database/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { storageError } from './durability.ts';

/** Who holds a vault, for the message to whoever else wants it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** What the holder does, as in "the vault is busy with a backup of Ada's iPhone". */
  readonly purpose: string;
  readonly since: Date;
}

/**
 * The right to write into a vault. At most one process has it, and the operating system takes it back when that
 * process dies, however it dies. Readers do not need it.
 */
export class VaultLock implements Disposable {
  readonly holder: LockHolder;
  readonly #lock: Disposable;
  readonly #factsPath: string;
  #released = false;

  private constructor(lock: Disposable, holder: LockHolder, factsPath: string) {
    this.#lock = lock;
    this.holder = holder;
    this.#factsPath = factsPath;
  }

  /**
   * Takes the lock or fails at once.
   *
   * @param purpose what the holder is going to do, to be read by another person: "a backup of Ada's iPhone".
   * @throws {AppError} VAULT_BUSY with the holder's pid, host, purpose and start in the details; STORAGE_FAILED
   */
  static acquire(vaultDir: string, purpose: string): VaultLock {
    const factsPath = join(vaultDir, 'lock.json');
    const lock = lockOrSayWho(join(vaultDir, 'lock.db'), factsPath);
    try {
      const holder = { pid: process.pid, host: hostname(), purpose, since: new Date() };
      writeHolder(factsPath, holder);
      return new VaultLock(lock, holder, factsPath);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#released) return;
    this.#released = true;
    rmSync(this.#factsPath, { force: true });
    this.#lock[Symbol.dispose]();
  }
}

function lockOrSayWho(path: string, factsPath: string): Disposable {
  try {
    return lockFile(path);
  } catch (error) {
    if (isAppError(error, 'VAULT_BUSY')) throw busyError(readHolder(factsPath), error);
    throw error;
  }
}

/** On a full disk the lock is held without it: whoever wants to make room needs the lock. */
function writeHolder(factsPath: string, holder: LockHolder): void {
  try {
    writeFileSync(`${factsPath}.tmp`, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    renameSync(`${factsPath}.tmp`, factsPath);
  } catch (error) {
    const failure = storageError(error, 'write', factsPath);
    if (!isAppError(failure, 'OUT_OF_SPACE')) throw failure;
  }
}

/** Who holds the lock, as far as the side file tells; it says nothing about whether that process still lives. */
function readHolder(factsPath: string): LockHolder | undefined {
  let facts: unknown;
  try {
    facts = JSON.parse(readFileSync(factsPath, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof facts !== 'object' || facts === null) return undefined;
  const { pid, host, purpose, since } = facts as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof purpose !== 'string') return undefined;
  return { pid, host, purpose, since: new Date(typeof since === 'string' ? since : Number.NaN) };
}

function busyError(holder: LockHolder | undefined, cause: unknown): AppError {
  const hint = 'Wait until it has finished; looking at snapshots and exporting them is possible meanwhile.';
  if (holder === undefined || Number.isNaN(holder.since.getTime())) {
    return new AppError('VAULT_BUSY', 'the vault is in use by another process', { hint, cause });
  }
  const { pid, host, purpose, since } = holder;
  return new AppError(
    'VAULT_BUSY',
    `the vault is busy with ${purpose} since ${since.toISOString()} (process ${pid} on ${host})`,
    { hint, cause, details: { pid, host, purpose, since: since.toISOString() } },
  );
}
