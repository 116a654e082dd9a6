import type { KeyObject } from 'node:crypto';
import {
  asDictionary,
  booleanAt,
  decodeXmlPlist,
  encodeXmlPlist,
  PlistReal,
  valueAt,
  type PlistDictionary,
  type PlistValue,
} from '../../formats/index.ts';
import type { PhoneContext } from '../context.ts';
import { devicePublicKeyPem } from './device-key.ts';
import { domainValues } from './value-domains.ts';

export const WIRELESS_DOMAIN = 'com.apple.mobile.wireless_lockdown';

/** What a computer may ask without a session: enough to show the phone and to pair. */
const PUBLIC_KEYS = new Set([
  'BuildVersion',
  'CPUArchitecture',
  'DeviceClass',
  'DeviceColor',
  'DeviceName',
  'DevicePublicKey',
  'HardwareModel',
  'HostAttached',
  'PasswordProtected',
  'ProductName',
  'ProductType',
  'ProductVersion',
  'ProtocolVersion',
  'SupportedDeviceFamilies',
  'TelephonyCapability',
  'UniqueChipID',
  'UniqueDeviceID',
  'WiFiAddress',
]);

/** What a computer may set, by domain; `*` stands for every key. */
const WRITABLE: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set(['DeviceName', 'TimeZone', 'Uses24HourClock', 'UntrustedHostBUID']),
  [WIRELESS_DOMAIN]: new Set(['EnableWifiConnections', 'EnableWifiDebugging', 'WirelessHosts', 'WirelessBuddyID']),
  'com.apple.mobile.data_sync': new Set(['*']),
  'com.apple.iTunes': new Set(['*']),
  'com.apple.mobile.iTunes': new Set(['*']),
  'com.apple.mobile.iTunes.SQLMusicLibraryPostProcessCommands': new Set(['*']),
  'com.apple.international': new Set(['Language', 'Locale', 'Keyboard']),
};

const SETTING = 'lockdown.values';

/**
 * What GetValue answers from: the facts of the phone, and over them whatever computers have set. `undefined` stands
 * for a domain or key the phone does not have.
 */
export class LockdownValues {
  readonly #context: PhoneContext;
  readonly #deviceKey: KeyObject;
  readonly #onChange: (domain: string, key: string) => void;
  /** What computers have set, by domain and key. */
  #set: PlistDictionary;

  constructor(context: PhoneContext, deviceKey: KeyObject, onChange: (domain: string, key: string) => void) {
    this.#context = context;
    this.#deviceKey = deviceKey;
    this.#onChange = onChange;
    const stored = context.settings.get(SETTING);
    this.#set = (typeof stored === 'string' && asDictionary(decodeXmlPlist(stored))) || {};
  }

  domain(domain: string): PlistDictionary | undefined {
    const own = domain === '' ? this.#root() : domainValues(domain, this.#context);
    const set = asDictionary(valueAt(this.#set, domain));
    return own === undefined && set === undefined ? undefined : { ...own, ...set };
  }

  /** The value of one key. The root domain is the empty string. */
  get(domain: string, key: string): PlistValue | undefined {
    return valueAt(this.domain(domain), key);
  }

  publicValues(): PlistDictionary {
    return Object.fromEntries(Object.entries(this.#root()).filter(([key]) => PUBLIC_KEYS.has(key)));
  }

  isPublic(domain: string, key: string): boolean {
    return domain === '' && PUBLIC_KEYS.has(key);
  }

  isWritable(domain: string, key: string): boolean {
    const keys = WRITABLE[domain];
    return keys !== undefined && (keys.has(key) || keys.has('*'));
  }

  /** @param value undefined removes what was set. */
  set(domain: string, key: string, value: PlistValue | undefined): void {
    const values = { ...asDictionary(valueAt(this.#set, domain)) };
    if (value === undefined) delete values[key];
    else values[key] = value;
    this.#set[domain] = values;
    this.#context.settings.set(SETTING, encodeXmlPlist(this.#set).toString('utf8'));
    this.#onChange(domain, key);
  }

  /** Forgets what computers have set. */
  clear(): void {
    this.#set = {};
    this.#context.settings.delete(SETTING);
  }

  #root(): PlistDictionary {
    const { identity, clock, screen } = this.#context;
    const now = clock.now();
    return {
      ActivationState: 'Activated',
      ActivationStateAcknowledged: true,
      BasebandStatus: 'BBInfoAvailable',
      BasebandVersion: '4.20.03',
      BluetoothAddress: identity.bluetoothAddress,
      BrickState: false,
      BuildVersion: identity.buildVersion,
      CPUArchitecture: 'arm64e',
      DeviceClass: identity.deviceClass,
      DeviceColor: '1',
      DeviceName: identity.name,
      DevicePublicKey: devicePublicKeyPem(this.#deviceKey),
      DieID: Number(identity.uniqueChipId & 0xff_ffff_ffffn),
      EthernetAddress: identity.wifiAddress.replace(/..$/, 'fe'),
      FirmwareVersion: 'iBoot-11881.122.1',
      HardwareModel: identity.hardwareModel,
      HasSiDP: true,
      HostAttached: true,
      IntegratedCircuitCardIdentity: identity.iccid,
      InternationalMobileEquipmentIdentity: identity.imei,
      InternationalMobileEquipmentIdentity2: identity.imei2,
      MobileEquipmentIdentifier: identity.meid,
      ModelNumber: 'MLPF3',
      PasswordProtected: screen.locked || screen.passcode.mode !== 'none',
      PhoneNumber: identity.phoneNumber,
      ProductName: 'iPhone OS',
      ProductType: identity.productType,
      ProductVersion: identity.productVersion,
      ProtocolVersion: '2',
      RegionInfo: 'ZD/A',
      SIMStatus: 'kCTSIMSupportSIMStatusReady',
      SerialNumber: identity.serialNumber,
      SupportedDeviceFamilies: [identity.deviceClass === 'iPad' ? 2 : 1],
      TelephonyCapability: identity.deviceClass === 'iPhone',
      TimeIntervalSince1970: new PlistReal(now.getTime() / 1000),
      TimeZone: identity.timeZone,
      TimeZoneOffsetFromUTC: new PlistReal(3600),
      TrustedHostAttached: true,
      UniqueChipID: identity.uniqueChipId,
      UniqueDeviceID: identity.udid,
      Uses24HourClock: true,
      WiFiAddress: identity.wifiAddress,
    };
  }
}

/** Whether computers may talk to the phone over Wi-Fi. */
export function wifiConnectionsEnabled(values: LockdownValues): boolean {
  return booleanAt(values.domain(WIRELESS_DOMAIN), 'EnableWifiConnections') ?? false;
}
