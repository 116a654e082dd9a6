import { PlistReal, type PlistDictionary } from '../../formats/index.ts';
import { SETTINGS, type PhoneContext, type PhoneSettings } from '../context.ts';

/** The domains of lockdown besides the root, as a current iPhone has them. Undefined for one it does not know. */
export function domainValues(domain: string, context: PhoneContext): PlistDictionary | undefined {
  const make = Object.hasOwn(DOMAINS, domain) ? DOMAINS[domain] : undefined;
  return make?.(context);
}

const DOMAINS: Readonly<Record<string, (context: PhoneContext) => PlistDictionary>> = {
  'com.apple.mobile.battery': ({ settings }) => ({
    BatteryCurrentCapacity: batteryOf(settings).percent,
    BatteryIsCharging: batteryOf(settings).charging,
    ExternalChargeCapable: true,
    ExternalConnected: batteryOf(settings).charging,
    FullyCharged: false,
    GasGaugeCapability: true,
    HasBattery: true,
  }),
  'com.apple.disk_usage': diskUsage,
  'com.apple.disk_usage.factory': diskUsage,
  'com.apple.mobile.backup': ({ settings }) => ({
    WillEncrypt: settings.get(SETTINGS.willEncrypt) === true,
    Version: '2.4',
    ...cloudBackupOf(settings),
  }),
  'com.apple.mobile.wireless_lockdown': ({ identity, settings }) => {
    const instance = `${identity.wifiAddress}@${linkLocal(identity.wifiAddress)}`;
    return {
      BonjourFullServiceName: `${instance}._apple-mobdev2._tcp.local.`,
      EnableWifiConnections: settings.get(SETTINGS.wifiEnabled) === true,
      EnableWifiDebugging: false,
      InstanceName: instance,
      SupportsWifi: true,
      SupportsWifiSyncing: true,
      WirelessHosts: [],
    };
  },
  'com.apple.mobile.iTunes': ({ identity }) => ({
    DBVersion: 4,
    MinITunesVersion: '12.13',
    MinMacOSVersion: '10.15',
    ChapterImageSpecs: [],
    ImageSpecifications: [],
    SQLiteDB: true,
    FairPlayDeviceType: identity.deviceClass === 'iPad' ? 116 : 90,
    KeyTypeSupportVersion: 492,
    OEMA: true,
    OEMID: 0,
  }),
  'com.apple.iTunes': () => ({
    BookmarkSyncing: true,
    DeviceBackupsDisabled: false,
    LibraryApplications: [],
    SyncedApplications: [],
  }),
  'com.apple.fmip': ({ settings }) => ({ IsAssociated: settings.get(SETTINGS.findMy) === true }),
  'com.apple.mobile.data_sync': () => ({
    Bookmarks: { AccountNames: ['iCloud'], Sources: ['iCloud'] },
    Calendars: { AccountNames: ['iCloud'], Sources: ['iCloud'] },
    Contacts: { AccountNames: ['iCloud'], Sources: ['iCloud'] },
    Notes: { AccountNames: ['iCloud'], Sources: ['iCloud'] },
  }),
  'com.apple.international': () => ({
    Keyboard: 'en_GB',
    Language: 'en',
    Locale: 'en_GB',
    SupportedKeyboards: ['de_DE', 'en_GB', 'fr_FR'],
    SupportedLanguages: ['de', 'en', 'fr'],
    SupportedLocales: ['de_DE', 'en_GB', 'fr_FR'],
  }),
  'com.apple.mobile.chaperone': ({ settings }) => ({ DeviceIsChaperoned: settings.get(SETTINGS.supervised) === true }),
  'com.apple.mobile.software_behavior': () => ({
    ChinaBrick: false,
    GoogleMail: false,
    NTSC: false,
    NoVOIP: false,
    NoWiFi: false,
    ShutterClick: false,
    Valid: true,
    VolumeLimit: false,
  }),
  'com.apple.mobile.user_preferences': () => ({ DeviceWantsVoiceover: false }),
  'com.apple.mobile.internal': () => ({ VoidWarranty: false, DiagnosticsAllowed: true }),
  'com.apple.PurpleBuddy': ({ settings }) => ({
    SetupState: 'SetupUsingAssistant',
    SetupDone: settings.get(SETTINGS.setUp) !== false,
  }),
  'com.apple.mobile.ldwatch': () => ({ WatchCompanionCapability: true }),
};

function batteryOf(settings: PhoneSettings): { percent: number; charging: boolean } {
  const battery = settings.get(SETTINGS.battery);
  const isSet = typeof battery === 'object' && battery !== null && 'percent' in battery && 'charging' in battery;
  return isSet ? { percent: Number(battery.percent), charging: battery.charging === true } : FULL_ENOUGH;
}

const FULL_ENOUGH = { percent: 80, charging: true };

/** The date as a phone has it: seconds since 2001. */
function cloudBackupOf(settings: PhoneSettings): PlistDictionary {
  const cloud = settings.get(SETTINGS.cloudBackup);
  if (typeof cloud !== 'object' || cloud === null || !('enabled' in cloud)) return { CloudBackupEnabled: false };
  const lastAt = 'lastAt' in cloud ? Date.parse(String(cloud.lastAt)) : Number.NaN;
  const seconds = lastAt / 1000 - 978_307_200;
  const date = Number.isNaN(seconds) ? {} : { LastCloudBackupDate: new PlistReal(seconds), LastCloudBackupTZ: 'GMT+1' };
  return { CloudBackupEnabled: cloud.enabled === true, ...date };
}

/** Sizes in bytes. The system takes what such a phone's system takes; the rest follows from the disk. */
function diskUsage({ identity, disk }: PhoneContext): PlistDictionary {
  const systemBytes = Math.min(12_000_000_000, Math.floor(identity.totalDiskBytes / 10));
  const dataBytes = identity.totalDiskBytes - systemBytes;
  const usedBytes = disk.totalBytes();
  const availableBytes = Math.max(0, dataBytes - usedBytes);
  const reservedBytes = Math.min(200_000_000, availableBytes);
  return {
    AmountDataAvailable: availableBytes - reservedBytes,
    AmountDataReserved: reservedBytes,
    AmountRestoreAvailable: availableBytes,
    CalendarUsage: 1_000_000,
    MobileApplicationUsage: 0,
    NotesUsage: 1_000_000,
    TotalDataAvailable: availableBytes,
    TotalDataCapacity: dataBytes,
    TotalDiskCapacity: identity.totalDiskBytes,
    TotalSystemAvailable: 0,
    TotalSystemCapacity: systemBytes,
    VoicemailUsage: 1_000_000,
    WebAppCacheUsage: 0,
  };
}

/** The link-local address that follows from a MAC address (EUI-64). */
export function linkLocal(macAddress: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = macAddress.split(':').map((part) => Number.parseInt(part, 16));
  return `fe80::${group(a ^ 2, b)}:${group(c, 0xff)}:${group(0xfe, d)}:${group(e, f)}`;
}

function group(high: number, low: number): string {
  return ((high << 8) | low).toString(16);
}
