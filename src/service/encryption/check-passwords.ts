import { keybagId } from '../../keybag/index.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import { readEncryption, unlockBackup, type BackupSource, type ManifestFacts } from '../../snapshot/index.ts';
import type { SnapshotRecord, Vault } from '../../vault/index.ts';
import { snapshotSource } from '../reading/open-for-reading.ts';
import { problemWithKeys } from './problem-with-keys.ts';
import type { PasswordOf } from '../secrets/backup-passwords.ts';

/** `readable` it needs no password · `opens` proven · `closed` none of the passwords is its own · `damaged` none can be. */
export type PasswordState = 'readable' | 'opens' | 'closed' | 'damaged';

export interface CheckedSnapshot {
  readonly record: SnapshotRecord;
  readonly state: PasswordState;
  /** Names the keybag, and so the password, as `keybagId` does. */
  readonly keybag?: string | undefined;
  /** The password that opens it: given now, or kept sealed before. */
  readonly by?: 'given' | 'kept';
  /** Why no password can open it. */
  readonly problem?: string;
}

export interface CheckPasswordsRequest {
  readonly vault: Vault;
  /** In any order; they come out in this one. */
  readonly records: readonly SnapshotRecord[];
  /** Passwords kept for a backup, the likeliest first. */
  readonly kept: (of: PasswordOf) => readonly string[];
  /** Another password, when none so far opens a snapshot; undefined when there is none. Asked until then. */
  readonly ask: (number: number) => Promise<string | undefined>;
  /** Told of a password that opens a keybag, once for each. */
  readonly onProven?: (of: { udid: string; keybag: string }, opening: Opening) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What opens a keybag. */
interface Opening {
  readonly by: 'given' | 'kept';
  readonly password: string;
}

/**
 * Proves, without the device, which snapshots a password opens: its keybag, with that the key of its list of files, and
 * with that the list. Every keybag takes seconds once, however many snapshots have it.
 *
 * @throws {AppError} STORAGE_FAILED
 */
export async function* checkPasswords(request: CheckPasswordsRequest): AsyncGenerator<CheckedSnapshot, void> {
  const passwords = new Passwords(request);
  for (const record of request.records) {
    request.signal?.throwIfAborted();
    yield { record, ...(await check(request.vault, record, passwords)) };
  }
}

async function check(
  vault: Vault,
  record: SnapshotRecord,
  passwords: Passwords,
): Promise<Omit<CheckedSnapshot, 'record'>> {
  try {
    using view = vault.openSnapshot(record);
    return await checkSource(record, snapshotSource(view), passwords);
  } catch (error) {
    // Of this snapshot only: others may be as they should be.
    if (error instanceof TargetError) return { state: 'damaged', problem: 'its list of files is missing' };
    if (isAppError(error, 'FORMAT_INVALID', 'NOT_A_BACKUP', 'SNAPSHOT_CORRUPT')) {
      return { state: 'damaged', problem: error.message };
    }
    throw error;
  }
}

async function checkSource(
  { udid }: SnapshotRecord,
  source: BackupSource,
  passwords: Passwords,
): Promise<Omit<CheckedSnapshot, 'record'>> {
  const { facts, isEncrypted } = await readEncryption(source);
  if (!isEncrypted || facts === undefined) return { state: 'readable' };
  const keybag = facts.keybag && keybagId(facts.keybag);
  if (keybag === undefined) return { state: 'damaged', problem: 'it holds no keybag that could be read' };
  const opening = await passwords.opening(facts, { udid, keybag });
  if (opening === undefined) return { state: 'closed', keybag };
  const problem = await problemWithKeys(source, facts, opening.password);
  if (problem === undefined) return { state: 'opens', keybag, by: opening.by };
  return { state: 'damaged', keybag, by: opening.by, problem };
}

/** Every password that is at hand, tried on every keybag at most once. */
class Passwords {
  readonly #request: CheckPasswordsRequest;
  /** By keybag; undefined where none opens it. */
  readonly #openings = new Map<string, Promise<Opening | undefined>>();
  readonly #given: string[] = [];
  #isAllGiven = false;

  constructor(request: CheckPasswordsRequest) {
    this.#request = request;
  }

  opening(facts: ManifestFacts, of: { udid: string; keybag: string }): Promise<Opening | undefined> {
    const known = this.#openings.get(of.keybag);
    if (known !== undefined) return known;
    const opening = this.#find(facts, of).then((found) => {
      if (found !== undefined) this.#request.onProven?.(of, found);
      return found;
    });
    this.#openings.set(of.keybag, opening);
    return opening;
  }

  async #find(facts: ManifestFacts, of: { udid: string; keybag: string }): Promise<Opening | undefined> {
    for (const password of this.#request.kept(of)) {
      if (await this.#opens(facts, password)) return { by: 'kept', password };
    }
    for (let i = 0; ; i++) {
      const password = this.#given[i] ?? (await this.#next());
      if (password === undefined) return undefined;
      if (await this.#opens(facts, password)) return { by: 'given', password };
    }
  }

  async #next(): Promise<string | undefined> {
    if (this.#isAllGiven) return undefined;
    const password = await this.#request.ask(this.#given.length);
    if (password === undefined) this.#isAllGiven = true;
    else this.#given.push(password);
    return password;
  }

  async #opens(facts: ManifestFacts, password: string): Promise<boolean> {
    try {
      await unlockBackup(facts, password, this.#request.signal);
      return true;
    } catch (error) {
      if (isAppError(error, 'WRONG_PASSWORD')) return false;
      throw error;
    }
  }
}
