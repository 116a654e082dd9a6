import { createHash } from 'node:crypto';
import type { PhoneIdentity, PhoneSettings } from './context.ts';
import { buildOf, defaultProductType, modelOf } from './models.ts';

export interface IdentityOptions {
  /** What the numbers of the phone are derived from; the same seed makes the same phone. */
  readonly seed?: number;
  readonly name?: string;
  readonly productType?: string;
  readonly productVersion?: string;
  readonly totalDiskBytes?: number;
  readonly udid?: string;
}

const SETTING = 'identity';
const DEFAULT_PRODUCT_VERSION = '18.5';
const DEFAULT_DISK_BYTES = 128_000_000_000;

/**
 * The identity kept in the phone's settings, made on first use. Options given later change what can change on a real
 * phone (its name, its iOS version); UDID, model and the other numbers stay.
 */
export function loadIdentity(settings: PhoneSettings, options: IdentityOptions): PhoneIdentity {
  const stored = settings.get(SETTING);
  const productType = options.productType ?? defaultProductType(options.productVersion ?? DEFAULT_PRODUCT_VERSION);
  const first = isStored(stored) ? stored : { ...options, productType, seed: options.seed ?? 1 };
  const kept: IdentityOptions = {
    ...first,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.productVersion === undefined ? {} : { productVersion: options.productVersion }),
  };
  settings.set(SETTING, kept);
  return makeIdentity(kept);
}

/** Every number of a phone, from its seed. */
export function makeIdentity(options: IdentityOptions): PhoneIdentity {
  const productVersion = options.productVersion ?? DEFAULT_PRODUCT_VERSION;
  const model = modelOf(options.productType ?? defaultProductType(productVersion));
  const seed = options.seed ?? 1;
  const hex = (label: string, digits: number): string =>
    createHash('sha512').update(`${seed}/${label}`).digest('hex').slice(0, digits);
  const decimal = (label: string, digits: number): string =>
    (BigInt(`0x${hex(label, 32)}`) % 10n ** BigInt(digits)).toString().padStart(digits, '0');
  // An ECID has at most 52 significant bits; UDIDs show it as 16 digits.
  const chip = hex('ecid', 13).padStart(16, '0').toUpperCase();
  const udid = options.udid ?? (model.chipId === undefined ? hex('udid', 40) : `${model.chipId}-${chip}`);
  return {
    udid,
    name: options.name ?? `Ada’s ${model.deviceClass}`,
    productType: model.productType,
    productVersion,
    buildVersion: buildOf(productVersion),
    deviceClass: model.deviceClass,
    hardwareModel: model.hardwareModel,
    serialNumber: serialNumber(hex('serial', 40)),
    uniqueChipId: BigInt(`0x${chip}`),
    imei: withLuhn(`35${decimal('imei', 12)}`),
    imei2: withLuhn(`35${decimal('imei2', 12)}`),
    meid: `35${decimal('imei', 12)}`,
    iccid: withLuhn(`8949${decimal('iccid', 15)}`),
    // 555-01xx is reserved for fiction.
    phoneNumber: `+1 (${(Number(decimal('area', 3)) % 800) + 200}) 555-01${decimal('line', 2)}`,
    wifiAddress: macAddress(hex('wifi', 12)),
    bluetoothAddress: macAddress(hex('bluetooth', 12)),
    timeZone: 'Europe/Berlin',
    totalDiskBytes: options.totalDiskBytes ?? DEFAULT_DISK_BYTES,
  };
}

/** Serial numbers are random, of ten letters and digits that cannot be mistaken for each other. */
function serialNumber(hex: string): string {
  const alphabet = 'CDFGHJKLMNPQRTVWXY0123456789';
  return Array.from({ length: 10 }, (_, i) => alphabet[Number.parseInt(hex.slice(i * 4, i * 4 + 4), 16) % 28]).join('');
}

/** A globally administered unicast address: the two low bits of the first byte are clear. */
function macAddress(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  bytes[0] = (Number.parseInt(bytes[0] ?? '0', 16) & 0xfc).toString(16).padStart(2, '0');
  return bytes.join(':');
}

/** Appends the check digit of IMEIs and SIM card numbers. */
function withLuhn(digits: string): string {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, i) => {
      const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function isStored(value: unknown): value is IdentityOptions {
  return typeof value === 'object' && value !== null && 'seed' in value && typeof value.seed === 'number';
}
