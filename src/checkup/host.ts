import type { CopiesContext } from '../copies/index.ts';
import type { DeepEvent } from '../snapshot/index.ts';
import type { SnapshotRecord, Vault } from '../vault/index.ts';

/** What a checkup needs of the world around it; the service hands it in. */
export interface CheckupHost {
  readonly stateDir: string;
  readonly vaultDir: string;
  /** "Holdfast 0.1.0" */
  readonly product: string;
  /** Of this computer. */
  readonly hostName: string;
  /** IANA. */
  readonly timeZone: string;
  readonly language: 'en' | 'de';
  readonly copies: CopiesContext;
  /** Opens the vault for reading. @throws {AppError} VAULT_NOT_FOUND, VAULT_UNREADABLE, STORAGE_FAILED */
  openVault(purpose: string): Promise<Vault>;
  /** Lends the vault, open for writing. @throws {AppError} as `openVault`; VAULT_BUSY */
  withWritableVault<T>(work: (vault: Vault) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Verifies a version deeply. @throws {AppError} WRONG_PASSWORD when no password at hand opens it. */
  verifyVersion(record: SnapshotRecord, signal: AbortSignal | undefined): AsyncIterable<DeepEvent>;
  /** Tries the passwords at hand on versions. @throws {AppError} SECRETS_UNREADABLE */
  tryPasswords(
    vault: Vault,
    records: readonly SnapshotRecord[],
    signal: AbortSignal | undefined,
  ): AsyncIterable<TriedPassword>;
  /** How each device stands. */
  backups(vault: Vault): Promise<readonly BackupFacts[]>;
  /** Sends a test message over every way of telling somebody; undefined where that cannot be done here. */
  testChannels?(signal: AbortSignal | undefined): Promise<readonly ChannelTest[]>;
  now(): Date;
}

/** `unknown`: no password is at hand that could be its own. */
export interface TriedPassword {
  readonly record: SnapshotRecord;
  readonly state: 'readable' | 'opens' | 'closed' | 'unknown' | 'damaged';
}

export interface BackupFacts {
  readonly udid: string;
  readonly name: string;
  readonly lastAt: Date;
  /** When the next is due; undefined where none is made by itself. */
  readonly dueAt: Date | undefined;
  readonly pausedUntil: Date | undefined;
  /** For how many days nothing came, where that is longer than it may be. */
  readonly overdueDays: number | undefined;
}

export interface ChannelTest {
  readonly channel: string;
  /** What stood in the way, in words without a secret; undefined where it got through. */
  readonly problem: string | undefined;
}

/** What one look at something tells on its way. */
export interface TopicProgress {
  readonly kind: 'progress';
  /** Of the whole, 0 to 1; undefined where it cannot be told. */
  readonly fraction: number | undefined;
  readonly bytes: number;
}

/** How a checkup is to be done. */
export interface CheckupChoices {
  /** Leaves out what takes long. */
  readonly quick: boolean;
  /** Whether what is damaged is fetched back from copies, and sent to them again. */
  readonly repair: boolean;
  readonly bytesPerSecond?: number | undefined;
  /** Threads that read; as many as pay when left out. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a topic looks at gets: the world, the choices, and what is known already. */
export interface TopicContext extends CheckupChoices {
  readonly host: CheckupHost;
  readonly startedAt: Date;
}
