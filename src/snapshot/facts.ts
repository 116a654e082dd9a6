/** What the three small property lists of a backup say. Everything may be absent: other tools write them, and old iOS. */
import {
  arrayAt,
  asDictionary,
  booleanAt,
  bytesAt,
  dateAt,
  decodePlist,
  dictionaryAt,
  stringAt,
  type PlistDictionary,
} from '../formats/index.ts';
import { FormatError } from '../shared/errors.ts';
import { readWhole, type BackupSource } from './source.ts';

/** Info.plist holds the icons of all apps: up to 10 MB in real backups. */
const MAX_PLIST_BYTES = 128 * 1024 * 1024;

/** Info.plist, written by the computer: who the device is. */
export interface InfoFacts {
  readonly deviceName?: string;
  readonly displayName?: string;
  readonly productType?: string;
  readonly productName?: string;
  readonly productVersion?: string;
  readonly buildVersion?: string;
  readonly serialNumber?: string;
  readonly udid?: string;
  readonly imei?: string;
  readonly meid?: string;
  readonly iccid?: string;
  readonly phoneNumber?: string;
  readonly guid?: string;
  readonly iTunesVersion?: string;
  readonly lastBackupAt?: Date;
  /** Bundle identifiers. */
  readonly installedApplications: readonly string[];
}

/** Status.plist, written by the device: how far the backup came. */
export interface StatusFacts {
  readonly uuid?: string;
  /** "2.4" until iOS 9, "3.3" since. */
  readonly version?: string;
  readonly date?: Date;
  /** empty, old, new */
  readonly backupState?: string;
  /** uploading, moving, removing, finished */
  readonly snapshotState?: string;
  readonly isFullBackup?: boolean;
  /** Whether the device declared the backup complete. */
  readonly isFinished: boolean;
}

/** Manifest.plist, written by the device: encryption and apps. */
export interface ManifestFacts {
  readonly version?: string;
  readonly systemDomainsVersion?: string;
  readonly date?: Date;
  /** A claim: the first bytes of Manifest.db decide. */
  readonly isEncrypted: boolean;
  readonly wasPasscodeSet?: boolean;
  /** For `parseKeybag`. Unencrypted backups may carry one as well. */
  readonly keybag?: Buffer;
  /** u32 little-endian class and wrapped key, 44 bytes; encrypted backups since iOS 10.2. */
  readonly manifestKey?: Buffer;
  readonly deviceName?: string;
  readonly productType?: string;
  readonly productVersion?: string;
  readonly buildVersion?: string;
  readonly serialNumber?: string;
  readonly udid?: string;
  readonly applications: readonly ApplicationFacts[];
}

interface ApplicationFacts {
  readonly bundleId: string;
  readonly version?: string;
}

/** Undefined when there is no Info.plist. @throws {FormatError} when it is not a property list. */
export async function readInfo(source: BackupSource): Promise<InfoFacts | undefined> {
  return readFacts(source, 'Info.plist', infoFacts);
}

/** Undefined when there is no Status.plist. @throws {FormatError} when it is not a property list. */
export async function readStatus(source: BackupSource): Promise<StatusFacts | undefined> {
  return readFacts(source, 'Status.plist', statusFacts);
}

/** Undefined when there is no Manifest.plist. @throws {FormatError} when it is not a property list. */
export async function readManifestPlist(source: BackupSource): Promise<ManifestFacts | undefined> {
  return readFacts(source, 'Manifest.plist', manifestFacts);
}

async function readFacts<T>(
  source: BackupSource,
  path: string,
  parse: (d: PlistDictionary) => T,
): Promise<T | undefined> {
  const bytes = await readWhole(source, path, MAX_PLIST_BYTES);
  if (bytes === undefined) return undefined;
  const dictionary = asDictionary(decodePlist(bytes));
  if (dictionary === undefined) throw new FormatError(`${path} is not a dictionary`);
  return parse(dictionary);
}

function infoFacts(info: PlistDictionary): InfoFacts {
  return withoutAbsent({
    deviceName: textAt(info, 'Device Name'),
    displayName: textAt(info, 'Display Name'),
    productType: textAt(info, 'Product Type'),
    productName: textAt(info, 'Product Name'),
    productVersion: textAt(info, 'Product Version'),
    buildVersion: textAt(info, 'Build Version'),
    serialNumber: textAt(info, 'Serial Number'),
    udid: textAt(info, 'Target Identifier') ?? textAt(info, 'Unique Identifier'),
    imei: textAt(info, 'IMEI'),
    meid: textAt(info, 'MEID'),
    iccid: textAt(info, 'ICCID'),
    phoneNumber: textAt(info, 'Phone Number'),
    guid: textAt(info, 'GUID'),
    iTunesVersion: textAt(info, 'iTunes Version'),
    lastBackupAt: dateAt(info, 'Last Backup Date'),
    installedApplications: (arrayAt(info, 'Installed Applications') ?? []).flatMap((each) =>
      typeof each === 'string' ? [ownText(each)] : [],
    ),
  });
}

function statusFacts(status: PlistDictionary): StatusFacts {
  return withoutAbsent({
    uuid: textAt(status, 'UUID'),
    version: textAt(status, 'Version'),
    date: dateAt(status, 'Date'),
    backupState: textAt(status, 'BackupState'),
    snapshotState: textAt(status, 'SnapshotState'),
    isFullBackup: booleanAt(status, 'IsFullBackup'),
    isFinished: textAt(status, 'SnapshotState') === 'finished',
  });
}

function manifestFacts(manifest: PlistDictionary): ManifestFacts {
  const lockdown = dictionaryAt(manifest, 'Lockdown');
  const applications = dictionaryAt(manifest, 'Applications') ?? {};
  return withoutAbsent({
    version: textAt(manifest, 'Version'),
    systemDomainsVersion: textAt(manifest, 'SystemDomainsVersion'),
    date: dateAt(manifest, 'Date'),
    isEncrypted: booleanAt(manifest, 'IsEncrypted') ?? false,
    wasPasscodeSet: booleanAt(manifest, 'WasPasscodeSet'),
    keybag: bytesAt(manifest, 'BackupKeyBag'),
    manifestKey: bytesAt(manifest, 'ManifestKey'),
    deviceName: textAt(lockdown, 'DeviceName'),
    productType: textAt(lockdown, 'ProductType'),
    productVersion: textAt(lockdown, 'ProductVersion'),
    buildVersion: textAt(lockdown, 'BuildVersion'),
    serialNumber: textAt(lockdown, 'SerialNumber'),
    udid: textAt(lockdown, 'UniqueDeviceID'),
    applications: Object.keys(applications).map((bundleId) =>
      withoutAbsent({
        bundleId: ownText(bundleId),
        version: textAt(dictionaryAt(applications, bundleId), 'CFBundleVersion'),
      }),
    ),
  });
}

function textAt(dictionary: PlistDictionary | undefined, key: string): string | undefined {
  const text = stringAt(dictionary, key);
  return text === undefined ? undefined : ownText(text);
}

/** A copy: the text of an XML list is a slice of the whole, and facts that live long would keep megabytes alive. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}

type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out the properties that are undefined. */
function withoutAbsent<T extends object>(facts: T): WithoutAbsent<T> {
  const present = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as WithoutAbsent<T>; // which is what remains
}
