import { randomBytes } from 'node:crypto';
import { type DeviceFacts, factsFrom } from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { type BackupSource, readInfo } from '../../snapshot/index.ts';
import type { BackupDevice } from '../backup-device.ts';
import type { InfoBasics } from './info-plist.ts';

const DOMAINS = ['', 'com.apple.mobile.backup', 'com.apple.iTunes', 'com.apple.mobile.iTunes'] as const;

export interface Basics {
  readonly facts: DeviceFacts;
  /** Info.plist as far as lockdownd knows it; its GUID depends on the backups before. */
  readonly info: Omit<InfoBasics, 'guid'>;
}

/** Asks lockdownd for everything a backup needs to know. A domain the device does not tell is left empty. */
export async function readBasics(device: BackupDevice): Promise<Basics> {
  const values = await device.values(DOMAINS);
  const facts = factsFrom(device.udid, values);
  const info = {
    udid: device.udid,
    root: values.get('') ?? {},
    iTunesSettings: values.get('com.apple.iTunes') ?? {},
    mobileITunes: values.get('com.apple.mobile.iTunes') ?? {},
    productName: facts.model,
    takenAt: new Date(),
  };
  return { facts, info };
}

/** The GUID by which programs tell one device's backups: that of the backup before, else a new one. */
export async function guidFor(before: BackupSource): Promise<string> {
  try {
    const guid = (await readInfo(before))?.guid;
    if (guid !== undefined && /^[0-9A-Fa-f]{32}$/.test(guid)) return guid;
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
  return randomBytes(16).toString('hex').toUpperCase();
}
