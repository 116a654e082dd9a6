import { arrayAt, stringAt, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import type { PhoneContext } from '../context.ts';
import { servePlists, type PlistServiceReply } from './plist-service.ts';
import type { Service } from './service.ts';

const NAME = 'com.apple.mobile.diagnostics_relay';

/** com.apple.mobile.diagnostics_relay: the state of the battery, and the switch to restart the phone. */
export const diagnosticsRelay: Service = {
  serve: (stream, context, { signal }) =>
    servePlists(stream, context, {
      name: NAME,
      command: (request) => stringAt(request, 'Request') ?? '',
      answer: (request) => answer(request, context, () => void restartSoon(context, signal)),
      errorReply: (code) => ({ Status: code }),
    }),
};

/** How long a host that was told "Success" may take to say goodbye before the phone restarts. */
const RESTART_AFTER_MS = 1_000;

/** Restarts once the host has hung up, which every host does first (`WaitForDisconnect`), or soon. */
async function restartSoon({ clock, reboot }: PhoneContext, hostGone: AbortSignal): Promise<void> {
  try {
    await clock.sleep(RESTART_AFTER_MS, hostGone);
  } catch {
    // Either the host is gone, or the phone was turned off meanwhile.
    if (!hostGone.aborted) return;
  }
  reboot();
}

function answer(request: PlistDictionary, context: PhoneContext, restart: () => void): PlistServiceReply {
  const name = stringAt(request, 'Request') ?? '';
  switch (name) {
    case 'IORegistry':
      return { replies: [ioRegistry(request)] };
    case 'MobileGestalt':
      return { replies: [mobileGestalt(request, context)] };
    case 'All':
    case 'GasGauge':
      return { replies: [{ Status: 'Success', Diagnostics: { GasGauge: GAS_GAUGE } }] };
    case 'Goodbye':
      return { replies: [{ Status: 'Success' }], last: true };
    case 'Restart':
      restart();
      return { replies: [{ Status: 'Success' }] };
    case 'Sleep':
    case 'Shutdown':
      return { replies: [{ Status: 'Success' }] };
    default:
      return { replies: [{ Status: 'UnknownRequest' }] };
  }
}

const GAS_GAUGE: PlistDictionary = {
  CycleCount: 212,
  DesignCapacity: 3227,
  FullChargeCapacity: 2910,
  Status: 'Success',
};

const POWER_SOURCE: PlistDictionary = {
  AppleRawCurrentCapacity: 2328,
  AppleRawMaxCapacity: 2910,
  BatteryInstalled: true,
  CurrentCapacity: 80,
  CycleCount: 212,
  DesignCapacity: 3227,
  ExternalChargeCapable: true,
  ExternalConnected: true,
  FullyCharged: false,
  IsCharging: true,
  MaxCapacity: 100,
  Temperature: 2890,
  Voltage: 4120,
};

function ioRegistry(request: PlistDictionary): PlistDictionary {
  // libimobiledevice sends an empty text for what is not asked for.
  const asked = [stringAt(request, 'EntryClass'), stringAt(request, 'EntryName'), stringAt(request, 'CurrentPlane')];
  const entry = asked.find((each) => each !== undefined && each !== '');
  const battery = entry === 'IOPMPowerSource' || entry === 'AppleSmartBattery';
  return { Status: 'Success', Diagnostics: { IORegistry: battery ? POWER_SOURCE : {} } };
}

/** Gone since iOS 17.4. */
function mobileGestalt(request: PlistDictionary, { identity }: PhoneContext): PlistDictionary {
  const [major = 0, minor = 0] = identity.productVersion.split('.').map(Number);
  if (major > 17 || (major === 17 && minor >= 4)) {
    return { Status: 'Success', Diagnostics: { MobileGestalt: { Status: 'MobileGestaltDeprecated' } } };
  }
  const known: Record<string, PlistValue> = {
    DeviceName: identity.name,
    ProductType: identity.productType,
    ProductVersion: identity.productVersion,
    UniqueDeviceID: identity.udid,
    BatteryCurrentCapacity: 80,
  };
  const keys = (arrayAt(request, 'MobileGestaltKeys') ?? []).filter((key) => typeof key === 'string');
  const values = Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(known, key) ? [[key, known[key]]] : [])));
  return { Status: 'Success', Diagnostics: { MobileGestalt: { ...values, Status: 'Success' } } };
}
