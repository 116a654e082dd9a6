import type { Logger } from '../shared/logger.ts';
import type { Breach } from './breaches.ts';
import type { BackupBehaviour, Clock, PasscodeBehaviour } from './context.ts';
import type { IdentityOptions } from './identity.ts';
import type { EscrowRule } from './lockdown/server.ts';
import type { TrustBehaviour } from './lockdown/trust.ts';
import type { VirtualMux } from './mux/virtual-mux.ts';

export interface VirtualIphoneOptions extends IdentityOptions {
  /** Folder of everything that survives a restart. An empty one becomes a new phone. */
  readonly stateDir: string;
  /** Unix socket of the phone's own mux. */
  readonly socketPath?: string;
  /** TCP port of the phone's own mux on the loopback address; 0 takes a free one. */
  readonly tcpPort?: number;
  /** A mux to be plugged into instead of an own one: several phones on one computer. */
  readonly mux?: VirtualMux;
  /** Whether the cable is plugged in at the start; default true. */
  readonly plugged?: boolean;
  readonly wifi?: WifiOptions;
  /** Default: accepts at once. */
  readonly trust?: TrustBehaviour;
  /** Whether the phone is locked with its passcode at the start. */
  readonly locked?: boolean;
  /** Default: no passcode. */
  readonly passcode?: PasscodeBehaviour;
  /** What a new phone holds; default "small". Ignored for a phone that exists. */
  readonly library?: LibrarySize;
  /** The day it is on a new phone; default a fixed one, so that its bytes do not depend on when they are made. */
  readonly libraryDay?: Date;
  /** Turns backup encryption on with this password, on a phone whose backups are not encrypted yet. */
  readonly backupPassword?: string;
  readonly backup?: Partial<BackupBehaviour>;
  readonly escrow?: Partial<EscrowRule>;
  /** How long a lockdown conversation may be silent before the phone hangs up; default for ever. */
  readonly lockdownIdleMs?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly onBreach?: (breach: Breach) => void;
}

/**
 * What a new phone is filled with: nothing, a person's life of some hundred or some thousand files, a life padded to so
 * many files, or so many files of one size and nothing else.
 */
export type LibrarySize =
  | 'empty'
  | 'small'
  | 'medium'
  | { readonly files: number }
  | { readonly files: number; readonly sizeBytes: number };

export interface WifiOptions {
  /** Address on which lockdownd listens, port 62078; each phone needs one of its own (127.0.0.2, 127.0.0.3 …). */
  readonly address: string;
  /** What EnableWifiConnections is at first; default true. */
  readonly enabled?: boolean;
  /** Whether the phone announces itself by multicast DNS; default false. */
  readonly advertise?: boolean;
  /** How long Wi-Fi connections live without an answered heartbeat; default 60 s, Infinity for ever. */
  readonly heartbeatGraceMs?: number;
  /** Time between two heartbeats; default 10 s. */
  readonly heartbeatIntervalMs?: number;
}

/** What a current iPhone does; a phone of before iOS 10 or 14 differs in the DeviceLink version. */
export function backupBehaviour(productVersion: string, wanted: Partial<BackupBehaviour> = {}): BackupBehaviour {
  const major = Number.parseInt(productVersion, 10);
  return {
    deviceLinkVersion: major >= 14 ? 400 : 300,
    uploadChunkBytes: 256 * 1024,
    batchFiles: 128,
    // Frames of 128 MiB were seen to kill agents that had to take many; single large ones pass.
    maxDownloadFrameBytes: 64 * 1024 * 1024,
    // An iPhone's ten million take seconds; the virtual one trades them for quick tests unless told otherwise.
    keybagRounds: { outer: 1000, inner: 100 },
    scanMs: 0,
    asksPasscodeToRestore: false,
    ...wanted,
  };
}
