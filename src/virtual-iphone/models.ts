/** What follows from a product type. Hardware models and chip ids as published in Apple's firmware manifests. */
export interface PhoneModel {
  readonly productType: string;
  readonly marketingName: string;
  readonly hardwareModel: string;
  /** Chip id, the first half of a new-style UDID; undefined for models whose UDID is 40 hexadecimal digits. */
  readonly chipId: string | undefined;
  readonly deviceClass: 'iPhone' | 'iPad';
  /** USB product id: 0x12a8 for iPhones, 0x12ab for iPads. */
  readonly usbProductId: number;
}

const MODELS: readonly PhoneModel[] = [
  iPhone('iPhone4,1', 'iPhone 4S', 'N94AP', undefined),
  iPhone('iPhone5,2', 'iPhone 5', 'N42AP', undefined),
  iPhone('iPhone8,1', 'iPhone 6s', 'N71AP', undefined),
  iPhone('iPhone10,6', 'iPhone X', 'D221AP', undefined),
  iPhone('iPhone12,1', 'iPhone 11', 'N104AP', '00008030'),
  iPhone('iPhone13,2', 'iPhone 12', 'D53gAP', '00008101'),
  iPhone('iPhone14,5', 'iPhone 13', 'D17AP', '00008110'),
  iPhone('iPhone15,2', 'iPhone 14 Pro', 'D73AP', '00008120'),
  iPhone('iPhone16,1', 'iPhone 15 Pro', 'D83AP', '00008130'),
  iPhone('iPhone17,3', 'iPhone 16', 'D47AP', '00008140'),
  {
    productType: 'iPad13,18',
    marketingName: 'iPad (10th generation)',
    hardwareModel: 'J271AP',
    chipId: '00008101',
    deviceClass: 'iPad',
    usbProductId: 0x12ab,
  },
];

function iPhone(
  productType: string,
  marketingName: string,
  hardwareModel: string,
  chipId: string | undefined,
): PhoneModel {
  return { productType, marketingName, hardwareModel, chipId, deviceClass: 'iPhone', usbProductId: 0x12a8 };
}

/** The model for a product type; one that is not in the table is taken for a recent phone or tablet of that name. */
export function modelOf(productType: string): PhoneModel {
  const known = MODELS.find((model) => model.productType === productType);
  if (known !== undefined) return known;
  const tablet = productType.startsWith('iPad');
  return {
    productType,
    marketingName: tablet ? 'iPad' : 'iPhone',
    hardwareModel: tablet ? 'J271AP' : 'D47AP',
    chipId: '00008140',
    deviceClass: tablet ? 'iPad' : 'iPhone',
    usbProductId: tablet ? 0x12ab : 0x12a8,
  };
}

/** The model a phone of this iOS version is unless the caller says otherwise. */
export function defaultProductType(productVersion: string): string {
  const major = Number.parseInt(productVersion, 10);
  if (major < 10) return 'iPhone4,1';
  if (major < 14) return 'iPhone8,1';
  return 'iPhone14,5';
}

/** Build numbers of the versions used most; any other version gets one of the right shape (major + 4, letter, number). */
const BUILDS: Readonly<Record<string, string>> = {
  '9.3.5': '13G36',
  '9.3.6': '13G37',
  '10.3.4': '14G61',
  '15.7.1': '19H117',
  '16.1': '20B82',
  '17.4': '21E219',
  '18.5': '22F76',
};

export function buildOf(productVersion: string): string {
  const known = BUILDS[productVersion];
  if (known !== undefined) return known;
  const [major = 18, minor = 0, patch = 0] = productVersion.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return `${major + 4}${String.fromCodePoint(0x41 + (minor % 26))}${60 + patch}`;
}
