import { AddressBook, normalizeUdid, type PairRecord } from '../../device/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { pairHealth, type PairHealth } from './pair-health.ts';

/** A device this computer is paired with, and when it was last heard of. */
export interface PairFacts {
  readonly udid: string;
  /** What its owner called it when it was last heard of. */
  readonly name: string | undefined;
  readonly lastContactAt: Date | undefined;
  readonly lastContactBy: 'usb' | 'network' | undefined;
  /** Where it was last found on the network. */
  readonly address: string | undefined;
  /** Without it backups cannot be started. */
  readonly hasEscrowBag: boolean;
  readonly health: PairHealth;
}

/**
 * Every pairing in the own folder, by name. Those that only usbmuxd has are not among them: it has no way to list them.
 *
 * @throws {AppError} STORAGE_FAILED
 */
export async function listPairs({ pairRecords }: DeviceSetup, now = new Date()): Promise<PairFacts[]> {
  const paired = await pairRecords.list();
  const facts = await Promise.all(paired.map(({ udid, record }) => factsOf(pairRecords, udid, record, now)));
  return facts.toSorted((a, b) => (a.name ?? a.udid).localeCompare(b.name ?? b.udid));
}

/**
 * The pairing a person means by a name or a UDID; undefined means the only one.
 *
 * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS
 */
export function choosePair(pairs: readonly PairFacts[], wanted: string | undefined): PairFacts {
  const udid = wanted === undefined ? undefined : normalizeUdid(wanted);
  const matches = pairs.filter((pair) => wanted === undefined || pair.udid === udid || pair.name === wanted);
  const [pair, another] = matches;
  if (pair === undefined) {
    const message = wanted === undefined ? 'no device is paired' : `no paired device is called “${wanted}”`;
    throw new AppError('DEVICE_NOT_FOUND', message, {
      hint: pairs.length === 0 ? '`holdfast pair` makes the first pairing.' : `There is: ${namesOf(pairs)}.`,
    });
  }
  if (another === undefined) return pair;
  throw new AppError('DEVICE_AMBIGUOUS', `${matches.length} paired devices match`, {
    hint: `Name one of them by its UDID: ${namesOf(matches)}.`,
    details: { matches: matches.length },
  });
}

async function factsOf(
  store: DeviceSetup['pairRecords'],
  udid: string,
  { escrowBag }: PairRecord,
  now: Date,
): Promise<PairFacts> {
  const { name, contactAt, contactBy, host } = await new AddressBook(store.directory).get(udid);
  // The device was there when it was paired.
  const lastContactAt = contactAt ?? (await store.savedAt(udid));
  return {
    udid,
    name,
    lastContactAt,
    lastContactBy: contactBy,
    address: host,
    hasEscrowBag: escrowBag !== undefined,
    health: pairHealth(name ?? udid, lastContactAt, now),
  };
}

function namesOf(pairs: readonly PairFacts[]): string {
  return pairs.map(({ udid, name }) => (name === undefined ? udid : `${udid} (${name})`)).join(', ');
}
