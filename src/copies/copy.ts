import type { Reason } from '../contract/index.ts';
import type { AppError } from '../shared/errors.ts';
import { newestOfEach, type ObjectDonor, type SnapshotRecord, type Vault } from '../vault/index.ts';

/** What running a copy tells. */
export type RunEvent =
  | {
      readonly kind: 'progress';
      readonly phase: 'comparing' | 'preparing' | 'copying' | 'tidying';
      readonly snapshot: SnapshotRecord | undefined;
      /** How many snapshots are done, of those to be copied. */
      readonly snapshots: number;
      readonly totalSnapshots: number;
      /** Of this snapshot; what it is about depends on the phase. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  /** A snapshot is there, durably and whole. */
  | { readonly kind: 'copied'; readonly snapshot: SnapshotRecord; readonly newBytes: number }
  /** A snapshot is not there, because the vault does not have all of it. */
  | { readonly kind: 'damaged'; readonly snapshot: SnapshotRecord; readonly error: AppError }
  /** Something a person should know, as a sentence. */
  | { readonly kind: 'note'; readonly sentence: string }
  | RunDone
  | RunPaused;

/** The hours in which the copy may run by itself are over: it goes on when they come again. */
export interface RunPaused {
  readonly kind: 'paused';
  /** How many snapshots came there before. */
  readonly copied: number;
  readonly newBytes: number;
  readonly window: { readonly from: string; readonly to: string };
}

export interface RunDone {
  readonly kind: 'done';
  readonly copied: number;
  readonly damaged: number;
  readonly alreadyThere: number;
  readonly newBytes: number;
  /** The newest snapshot of each device that is there now. */
  readonly newest: Readonly<Record<string, NewestThere>>;
  /** How many snapshots went there by the copy's own rule. */
  readonly thinned?: number;
  /** Whether space was given back. */
  readonly pruned?: boolean;
}

export interface NewestThere {
  readonly snapshot: string;
  readonly takenAt: Date;
}

/** What reading a copy back tells. */
export type VerifyCopyEvent =
  | {
      readonly kind: 'progress';
      readonly phase: 'reading' | 'comparing' | 'repairing';
      readonly bytes: number;
      readonly totalBytes: number;
    }
  /** Something there is not as it should be. */
  | {
      readonly kind: 'problem';
      readonly sentence: string;
      readonly details: ProblemDetails;
      /** The same for whoever speaks another language. */
      readonly reason: Reason;
    }
  | {
      readonly kind: 'repaired';
      readonly sentence: string;
      readonly details: ProblemDetails;
      /** How many of the problems that were told it undoes; one when left out. */
      readonly problems?: number;
    }
  | VerifyDone;

export type ProblemDetails = Readonly<Record<string, string | number>>;

export interface VerifyDone {
  readonly kind: 'done';
  readonly problems: number;
  readonly repaired: number;
  /** What this verification has shown to be so, in sentences. */
  readonly proven: readonly string[];
  /** What nobody has looked at, in sentences. Nothing is left out to make it look better. */
  readonly unproven: readonly string[];
  /** The same for whoever speaks another language. */
  readonly reasons: { readonly proven: readonly Reason[]; readonly unproven: readonly Reason[] };
  /** The newest snapshot of each device that was seen there. */
  readonly newest: Readonly<Record<string, NewestThere>>;
  /** Ids of the snapshots there that were looked at one by one and are whole. */
  readonly whole?: readonly string[];
  /** The part of all data that was read, where a copy is read in parts: "3/12". */
  readonly part?: string;
}

/** What giving a whole vault back tells. */
export type RestoreCopyEvent =
  | {
      readonly kind: 'progress';
      readonly snapshots: number;
      readonly totalSnapshots: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'restored'; readonly snapshot: SnapshotRecord }
  | { readonly kind: 'damaged'; readonly snapshot: string; readonly error: AppError }
  | {
      readonly kind: 'done';
      readonly restored: number;
      readonly damaged: number;
      readonly alreadyThere: number;
      /** Snapshots there that are of other vaults, and stay there. */
      readonly ofOthers?: number;
    };

export interface RunOptions {
  readonly bytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Snapshots that were there once: where a rule thins what is there, they are not sent again. */
  readonly everCopied?: ReadonlySet<string>;
  /** Snapshots there that a verification has found not to be whole: they are sent again. */
  readonly incomplete?: ReadonlySet<string>;
  /** Whether it is time to give back the space of what a rule has removed there. */
  readonly isPruneDue?: boolean;
}

export interface VerifyOptions {
  /** Undoes what is damaged there from what the vault has. */
  readonly repair?: boolean;
  /** Which part of the data is to be read, where a copy is read in parts; by turns when left out. */
  readonly part?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenDonor extends ObjectDonor, AsyncDisposable {}

/** One place that a vault is copied to, whatever it is. */
export interface Copy {
  /** Brings everything there that is not there yet. @throws {AppError} COPY_UNREACHABLE, COPY_UNEXPECTED, COPY_FAILED */
  run(vault: Vault, options: RunOptions): AsyncGenerator<RunEvent, undefined>;
  /** Reads back what is there and compares it with the vault. @throws {AppError} as `run` */
  verify(vault: Vault, options: VerifyOptions): AsyncGenerator<VerifyCopyEvent, undefined>;
  /** Opens the place for whoever has lost something. @throws {AppError} as `run` */
  openDonor(vault: Vault): Promise<OpenDonor>;
  /** Gives every snapshot there to a vault that lacks it. @throws {AppError} as `run` */
  restoreInto(vault: Vault, signal?: AbortSignal): AsyncGenerator<RestoreCopyEvent, undefined>;
}

/** The newest of each device among snapshots; one with a date that cannot be true only where there is no other. */
export function newestOf(
  records: Iterable<Pick<SnapshotRecord, 'udid' | 'id' | 'takenAt'>>,
  now = new Date(),
): Record<string, NewestThere> {
  const newest = newestOfEach(records, now);
  return Object.fromEntries(newest.map(({ udid, id, takenAt }) => [udid, { snapshot: id, takenAt }]));
}
