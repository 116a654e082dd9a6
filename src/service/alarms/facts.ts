/** What alarms are raised from. Plain data: whoever gathers it knows phones and files, nothing here does. */
import type { ChannelState } from '../../contract/index.ts';
import type { Try } from '../history/tries.ts';

/**
 * How everything stands at a moment. What is left out could not be found out now, and alarms about it stay as they are:
 * a disk that is away for a minute neither raises nor clears anything but that it is away.
 */
export interface AlarmFacts {
  readonly devices: readonly DeviceAlarmFacts[];
  readonly vault?: { readonly isThere: boolean; readonly place: string };
  readonly storage?: StorageAlarmFacts;
  readonly copies?: readonly CopyAlarmFacts[];
  /** Where the list of copies lies, where it cannot be read; null where it can. */
  readonly unreadableCopies?: { readonly path: string } | null;
  readonly checkup?: CheckupAlarmFacts;
  /** The latest moment that something here is dated, which cannot lie ahead: a version, a try. */
  readonly latestKnownAt?: Date;
  /** The version that is dated so, if it is one. */
  readonly latestVersion?: { readonly name: string; readonly version: string } | undefined;
  /** Whether most of what is dated here lies in the past: what lies ahead is then likelier wrong than the clock. */
  readonly isMostlyPast?: boolean;
  /** Whether the clock is known to have been set by the network. */
  readonly isClockSetByNetwork?: boolean;
  /** Whether the settings file is in use as it stands. */
  readonly settingsAreValid?: boolean;
  /** How telling goes, mail by mail; see `Alarms.channels`. */
  readonly channels?: readonly ChannelState[];
}

export interface DeviceAlarmFacts {
  readonly udid: string;
  readonly name: string;
  /** Of `overdue(…)` in `rules/`; null where it is not. Left out where nothing is known. */
  readonly overdue?: { readonly since: Date; readonly days: number } | null;
  /** After so many days it counts as overdue. */
  readonly overdueDays: number;
  /** When it was backed up last, whole. */
  readonly lastBackupAt?: Date | undefined;
  /** Newest first; of every kind, only backups are looked at. */
  readonly tries?: readonly Pick<Try, 'at' | 'kind' | 'outcome' | 'code'>[];
  /** Of `pairHealth`, for a device that is reached over Wi-Fi. */
  readonly pairing?: { readonly state: 'ok' | 'soon' | 'over' | 'unknown'; readonly daysLeft: number | undefined };
  /** Whether somebody has shown that the password of its newest encrypted version is known. True where none is needed. */
  readonly isPasswordKnown?: boolean;
  /** Its version that is dated furthest ahead, by days at least; null where there is none. */
  readonly misdated?: { readonly version: string; readonly at: Date } | null;
  /** Of `findAlarms`: its newest versions lost much; null where not. */
  readonly shrunk?: { readonly at: Date; readonly lostShare: number; readonly until: Date } | null;
}

export interface StorageAlarmFacts {
  readonly freeBytes: number;
  /** By the forecast; absent where it is not in sight. */
  readonly fullOn?: Date | undefined;
}

export interface CopyAlarmFacts {
  readonly name: string;
  readonly everyHours: number;
  readonly addedAt: Date;
  readonly lastDoneAt?: Date | undefined;
  /** How many runs in a row failed, and since when; the last one's code. */
  readonly failures: number;
  readonly failingSince?: Date | undefined;
  readonly lastError?: string | undefined;
  /** The last run got as far as its hours let it, and goes on. */
  readonly isPaused?: boolean;
}

export interface CheckupAlarmFacts {
  /** The last one that came to its end; how many things it found not in order. */
  readonly last?: { readonly at: Date; readonly problems: number; readonly isDanger?: boolean } | undefined;
  /** The last one did not come to its end, and is not going on. */
  readonly brokeOffAt?: Date | undefined;
  /** When the next is due, or was; absent where none is made by itself. */
  readonly dueAt?: Date | undefined;
}
