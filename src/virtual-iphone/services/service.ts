import type { Duplex } from 'node:stream';
import type { PhoneContext, ServiceConnection } from '../context.ts';

/** One of the phone's services, as lockdown starts it. */
export interface Service {
  /** Serves one connection; resolves when it is over. The stream is destroyed afterwards. */
  serve(stream: Duplex, context: PhoneContext, connection: ServiceConnection): Promise<void>;
  /** May be started without a session, and then speaks plaintext. */
  readonly open?: boolean;
  /** Reads the class keys of a locked phone, so lockdown may insist on the escrow bag. */
  readonly needsEscrow?: boolean;
}

export type ServiceTable = ReadonlyMap<string, Service>;
