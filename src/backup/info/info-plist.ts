/** Info.plist: what the computer, not the device, writes into a backup. Other programs know the device by it. */
import { encodeXmlPlist, type PlistDictionary, type PlistValue, stringAt } from '../../formats/index.ts';

/** The files of `/iTunes_Control/iTunes/` that belong into Info.plist, where the device has them. */
export const ITUNES_FILES = [
  'ApertureAlbumPrefs',
  'IC-Info.sidb',
  'IC-Info.sidv',
  'PhotosFolderAlbums',
  'PhotosFolderName',
  'PhotosFolderPrefs',
  'VoiceMemos.plist',
  'iPhotoAlbumPrefs',
  'iTunesApplicationIDs',
  'iTunesPrefs',
  'iTunesPrefs.plist',
] as const;

/** What is told when the device names no version: the one every known client tells. */
const DEFAULT_ITUNES_VERSION = '10.0.1';

/** What lockdownd knows. Every dictionary may be empty. */
export interface InfoBasics {
  readonly udid: string;
  /** The domain without a name. */
  readonly root: PlistDictionary;
  /** com.apple.iTunes, as a whole. */
  readonly iTunesSettings: PlistDictionary;
  /** com.apple.mobile.iTunes */
  readonly mobileITunes: PlistDictionary;
  /** The name by which the product is sold, where it is known. */
  readonly productName: string | undefined;
  /** 32 hexadecimal digits, the same in every backup of one device. */
  readonly guid: string;
  readonly takenAt: Date;
}

/** What takes longer to find out. Everything may be missing. */
export interface InfoExtras {
  /** What the device tells about each app, by bundle identifier. */
  readonly apps: Map<string, PlistDictionary>;
  /** PNG by bundle identifier. */
  readonly icons: Map<string, Buffer>;
  /** By name; of ITUNES_FILES. */
  readonly iTunesFiles: Map<string, Buffer>;
  iBooksData: Buffer | undefined;
}

export function noExtras(): InfoExtras {
  return { apps: new Map(), icons: new Map(), iTunesFiles: new Map(), iBooksData: undefined };
}

/** The bytes of Info.plist: XML, as iTunes writes it. */
export function encodeInfoPlist(basics: InfoBasics, extras: InfoExtras): Buffer {
  return encodeXmlPlist(infoDictionary(basics, extras));
}

export function infoDictionary(basics: InfoBasics, extras: InfoExtras): PlistDictionary {
  const { root, udid } = basics;
  const deviceName = stringAt(root, 'DeviceName');
  return withoutAbsent({
    Applications: Object.fromEntries(
      [...extras.apps].map(([id, app]) => [id, applicationEntry(app, extras.icons.get(id))]),
    ),
    'Build Version': root['BuildVersion'],
    'Device Name': deviceName,
    'Display Name': deviceName,
    GUID: basics.guid,
    ICCID: root['IntegratedCircuitCardIdentity'],
    IMEI: root['InternationalMobileEquipmentIdentity'],
    'Installed Applications': [...extras.apps.keys()],
    'Last Backup Date': basics.takenAt,
    MEID: root['MobileEquipmentIdentifier'],
    'Phone Number': root['PhoneNumber'],
    'Product Name': basics.productName ?? root['ProductName'],
    'Product Type': root['ProductType'],
    'Product Version': root['ProductVersion'],
    'Serial Number': root['SerialNumber'],
    'Target Identifier': udid,
    'Target Type': 'Device',
    'Unique Identifier': udid.toUpperCase(),
    'iBooks Data 2': extras.iBooksData,
    'iTunes Files': Object.fromEntries(extras.iTunesFiles),
    'iTunes Settings': basics.iTunesSettings,
    'iTunes Version': stringAt(basics.mobileITunes, 'MinITunesVersion') ?? DEFAULT_ITUNES_VERSION,
  });
}

/** What a restore needs to load the app again: its licence and its page in the store. */
function applicationEntry(app: PlistDictionary, icon: Buffer | undefined): PlistDictionary {
  return withoutAbsent({
    ApplicationSINF: app['ApplicationSINF'],
    iTunesMetadata: app['iTunesMetadata'],
    PlaceholderIcon: icon,
  });
}

function withoutAbsent(dictionary: Readonly<Record<string, PlistValue | undefined>>): PlistDictionary {
  return Object.fromEntries(
    Object.entries(dictionary).flatMap(([key, value]): [string, PlistValue][] =>
      value === undefined || value === null ? [] : [[key, value]],
    ),
  );
}
