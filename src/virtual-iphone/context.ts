import type { Logger } from '../shared/logger.ts';
import type { PhoneDisk } from './disk/index.ts';
import type { BreachLog } from './breaches.ts';
import type { FaultPlan } from './faults.ts';
import type { NotificationHub } from './notifications.ts';

/**
 * What every part of the virtual iPhone shares: one phone, one context. Services get it with each connection; what
 * they change here (settings, disk) is what an iPhone keeps across connections and restarts.
 */
export interface PhoneContext {
  readonly disk: PhoneDisk;
  /** Values that survive a restart of the phone. The names in use are in `SETTINGS`. */
  readonly settings: PhoneSettings;
  readonly identity: PhoneIdentity;
  readonly clock: Clock;
  /** Where a service reports that the host broke a rule an iPhone relies on. */
  readonly breaches: BreachLog;
  /** Trouble that a test ordered: services ask it at named points and act accordingly. */
  readonly faults: FaultPlan;
  /** Darwin notifications: what services post here is relayed to every host that observes it, and the reverse. */
  readonly notifications: NotificationHub;
  /** The glass and the person in front of it. Changes at run time. */
  readonly screen: PhoneScreen;
  readonly backup: BackupBehaviour;
  /**
   * Erases all content and settings: nothing on the disk, no backup password, no memory of its backups, no computer that
   * is trusted, and the setup to be gone through.
   */
  readonly erase: () => void;
  /** Restarts the phone: every connection is cut, and it comes back on the cable. What it keeps is still there. */
  readonly reboot: () => void;
  readonly log: Logger;
}

/** Names of the settings more than one part of the phone reads. */
export const SETTINGS = {
  /** boolean: whether backups are encrypted; lockdown shows it as com.apple.mobile.backup/WillEncrypt. */
  willEncrypt: 'backup.willEncrypt',
  /** boolean: what EnableWifiConnections is until a computer sets it. */
  wifiEnabled: 'wifi.enabled',
  /** boolean: Find My is on, so the phone can neither be erased nor restored. Off unless set. */
  findMy: 'findMy',
  /** boolean: somebody went through the setup. So it is unless set to false. */
  setUp: 'setUp',
  /** boolean: it belongs to an organization. Not unless set. */
  supervised: 'supervised',
  /** { percent, charging }: 80 and true unless set. */
  battery: 'battery',
  /** { enabled, lastAt? } with an ISO date: Apple's own backup. Off unless set. */
  cloudBackup: 'cloudBackup',
} as const;

/**
 * Domain, on the phone's disk only, of what lies in the media folder but never enters a backup: the sync lock, what a
 * computer leaves there during a restore (`iTunesRestore/RestoreApplications.plist`), downloads. Relative paths begin
 * with `Media/` as in MediaDomain. A backup skips this domain.
 */
export const NOT_BACKED_UP_DOMAIN = 'NotBackedUpDomain';

/** JSON values by name. `undefined` means "not set". */
export interface PhoneSettings {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  delete(name: string): void;
}

export interface PhoneIdentity {
  /** `XXXXXXXX-XXXXXXXXXXXXXXXX` or, on older models, 40 hexadecimal digits. */
  readonly udid: string;
  readonly name: string;
  /** "iPhone14,5" */
  readonly productType: string;
  /** "18.5" */
  readonly productVersion: string;
  readonly buildVersion: string;
  /** "iPhone" or "iPad" */
  readonly deviceClass: string;
  /** "D17AP" */
  readonly hardwareModel: string;
  readonly serialNumber: string;
  /** ECID: the second half of a new-style UDID. */
  readonly uniqueChipId: bigint;
  readonly imei: string;
  readonly imei2: string;
  readonly meid: string;
  readonly iccid: string;
  readonly phoneNumber: string;
  /** "a4:83:e7:01:02:03" */
  readonly wifiAddress: string;
  readonly bluetoothAddress: string;
  readonly timeZone: string;
  readonly totalDiskBytes: number;
}

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * How the person answers "Enter your passcode to back up":
 * `none` the phone has no passcode and never asks · `accept` enters it after `delayMs` · `deny` taps Cancel after
 * `delayMs` · `ignore` leaves the question on the screen.
 */
export interface PasscodeBehaviour {
  readonly mode: 'none' | 'accept' | 'deny' | 'ignore';
  readonly delayMs: number;
}

export interface PhoneScreen {
  /** Locked with a passcode: no pairing, and a backup needs the escrow bag. */
  locked: boolean;
  passcode: PasscodeBehaviour;
}

/** What differs between iOS versions and models in how they back up. Absent: what a current iPhone does. */
export interface BackupBehaviour {
  /** The DeviceLink version offered: 400 since iOS 14, 300 and less before. */
  readonly deviceLinkVersion: number;
  /** Payload bytes in one upload frame: 32 KiB on old phones, 256 KiB on newer. */
  readonly uploadChunkBytes: number;
  /** Files in one UploadFiles or MoveItems batch. */
  readonly batchFiles: number;
  /** Largest download frame payload the phone's backup agent survives. */
  readonly maxDownloadFrameBytes: number;
  /** Rounds of the backup keybag: 10,000,000 and 10,000 on an iPhone, fewer where tests must be quick. */
  readonly keybagRounds: { readonly outer: number; readonly inner: number };
  /** Silence while the phone scans its files. */
  readonly scanMs: number;
  /** Whether it asks for its passcode before it is restored, too. */
  readonly asksPasscodeToRestore: boolean;
}

/** What a service knows about the connection it serves, besides the bytes. */
export interface ServiceConnection {
  readonly service: string;
  readonly transport: 'usb' | 'network';
  /** Whether StartService carried the escrow bag of the pairing, which unlocks the class keys of a locked phone. */
  readonly escrow: boolean;
  /** HostID of the pairing that started the service. */
  readonly hostId: string | undefined;
  /** Fires when the phone closes, is unplugged or drops the connection. */
  readonly signal: AbortSignal;
}
