/** What a backup tells while it runs. The names of the fields are those of `holdfast backup --json`. */

export type BackupPhase =
  | 'connecting'
  /** The device asks its owner for the passcode; nothing happens until it is entered. */
  | 'waiting-for-passcode'
  /** The device compares and scans. It may be silent for many minutes. */
  | 'preparing'
  | 'receiving'
  | 'moving'
  | 'removing'
  | 'verifying'
  | 'finishing';

export interface BackupProgress {
  readonly phase: BackupPhase;
  /** Files and bytes received from the device so far. */
  readonly files: number;
  readonly bytes: number;
  /** Over the last seconds. */
  readonly bytesPerSecond: number;
  /** Undefined while it cannot be told. */
  readonly secondsLeft?: number;
  /** Of the whole, below 1: the snapshot is there when `done` says so. Never goes backwards. */
  readonly fraction: number;
}

export type BackupEvent =
  | {
      readonly event: 'started';
      readonly udid: string;
      /** What the owner calls the device. */
      readonly name: string;
      /** Whether it goes on from an attempt that was interrupted. */
      readonly resumed: boolean;
      /** The snapshot it builds upon. */
      readonly base?: string;
    }
  | {
      /** The device has been asked for its backup and may begin. */
      readonly event: 'requested';
      /** Since the job began. */
      readonly readySeconds: number;
    }
  | ({ readonly event: 'progress' } & BackupProgress)
  | {
      /** The link broke. It is waited for, and the backup goes on from where it stopped: `started` follows again. */
      readonly event: 'reconnecting';
      /** What happened, as a sentence. */
      readonly reason: string;
      /** Whether the device is going to ask for its passcode again. */
      readonly asksPasscode: boolean;
      /** How long the device is waited for. */
      readonly waitSeconds: number;
    }
  | {
      readonly event: 'warning';
      /** A sentence for a person. */
      readonly message: string;
    }
  | {
      readonly event: 'done';
      readonly snapshot: string;
      readonly udid: string;
      /** Of the whole snapshot. */
      readonly files: number;
      readonly bytes: number;
      /** Bytes that the vault did not hold before. */
      readonly newBytes: number;
      /** Whether the device sent everything, and not only what had changed. */
      readonly full: boolean;
      readonly encrypted: boolean;
      readonly seconds: number;
    };
