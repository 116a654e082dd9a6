import type { AppError } from '../../shared/errors.ts';
import type { ConnectionKind, DeviceFacts, DeviceListing, DeviceLocation } from '../../device/index.ts';

/** A device that is there now, or was since the service started. */
export interface Presence {
  readonly udid: string;
  /** How it is reached; undefined where it is not. */
  readonly location: DeviceLocation | undefined;
  readonly link: ConnectionKind | undefined;
  /** Whether it has told how it is, or why it does not, since it came. */
  readonly hasTold: boolean;
  /** Whether it accepts a pairing of this computer, as far as it could be asked. */
  readonly trusted: boolean;
  /** What it told the last time; undefined before it was asked. */
  readonly facts: DeviceFacts | undefined;
  readonly lastSeenAt: Date | undefined;
  /** Undefined while nobody knows. */
  readonly locked: boolean | undefined;
  /** When somebody was last seen to have it in their hand. */
  readonly lastUnlockedAt: Date | undefined;
  /** Why it tells no more. */
  readonly problem: AppError | undefined;
}

export function absent(udid: string): Presence {
  return {
    udid,
    location: undefined,
    link: undefined,
    hasTold: false,
    trusted: false,
    facts: undefined,
    lastSeenAt: undefined,
    locked: undefined,
    lastUnlockedAt: undefined,
    problem: undefined,
  };
}

/** The device as a job wants it. Undefined where it is not there. */
export function listingOf({ udid, location, trusted, facts, problem }: Presence): DeviceListing | undefined {
  if (location === undefined || facts === undefined) return undefined;
  const { connections } = location;
  return { udid, location, connections, paired: trusted, facts, ...(problem === undefined ? {} : { problem }) };
}
