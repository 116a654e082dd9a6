import type { KeyObject } from 'node:crypto';
import type { PhoneContext } from '../context.ts';
import type { Pairing, Pairings } from './pairings.ts';
import type { PhoneTls } from './tls.ts';
import type { TrustDialog } from './trust.ts';
import type { LockdownValues } from './values.ts';

/** Which computers may start the backup service, and what the others are told. */
export interface EscrowRule {
  /** When the escrow bag of the pairing must come with StartService. An iPhone needs it while it is locked. */
  readonly required: 'never' | 'when-locked' | 'always';
  readonly error: string;
}

export interface ServiceRequest {
  readonly name: string;
  readonly transport: 'usb' | 'network';
  /** Set within a session. */
  readonly pairing: Pairing | undefined;
  readonly escrowBag: Buffer | undefined;
}

/** What every lockdown conversation of one phone works with. */
export interface LockdownServer {
  readonly context: PhoneContext;
  readonly pairings: Pairings;
  readonly trust: TrustDialog;
  readonly values: LockdownValues;
  readonly deviceKey: KeyObject;
  readonly tls: PhoneTls;
  /** How long a conversation may be silent; undefined for ever. */
  readonly idleMs: number | undefined;
  /** Opens a port for one connection to a service, or says which lockdown error refuses it. */
  startService(request: ServiceRequest): Promise<{ port: number; tls: boolean } | { error: string }>;
}
