import type { Job } from '../../../contract/index.ts';
import { productName } from '../../../device/index.ts';
import { knownProblems, newestOfEach, type SnapshotLabels, type SnapshotRecord } from '../../../vault/index.ts';
import type { Try } from '../../history/tries.ts';
import type { PairFacts } from '../../pairs/pairs.ts';
import type { Presence } from '../../watching/presence.ts';
import type { DeviceMemory } from './device-memory.ts';

/** Everything that is known of one device, from wherever it is known. */
export interface KnownDevice {
  readonly udid: string;
  readonly name: string;
  readonly productType: string | undefined;
  readonly model: string | undefined;
  readonly productVersion: string | undefined;
  /** Undefined where it was not there since the service started. */
  readonly presence: Presence | undefined;
  readonly pair: PairFacts | undefined;
  /** Newest first. */
  readonly snapshots: readonly SnapshotRecord[];
  /** Newest first. */
  readonly tries: readonly Try[];
  /** What runs for it. */
  readonly job: Job | undefined;
  /** How many problems its newest version is known to have, by a deep verification or since it was taken in; one dated ahead is not the newest. */
  readonly newestProblems: number;
  readonly knownSince: Date | undefined;
  readonly announcedAt: Date | undefined;
}

export interface Sources {
  readonly presences: readonly Presence[];
  readonly pairs: readonly PairFacts[];
  readonly snapshots: readonly SnapshotRecord[];
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  readonly jobs: readonly Job[];
  readonly memory: DeviceMemory;
  readonly triesOf: (udid: string) => Promise<readonly Try[]>;
  readonly now: Date;
}

/** Every device that is there, is paired, or has a version in the vault; by name. */
export async function knownDevices(sources: Sources): Promise<KnownDevice[]> {
  const udids = new Set([...sources.presences, ...sources.pairs, ...sources.snapshots].map(({ udid }) => udid));
  const devices = await Promise.all([...udids].map((udid) => knownDevice(udid, sources)));
  return devices.toSorted((a, b) => a.name.localeCompare(b.name));
}

async function knownDevice(udid: string, sources: Sources): Promise<KnownDevice> {
  const presence = sources.presences.find((each) => each.udid === udid);
  const pair = sources.pairs.find((each) => each.udid === udid);
  const snapshots = sources.snapshots.filter((each) => each.udid === udid);
  const facts = presence?.facts;
  const then = snapshots[0]?.device;
  const [newest] = newestOfEach(snapshots, sources.now);
  const productType = facts?.productType ?? then?.productType;
  return {
    udid,
    name: facts?.name ?? pair?.name ?? then?.name ?? udid,
    productType,
    model: facts?.model ?? (productType === undefined ? undefined : productName(productType)),
    productVersion: facts?.productVersion ?? then?.productVersion,
    presence,
    pair,
    snapshots,
    tries: await sources.triesOf(udid),
    job: sources.jobs.find((job) => job.udid === udid),
    newestProblems: newest === undefined ? 0 : knownProblems(newest, sources.labels.get(newest.id)),
    knownSince: sources.memory.knownSince(udid),
    announcedAt: sources.memory.announcedAt(udid),
  };
}

/** Until it has answered, a device is taken to accept the pairing there is. */
export function isTrusted({ presence, pair }: KnownDevice): boolean {
  return presence?.facts === undefined || presence.link === undefined ? pair !== undefined : presence.trusted;
}
