import type { ContentLock } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { firstError } from '../../shared/flow/first-error.ts';
import { openBackup, readEncryption } from '../../snapshot/index.ts';
import { openKnownVault, type SnapshotRecord } from '../../vault/index.ts';
import { passwordOf, snapshotSource } from '../reading/open-for-reading.ts';
import { keptPasswords } from '../secrets/backup-passwords.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { KeptPasswordChoices } from './kept-password-choices.ts';
import { Keyring } from './keyring.ts';
import { DEFAULT_LIMITS, type BrowsingLimits } from './limits.ts';
import { PictureShop } from './pictures/picture-shop.ts';
import { TakeOuts } from './take-out/take-outs.ts';
import { lockedError, Unlocked } from './unlocked.ts';
import type { Visitor } from './visitor.ts';
import { WrongPasswords } from './wrong-passwords.ts';

export interface BrowsingOptions {
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly secrets: SecretStore;
  readonly limits?: Partial<BrowsingLimits>;
  /** Told of each version that is locked again while its session goes on; the id is that of the `Visitor`. */
  readonly onLocked?: (visitorId: string, snapshot: string) => void;
  /** For tests: milliseconds. */
  readonly now?: () => number;
}

/** A version that stays open as long as somebody reads it. Dispose it when the last byte is sent. */
export interface Reading extends Disposable {
  readonly unlocked: Unlocked;
}

interface Session {
  readonly keyring: Keyring;
  readonly unlocked: Map<string, Promise<Unlocked>>;
}

const SWEEP_MS = 15_000;

/**
 * The content of versions, opened for the sessions that gave their password. Everything is in memory: when a session
 * ends, when nobody reads for a while, when too many are open and when this is disposed, versions are locked again.
 */
export class Browsing implements AsyncDisposable {
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly pictures: PictureShop;
  readonly takeOuts: TakeOuts;
  readonly #secrets: SecretStore;
  readonly #limits: BrowsingLimits;
  readonly #now: () => number;
  readonly #onLocked: (visitorId: string, snapshot: string) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #wrong: WrongPasswords;
  readonly #choices: KeptPasswordChoices;
  readonly #sweeper: NodeJS.Timeout;
  /** Records by id: they never change. */
  readonly #records = new Map<string, SnapshotRecord>();

  constructor({ vaultDir, stateDir, secrets, limits, onLocked = () => {}, now = Date.now }: BrowsingOptions) {
    this.vaultDir = vaultDir;
    this.stateDir = stateDir;
    this.#secrets = secrets;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#now = now;
    this.#onLocked = onLocked;
    this.#wrong = new WrongPasswords(this.#limits, now);
    this.#choices = new KeptPasswordChoices(stateDir);
    this.pictures = new PictureShop(stateDir);
    this.takeOuts = new TakeOuts(stateDir, this.pictures, now);
    this.#sweeper = setInterval(() => void this.lockIdle(), SWEEP_MS).unref();
  }

