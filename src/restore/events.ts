/** What a restore tells while it runs. The names of the fields are those of `holdfast restore --json`. */

export type RestorePhase =
  | 'connecting'
  /** The device asks its owner for the passcode; nothing happens until it is entered. */
  | 'waiting-for-passcode'
  /** The device looks at the backup's lists. Nothing of it is on the device yet. */
  | 'preparing'
  | 'sending'
  /** The device has everything and puts it in place. */
  | 'applying'
  | 'finishing';

export interface RestoreProgress {
  readonly phase: RestorePhase;
  /** Files and bytes given to the device so far, of all that the backup has. It may want less than all. */
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Over the last seconds. */
  readonly bytesPerSecond: number;
  /** Undefined while it cannot be told. */
  readonly secondsLeft?: number;
  /** Of the whole, below 1: the device has everything when `done` says so. Never goes backwards. */
  readonly fraction: number;
}

export type RestoreEvent =
  | {
      readonly event: 'started';
      readonly udid: string;
      /** The device whose backup it is. */
      readonly sourceUdid: string;
      /** Apps the device is asked to load again; undefined when it is not asked. */
      readonly apps?: number;
    }
  | ({ readonly event: 'progress' } & RestoreProgress)
  | {
      readonly event: 'warning';
      /** A sentence for a person. */
      readonly message: string;
    }
  | {
      readonly event: 'done';
      readonly udid: string;
      readonly sourceUdid: string;
      /** Given to the device. */
      readonly files: number;
      readonly bytes: number;
      /** Whether the device restarts by itself now; until it has, it must not be restored again. */
      readonly reboots: boolean;
      readonly seconds: number;
    };
