/** A copy while somebody fills in how it is to be; turned into what the service takes. */
import type { CopyCredential, CopyOverview, CopyPatch, KeepThere } from '../../../../src/contract/index.ts';

/** The first is a second store of our own, the others are what restic reaches. */
export const PLACES = ['folder', 'sftp', 's3', 'b2', 'rest', 'rclone', 'restic-folder'] as const;
export type PlaceKind = (typeof PLACES)[number];

/** How often, when, how fast, and what is kept there. */
export interface HowDraft {
  readonly everyHours: number;
  readonly window: { readonly from: string; readonly to: string } | undefined;
  /** NaN where there is no limit. */
  readonly kilobytesPerSecond: number;
  readonly offSite: boolean;
  /** Everything where it is undefined. */
  readonly keep: KeepThere | undefined;
}

export interface CopyDraft extends HowDraft {
  readonly place: PlaceKind;
  readonly name: string;
  /** The folder, or the address as restic takes it. */
  readonly address: string;
  readonly credentials: Readonly<Partial<Record<CopyCredential, string>>>;
  /** Undefined where one is to be made. */
  readonly password: string | undefined;
}

/** What a place asks for. */
export const CREDENTIALS: Readonly<Record<PlaceKind, readonly CopyCredential[]>> = {
  folder: [],
  sftp: [],
  s3: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  b2: ['B2_ACCOUNT_ID', 'B2_ACCOUNT_KEY'],
  rest: ['RESTIC_REST_USERNAME', 'RESTIC_REST_PASSWORD'],
  rclone: [],
  'restic-folder': [],
};

/** What the place of a copy asks for, by its address. */
export function credentialsOfPlace(address: string): readonly CopyCredential[] {
  if (address.startsWith('azure:')) return ['AZURE_ACCOUNT_NAME', 'AZURE_ACCOUNT_KEY'];
  const place = PLACES.find((each) => !isFolder(each) && address.startsWith(`${each}:`));
  return place === undefined ? [] : CREDENTIALS[place];
}

/** What was typed of the secrets of a copy; to be checked with `CopySecretsPatch`. */
export function secretsOf(password: string, credentials: CopyDraft['credentials']): unknown {
  return { ...(password !== '' && { password }), ...givenOf(credentials) };
}

function givenOf(credentials: CopyDraft['credentials']): { credentials?: object } {
  const given = Object.entries(credentials).filter(([, value]) => value !== '');
  return given.length > 0 ? { credentials: Object.fromEntries(given) } : {};
}

export const FEWER: KeepThere = { last: 3, daily: 30, weekly: 52, monthly: 24 };

export const isFolder = (place: PlaceKind): boolean => place === 'folder' || place === 'restic-folder';

export const NEW_COPY: CopyDraft = {
  place: 'folder',
  name: '',
  address: '',
  credentials: {},
  password: undefined,
  everyHours: 24,
  window: undefined,
  kilobytesPerSecond: Number.NaN,
  offSite: false,
  keep: undefined,
};

/** Another place: what was said of the one before does not hold for it. */
export function withPlace(draft: CopyDraft, place: PlaceKind): CopyDraft {
  return {
    ...draft,
    place,
    address: isFolder(place) ? '' : `${place}:`,
    credentials: {},
    password: undefined,
    offSite: !isFolder(place),
  };
}

/** To be checked with `NewCopy`. */
export function newCopyOf({ place, name, address, credentials, password, ...how }: CopyDraft): unknown {
  const { window, keep, bytesPerSecond, everyHours, offSite } = patchOf(how);
  const common = {
    name: name.trim(),
    everyHours,
    offSite,
    ...(window && { window }),
    ...(bytesPerSecond !== null && { bytesPerSecond }),
    ...(keep && { keep }),
  };
  if (place === 'folder') return { kind: 'folder', ...common, dir: address.trim() };
  return {
    kind: 'restic',
    ...common,
    repository: address.trim(),
    ...givenOf(credentials),
    ...(password !== undefined && { password }),
  };
}

export function howOf({ everyHours, window, bytesPerSecond, offSite, keep }: CopyOverview): HowDraft {
  const kilobytesPerSecond = bytesPerSecond === undefined ? Number.NaN : Math.round(bytesPerSecond / 1000);
  return { everyHours, window, kilobytesPerSecond, offSite, keep };
}

/** To be checked with `CopyPatch`. */
export function patchOf({ everyHours, window, kilobytesPerSecond, offSite, keep }: HowDraft): CopyPatch {
  return {
    everyHours,
    window: window ?? null,
    bytesPerSecond: Number.isNaN(kilobytesPerSecond) ? null : kilobytesPerSecond * 1000,
    offSite,
    keep: keep ?? null,
  };
}
