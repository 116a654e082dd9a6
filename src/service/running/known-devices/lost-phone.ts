import type { LostPhone } from '../../../contract/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { type InfoFacts, readInfo } from '../../../snapshot/index.ts';
import { openKnownVault } from '../../../vault/index.ts';
import { snapshotSource } from '../../reading/open-for-reading.ts';
import type { KnownDevice } from './known-device.ts';

/** What helps whoever has lost a device: what it told of itself, and what its newest version says. */
export async function lostPhone(
  device: KnownDevice,
  place: { readonly dir: string; readonly stateDir: string },
): Promise<LostPhone> {
  const { udid, name, model, productType, productVersion, presence, pair, snapshots } = device;
  const [newest] = snapshots;
  const facts = presence?.facts;
  const info = newest === undefined ? undefined : await infoOf(newest.id, place);
  const lastSeenAt = presence?.lastSeenAt ?? pair?.lastContactAt ?? newest?.takenAt;
  const told = {
    model,
    productType,
    productVersion,
    serialNumber: facts?.serialNumber ?? info?.serialNumber ?? newest?.device.serialNumber,
    imei: facts?.imei ?? info?.imei,
    meid: facts?.meid ?? info?.meid,
    iccid: facts?.iccid ?? info?.iccid,
    phoneNumber: facts?.phoneNumber ?? info?.phoneNumber,
    lastSeenAt: lastSeenAt?.toISOString(),
  };
  return {
    udid,
    name,
    ...withoutGaps(told),
    ...(newest && {
      lastBackup: {
        snapshot: newest.id,
        at: newest.takenAt.toISOString(),
        encrypted: newest.encrypted,
        bytes: newest.list.bytes,
      },
    }),
  };
}

/** Info.plist is not encrypted. A version that cannot be read says nothing more. */
async function infoOf(
  id: string,
  { dir, stateDir }: { readonly dir: string; readonly stateDir: string },
): Promise<InfoFacts | undefined> {
  try {
    await using vault = await openKnownVault({ dir, stateDir, purpose: 'a look', create: false, lock: 'none' });
    using view = vault.openSnapshot(vault.findSnapshot(id));
    return await readInfo(snapshotSource(view));
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

function withoutGaps(told: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
