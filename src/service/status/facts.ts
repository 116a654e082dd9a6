/** What the picture of a device's copies is judged by. Plain data: nothing here knows a phone, a file or a clock. */
import type { Medium, Verdict, Reason } from '../../contract/index.ts';

/** Something that things lie on. */
export interface KnownMedium extends Medium {
  /** The same for two places that die together; undefined where nobody can tell which disk it is. */
  readonly identity?: string | undefined;
}

export interface CopyFacts {
  readonly name: string;
  readonly medium: KnownMedium;
  readonly offSite: boolean;
  /** The copy that this one is as well, under another name. */
  readonly sameAs?: string | undefined;
  readonly everyHours: number;
  readonly addedAt: Date;
  /** The newest version of the device there, by when the device was like that. */
  readonly newestAt?: Date | undefined;
  /** When it was last brought up to date. */
  readonly lastDoneAt?: Date | undefined;
  /** The last try, where it did not come to its end. */
  readonly stopped?: { readonly at: Date; readonly error: string } | undefined;
  /** The last try got as far as its hours let it, and goes on. */
  readonly isPaused?: boolean;
  /** When it was last read back, at least in part, and was whole. */
  readonly provenAt?: Date | undefined;
  /** When it was last found damaged, where it was not repaired. */
  readonly damagedAt?: Date | undefined;
}

export interface DeviceFactsForStatus {
  readonly udid: string;
  readonly name: string;
  readonly model?: string | undefined;
  /** What the rules make of its backups. */
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly lastSeenAt?: Date | undefined;
  readonly versions: number;
  /** When the device was as the newest version in the vault has it. */
  readonly newestAt?: Date | undefined;
  readonly isNewestDamaged: boolean;
  /** When a version of it was last proven by opening every file. */
  readonly provenAt?: Date | undefined;
  /** Since when there is something to prove. */
  readonly firstFinishedAt?: Date | undefined;
  /** What the device told of Apple's own backup, whenever that was; undefined where it never did. */
  readonly cloud?: { readonly isEnabled?: boolean | undefined; readonly lastAt?: Date | undefined } | undefined;
}

export interface StatusInput {
  readonly device: DeviceFactsForStatus;
  readonly vault: KnownMedium;
  readonly copies: readonly CopyFacts[];
  /** Why nobody knows which copies there are, and what to do. */
  readonly copiesProblem?: { readonly reason: Reason; readonly step: Reason } | undefined;
  readonly now: Date;
}
