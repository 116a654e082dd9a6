/** What a job tells while it runs. */

/**
 * Where a job stands, as far as it shows in what the device asks for:
 * `waiting` – the request was sent and the device has not asked for anything yet (it may be asking for its passcode);
 * `preparing` – it compares and scans, which may be silent for many minutes;
 * `sending` – it fetches the files of a restore.
 */
export type MobileBackupPhase =
  | 'handshake'
  | 'waiting'
  | 'preparing'
  | 'receiving'
  | 'moving'
  | 'removing'
  | 'verifying'
  | 'sending'
  | 'finishing';

export interface TransferCounters {
  filesReceived: number;
  bytesReceived: number;
  filesSent: number;
  bytesSent: number;
  /** The device's own idea of the whole job, 0 to 100. It jumps, also backwards. */
  devicePercent: number;
  /** How often the device has reported `devicePercent`. */
  deviceReports: number;
  /** What the batch under way amounts to, as announced by the device. */
  batchBytes: number;
}

export type MobileBackupWarning =
  /** The device gave up on a file after sending a part of it, or before. */
  | { readonly kind: 'file-incomplete'; readonly path: string; readonly status: number; readonly text: string }
  | { readonly kind: 'unknown-operation'; readonly name: string }
  | { readonly kind: 'remark'; readonly text: string };

export type MobileBackupEvent =
  | { readonly kind: 'phase'; readonly phase: MobileBackupPhase }
  /** Told with every chunk that moved something; `counters` is one object that goes on changing. */
  | { readonly kind: 'progress'; readonly counters: Readonly<TransferCounters> }
  | { readonly kind: 'warning'; readonly warning: MobileBackupWarning };

export function newCounters(): TransferCounters {
  return {
    filesReceived: 0,
    bytesReceived: 0,
    filesSent: 0,
    bytesSent: 0,
    devicePercent: 0,
    deviceReports: 0,
    batchBytes: 0,
  };
}
