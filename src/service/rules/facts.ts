/** What the rule looks at and what it says. Plain data: nothing here knows a phone, a file or a clock. */
import type { BackupRule, Reason } from '../../contract/index.ts';

/** What is known of a device at this moment. `undefined` is “it does not say”. */
export interface DeviceFacts {
  readonly reachable: 'usb' | 'network' | 'none';
  readonly trusted: boolean;
  readonly onPower?: boolean | undefined;
  readonly batteryPercent?: number | undefined;
  /** Its screen is locked. A device without a passcode that is asleep does not count as locked. */
  readonly locked?: boolean | undefined;
  /** When it was last seen to turn from locked to unlocked. */
  readonly lastUnlockedAt?: Date | undefined;
  /** Whether every backup has to be allowed with its passcode; taken to be so until it is known. */
  readonly asksPasscode?: boolean | undefined;
  readonly lastSeenAt?: Date | undefined;
  /** A backup of it, or another job that needs it, runs now. */
  readonly isBusy?: boolean | undefined;
}

/** One try to back the device up. */
export interface PastTry {
  readonly startedAt?: Date | undefined;
  readonly endedAt: Date;
  /** Begun by the rule, not by a person. */
  readonly automatic: boolean;
  /** `interrupted`: the service stopped or died in the middle of it. */
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'not-confirmed' | 'interrupted';
  /** Whether the device asked for its passcode; where it is not known, a device that asks is taken to have asked. */
  readonly asked?: boolean | undefined;
}

/** What happened so far, in any order. */
export interface RuleHistory {
  /** When backups came to their end: all that are known, by the rule, by hand and by the command line. */
  readonly successes: readonly Date[];
  readonly tries: readonly PastTry[];
  /** When somebody was last told that it is going to ask for its passcode. */
  readonly announcedAt?: Date | undefined;
  /** When the device was first seen: a first backup is due from then on. */
  readonly knownSince?: Date | undefined;
}

export interface RuleInput {
  readonly device: DeviceFacts;
  readonly history: RuleHistory;
  readonly rule: BackupRule;
  /** How many backups may be begun beside those that run. */
  readonly slotsFree: number;
  readonly now: Date;
  /** An IANA name: windows and days are meant as the clocks there show them. */
  readonly timeZone: string;
}

export interface Decision {
  /**
   * `start` a backup now; `announce` that the device is going to ask for its passcode, note the time as `announcedAt`, and
   * decide again at `lookAgainAt`; `wait`; or `off`: nothing happens by itself.
   */
  readonly action: 'start' | 'announce' | 'wait' | 'off';
  /** Why, the most important first; for `wait` all that is waited for. Never empty. */
  readonly reasons: readonly Reason[];
  /** From when on a backup is due; past where it is due already. */
  readonly dueAt?: Date;
  /**
   * Always later than `now`, at most an hour: until then the action stays what it is unless a fact changes. An hour even
   * where nothing is awaited, so that a clock that was set is noticed.
   */
  readonly lookAgainAt: Date;
}
