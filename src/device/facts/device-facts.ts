/** What the product shows of a device, out of the values lockdownd tells. */
import { asDictionary, booleanAt, dateAt, numberAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { LockdownClient } from '../lockdown/lockdown-client.ts';
import { productName } from './product-names.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

export interface BatteryFacts {
  /** 0 to 100. */
  readonly percent: number | undefined;
  readonly isCharging: boolean | undefined;
  readonly externalPower: boolean | undefined;
}

export interface DiskFacts {
  readonly totalBytes: number | undefined;
  /** The part that holds the person's data, and what of it is free. */
  readonly dataBytes: number | undefined;
  readonly freeBytes: number | undefined;
}

/** Apple's own backup, as the device tells of it. Not every iOS tells it to computers. */
export interface CloudBackupFacts {
  readonly isEnabled: boolean | undefined;
  readonly lastAt: Date | undefined;
}

/** Everything but the UDID may be unknown: without a session a device tells little, and old ones know less. */
export interface DeviceFacts {
  readonly udid: string;
  /** What its owner calls it. */
  readonly name: string | undefined;
  /** As in shops: "iPhone 13". */
  readonly model: string | undefined;
  /** As Apple calls it inside: "iPhone14,5". */
  readonly productType: string | undefined;
  /** Of iOS: "18.5". */
  readonly productVersion: string | undefined;
  readonly buildVersion: string | undefined;
  readonly deviceClass: string | undefined;
  readonly hardwareModel: string | undefined;
  readonly serialNumber: string | undefined;
  readonly imei: string | undefined;
  readonly meid: string | undefined;
  readonly iccid: string | undefined;
  readonly phoneNumber: string | undefined;
  readonly wifiAddress: string | undefined;
  readonly timeZone: string | undefined;
  readonly activationState: string | undefined;
  /** Whether it is locked with a passcode right now. */
  readonly passwordProtected: boolean | undefined;
  /** Whether its backups are encrypted. */
  readonly willEncrypt: boolean | undefined;
  /** Whether a profile forbids unencrypted ones. */
  readonly requiresEncryption: boolean | undefined;
  readonly wifiConnectionsEnabled: boolean | undefined;
  /** Absent where the device says nothing of it. */
  readonly cloudBackup?: CloudBackupFacts;
  readonly battery: BatteryFacts;
  readonly disk: DiskFacts;
}

/** The values by domain; the empty string stands for the domain without a name. */
export type DeviceValues = ReadonlyMap<string, PlistDictionary>;

/** The domains the facts come from. The first is told in part without a session. */
const FACT_DOMAINS = [
  '',
  'com.apple.mobile.backup',
  'com.apple.mobile.battery',
  'com.apple.disk_usage',
  'com.apple.mobile.wireless_lockdown',
] as const;

/** Told without a session by every iOS, one by one, where the whole domain may be refused. */
const PUBLIC_KEYS = [
  'DeviceName',
  'ProductType',
  'ProductVersion',
  'BuildVersion',
  'DeviceClass',
  'UniqueDeviceID',
  'WiFiAddress',
] as const;

/** Reads what `factsFrom` needs. A domain or value the device does not tell is left out, never an error. */
export async function readFactValues(client: LockdownClient): Promise<DeviceValues> {
  const values = new Map<string, PlistDictionary>();
  for (const domain of client.pairRecord === undefined ? FACT_DOMAINS.slice(0, 1) : FACT_DOMAINS) {
    const dictionary = await readDomain(client, domain);
    if (dictionary !== undefined) values.set(domain, dictionary);
  }
  const root = values.get('');
  if (root === undefined || Object.keys(root).length === 0) values.set('', await readPublicValues(client));
  return values;
}

/** A whole domain: empty when there is none of that name, undefined when the device declines to tell it. */
export async function readDomain(client: LockdownClient, domain: string): Promise<PlistDictionary | undefined> {
  try {
    return asDictionary((await client.getValue(domain === '' ? undefined : domain)) ?? {});
  } catch (error) {
    ignoreRefusal(error);
    return undefined;
  }
}

export function factsFrom(udid: string, values: DeviceValues): DeviceFacts {
  const root = values.get('');
  const backup = values.get('com.apple.mobile.backup');
  const battery = values.get('com.apple.mobile.battery');
  const disk = values.get('com.apple.disk_usage');
  const productType = stringAt(root, 'ProductType');
  return {
    udid,
    name: stringAt(root, 'DeviceName'),
    model: productType === undefined ? undefined : productName(productType),
    productType,
    productVersion: stringAt(root, 'ProductVersion'),
    buildVersion: stringAt(root, 'BuildVersion'),
    deviceClass: stringAt(root, 'DeviceClass'),
    hardwareModel: stringAt(root, 'HardwareModel'),
    serialNumber: stringAt(root, 'SerialNumber'),
    imei: stringAt(root, 'InternationalMobileEquipmentIdentity'),
    meid: stringAt(root, 'MobileEquipmentIdentifier'),
    iccid: stringAt(root, 'IntegratedCircuitCardIdentity'),
    phoneNumber: stringAt(root, 'PhoneNumber'),
    wifiAddress: stringAt(root, 'WiFiAddress'),
    timeZone: stringAt(root, 'TimeZone'),
    activationState: stringAt(root, 'ActivationState'),
    passwordProtected: booleanAt(root, 'PasswordProtected'),
    // Absent until encryption has been turned on once.
    willEncrypt: booleanAt(backup, 'WillEncrypt') ?? (backup === undefined ? undefined : false),
    requiresEncryption: booleanAt(backup, 'RequiresEncryption'),
    wifiConnectionsEnabled: booleanAt(values.get('com.apple.mobile.wireless_lockdown'), 'EnableWifiConnections'),
    ...cloudBackupFrom(backup),
    battery: {
      percent: numberAt(battery, 'BatteryCurrentCapacity'),
      isCharging: booleanAt(battery, 'BatteryIsCharging'),
      externalPower: booleanAt(battery, 'ExternalConnected'),
    },
    disk: {
      totalBytes: numberAt(disk, 'TotalDiskCapacity'),
      dataBytes: numberAt(disk, 'TotalDataCapacity'),
      freeBytes: numberAt(disk, 'AmountDataAvailable') ?? numberAt(disk, 'TotalDataAvailable'),
    },
  };
}

/** Seconds since 2001, or a date. */
function cloudBackupFrom(backup: PlistDictionary | undefined): Pick<DeviceFacts, 'cloudBackup'> {
  const isEnabled = booleanAt(backup, 'CloudBackupEnabled');
  const seconds = numberAt(backup, 'LastCloudBackupDate');
  const date =
    seconds === undefined ? dateAt(backup, 'LastCloudBackupDate') : new Date((seconds + EPOCH_2001_MS / 1000) * 1000);
  const lastAt = date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
  return isEnabled === undefined && lastAt === undefined ? {} : { cloudBackup: { isEnabled, lastAt } };
}

async function readPublicValues(client: LockdownClient): Promise<PlistDictionary> {
  const values: PlistDictionary = {};
  for (const key of PUBLIC_KEYS) {
    const value = await client.getValue(undefined, key).catch(ignoreRefusal);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** A device that declines one value still tells the others. */
function ignoreRefusal(error: unknown): undefined {
  if (!isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED')) throw error;
}