  /** Whether a version is open for somebody. @throws {AppError} SNAPSHOT_NOT_FOUND */
  async stateOf(visitor: Visitor, snapshot: string): Promise<ContentLock> {
    const record = await this.record(snapshot);
    const unlocked = await this.#find(visitor, snapshot);
    const canUseKept = record.encrypted && this.#choices.has(visitor.accountId, record.udid);
    return {
      snapshot,
      state: unlocked === undefined && record.encrypted ? 'locked' : 'unlocked',
      needsPassword: record.encrypted,
      canUseKept,
      opensUnasked: canUseKept || (await this.canRead(visitor, snapshot)),
      ...(unlocked && { locksAt: new Date(unlocked.lastUsedMs + this.#limits.idleMs).toISOString() }),
    };
  }

  /**
   * Opens a version for a session. Takes seconds where the password has to be tried.
   *
   * @param password undefined: of an unencrypted one, of one whose keys this session has, or where the kept one may be used.
   * @throws {AppError} SNAPSHOT_NOT_FOUND, WRONG_PASSWORD, TOO_MANY_TRIES, CONTENT_LOCKED when there is no password
   */
  async unlock(visitor: Visitor, snapshot: string, password?: string): Promise<ContentLock> {
    await this.#open(visitor, snapshot, password);
    return this.stateOf(visitor, snapshot);
  }

  /**
   * A version for reading. One that is not encrypted opens by itself.
   *
   * @throws {AppError} SNAPSHOT_NOT_FOUND, CONTENT_LOCKED
   */
  async read(visitor: Visitor, snapshot: string): Promise<Reading> {
    let unlocked = await this.#find(visitor, snapshot);
    if (unlocked === undefined) {
      const record = await this.record(snapshot);
      if (record.encrypted) throw lockedError(snapshot);
      unlocked = await this.#open(visitor, snapshot, undefined);
    }
    return this.#lease(unlocked);
  }

  /** Whether a session can open a version without being asked for another password. */
  async canRead(visitor: Visitor, snapshot: string): Promise<boolean> {
    const record = await this.record(snapshot);
    if (!record.encrypted || (await this.#find(visitor, snapshot)) !== undefined) return true;
    const session = this.#sessions.get(visitor.id);
    await using vault = await this.#vault('looking at a version');
    using view = vault.openSnapshot(record);
    const { facts } = await readEncryption(snapshotSource(view));
    return facts?.keybag !== undefined && session?.keyring.has(facts.keybag) === true;
  }

  /**
   * Another version for a moment, with the keys that the session has: it is closed with what is returned.
   *
   * @throws {AppError} CONTENT_LOCKED when it needs another password.
   */
  async readAlso(visitor: Visitor, snapshot: string): Promise<AsyncDisposable & { readonly unlocked: Unlocked }> {
    const known = await this.#find(visitor, snapshot);
    if (known !== undefined) {
      const lease = this.#lease(known);
      return { unlocked: known, [Symbol.asyncDispose]: async () => lease[Symbol.dispose]() };
    }
    if (visitor.ended.aborted) throw lockedError(snapshot);
    const unlocked = await this.#openNew(visitor, this.#sessionOf(visitor), await this.record(snapshot), undefined);
    return { unlocked, [Symbol.asyncDispose]: () => unlocked.close() };
  }

  /** Locks one version of a session. */
  async lock(visitor: Visitor, snapshot: string): Promise<void> {
    const session = this.#sessions.get(visitor.id);
    const opening = session?.unlocked.get(snapshot);
    if (session?.unlocked.delete(snapshot) === true) this.#onLocked(visitor.id, snapshot);
    await (await opening?.catch(() => undefined))?.close();
  }

  /** Locks everything of a session. */
  async lockSession(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    await closeAll(session?.unlocked.values() ?? []);
  }

  /** Locks what nobody has read for too long. Called now and then by itself. */
  async lockIdle(): Promise<void> {
    this.takeOuts.sweep();
    const before = this.#now() - this.#limits.idleMs;
    for (const [id, { unlocked }] of this.#sessions) {
      for (const [snapshot, opening] of unlocked) {
        const opened = await opening.catch(() => undefined);
        if (opened === undefined || opened.isInUse || opened.lastUsedMs > before) continue;
        if (unlocked.delete(snapshot)) this.#onLocked(id, snapshot);
        await opened.close();
      }
    }
  }

  /**
   * Whether the password kept for a device may open its content for an account.
   *
   * @throws {AppError} WRONG_PASSWORD, CONTENT_LOCKED without one, SNAPSHOT_NOT_FOUND: nothing can prove it yet.
   */
  async useKeptPassword(visitor: Visitor, udid: string, isWanted: boolean, password?: string): Promise<void> {
    if (visitor.accountId === undefined) return;
    if (isWanted) {
      await using vault = await this.#vault('looking for the newest version');
      const record = vault.snapshots(udid).find(({ encrypted }) => encrypted) ?? vault.findSnapshot('latest', udid);
      if (record.encrypted) {
        if (password === undefined) throw lockedError(record.id);
        await this.unlock(visitor, record.id, password);
      }
    }
    this.#choices.set(visitor.accountId, udid, isWanted);
  }

  usesKeptPassword({ accountId }: Visitor, udid: string): boolean {
    return this.#choices.has(accountId, udid);
  }

  /** @throws {AppError} SNAPSHOT_NOT_FOUND */
  async record(snapshot: string): Promise<SnapshotRecord> {
    const known = this.#records.get(snapshot);
    if (known !== undefined) return known;
    await using vault = await this.#vault('looking for a version');
    const record = vault.findSnapshot(snapshot);
    this.#records.set(record.id, record);
    return record;
  }

  /** Versions of a device, the oldest first. */
  async versionsOf(udid: string): Promise<SnapshotRecord[]> {
    await using vault = await this.#vault('looking for versions');
    return vault.snapshots(udid).toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    for (const id of this.#sessions.keys()) await this.lockSession(id);
    this.takeOuts[Symbol.dispose]();
    await this.pictures[Symbol.asyncDispose]();
  }

  #vault(purpose: string): ReturnType<typeof openKnownVault> {
    return openKnownVault({ dir: this.vaultDir, stateDir: this.stateDir, purpose, create: false, lock: 'none' });
  }

  async #find(visitor: Visitor, snapshot: string): Promise<Unlocked | undefined> {
    const opening = this.#sessions.get(visitor.id)?.unlocked.get(snapshot);
    const unlocked = await opening?.catch(() => undefined);
    return unlocked?.signal.aborted === true ? undefined : unlocked;
  }

  #lease(unlocked: Unlocked): Reading {
    const lease = unlocked.lease();
    unlocked.lastUsedMs = this.#now();
    return {
      unlocked,
      [Symbol.dispose]: () => {
        unlocked.lastUsedMs = this.#now();
        lease[Symbol.dispose]();
      },
    };
  }

  async #open(visitor: Visitor, snapshot: string, password: string | undefined): Promise<Unlocked> {
    if (visitor.ended.aborted) throw lockedError(snapshot);
    const session = this.#sessionOf(visitor);
    const known = await this.#find(visitor, snapshot);
    if (known !== undefined) {
      if (password !== undefined) await this.#check(visitor, session, known, password);
      return known;
    }
    const opening = session.unlocked.get(snapshot) ?? this.#openGuarded(visitor, session, snapshot, password);
    session.unlocked.set(snapshot, opening);
    try {
      const unlocked = await opening;
      if (visitor.ended.aborted || this.#sessions.get(visitor.id) !== session) {
        await unlocked.close();
        throw lockedError(snapshot);
      }
      await this.#makeRoom(unlocked);
      return unlocked;
    } catch (error) {
      if (session.unlocked.get(snapshot) === opening) session.unlocked.delete(snapshot);
      throw error;
    }
  }

  /** Whoever types a password learns whether it is right, also where the version is open already. */
  async #check(visitor: Visitor, { keyring }: Session, { backup, record }: Unlocked, password: string): Promise<void> {
    const keybag = backup.isEncrypted ? backup.facts?.keybag : undefined;
    if (keybag === undefined) return;
    await this.#wrong.guard(guessKey(visitor, record), async () => {
      await keyring.take(keybag, password);
      await keyring.release(keybag);
    });
  }

  async #openGuarded(
    visitor: Visitor,
    session: Session,
    snapshot: string,
    password: string | undefined,
  ): Promise<Unlocked> {
    const record = await this.record(snapshot);
    const open = (): Promise<Unlocked> => this.#openNew(visitor, session, record, password);
    // One that needs none tells nothing of a password, and makes nobody forget the wrong ones.
    return password === undefined || !record.encrypted ? open() : this.#wrong.guard(guessKey(visitor, record), open);
  }

  #sessionOf({ id, ended }: Visitor): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = { keyring: new Keyring(), unlocked: new Map() };
      this.#sessions.set(id, session);
      ended.addEventListener('abort', () => void this.lockSession(id), { once: true });
    }
    return session;
  }

  async #openNew(
    visitor: Visitor,
    { keyring }: Session,
    record: SnapshotRecord,
    password: string | undefined,
  ): Promise<Unlocked> {
    await using stack = new AsyncDisposableStack();
    const vault = stack.use(await this.#vault('reading a version'));
    const source = snapshotSource(stack.use(vault.openSnapshot(record)));
    const { facts, isEncrypted } = await readEncryption(source);
    const keybag = isEncrypted ? facts?.keybag : undefined;
    let used = password;
    let classKeys = isEncrypted ? await keyring.take(keybag, password) : undefined;
    if (
      isEncrypted &&
      classKeys === undefined &&
      facts !== undefined &&
      this.#choices.has(visitor.accountId, record.udid)
    ) {
      for (const kept of keptPasswords(this.#secrets, passwordOf(facts))) {
        classKeys = await keyring.take(keybag, kept).catch(ignoreWrong);
        used = kept;
        if (classKeys !== undefined) break;
      }
    }
    if (isEncrypted && classKeys === undefined) throw lockedError(record.id);
    if (keybag !== undefined) stack.defer(() => keyring.release(keybag));
    const backup = stack.use(await openBackup(source, { classKeys, password: used, readsDamaged: true }));
    return new Unlocked({ record, backup, closing: stack.move(), nowMs: this.#now() });
  }

  /** Locks the version that was used longest ago while there are too many. */
  async #makeRoom(newest: Unlocked): Promise<void> {
    const open: { unlocked: Unlocked; forget: () => void }[] = [];
    for (const [id, session] of this.#sessions) {
      for (const [snapshot, opening] of session.unlocked) {
        const unlocked = await opening.catch(() => undefined);
        const forget = (): void => {
          if (session.unlocked.delete(snapshot)) this.#onLocked(id, snapshot);
        };
        if (unlocked !== undefined) open.push({ unlocked, forget });
      }
    }
    const idle = open.filter(({ unlocked }) => unlocked !== newest && !unlocked.isInUse);
    const oldestFirst = idle.toSorted((a, b) => a.unlocked.lastUsedMs - b.unlocked.lastUsedMs);
    for (const { unlocked, forget } of oldestFirst.slice(0, Math.max(0, open.length - this.#limits.maxUnlocked))) {
      forget();
      await unlocked.close();
    }
  }
}

/** Sessions of one account guess together: signing in again gives no new tries. */
const guessKey = ({ id, accountId = id }: Visitor, { udid }: SnapshotRecord): string => `${accountId} ${udid}`;

async function closeAll(openings: Iterable<Promise<Unlocked>>): Promise<void> {
  const failures: unknown[] = [];
  for (const opening of openings) {
    const unlocked = await opening.catch(() => undefined);
    await unlocked?.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw firstError(failures[0]);
}

function ignoreWrong(error: unknown): undefined {
  if (isAppError(error, 'WRONG_PASSWORD')) return undefined;
  throw error;
}
