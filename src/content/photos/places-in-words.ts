import { decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { PhotoPosition } from './photo.ts';

/** What a lookup of a place left: more than any address takes. */
const MAX_ARCHIVE_BYTES = 1024 * 1024;

/**
 * The address the phone found for a photo, from ZREVERSELOCATIONDATA: a keyed archive of PLRevGeoLocationInfo with an
 * `addressString` and a CNPostalAddress. Null where the lookup found nothing.
 *
 * @throws {FormatError} when it is no archive.
 */
export function addressIn(archive: Uint8Array): string | null {
  const info = decodeArchive(archive);
  const line = textField(info, 'addressString');
  if (line !== undefined) return line;
  const address = info?.fields['postalAddress'];
  if (!(address instanceof KeyedObject)) return null;
  const parts = ['_street', '_subLocality', '_postalCode', '_city', '_state', '_country'];
  const words = parts.flatMap((part) => textField(address, part) ?? []);
  return words.length === 0 ? null : words.join(', ');
}

/**
 * Where a photo was taken, from ZLOCATIONDATA of iOS 9 and before: a keyed archive of a CLLocation.
 *
 * @throws {FormatError} when it is no archive.
 */
export function positionIn(archive: Uint8Array): PhotoPosition | null {
  const location = decodeArchive(archive);
  const prefix = 'kCLLocationCodingKey';
  return positionOf(
    location?.fields[`${prefix}CoordinateLatitude`] ?? location?.fields[`${prefix}RawCoordinateLatitude`],
    location?.fields[`${prefix}CoordinateLongitude`] ?? location?.fields[`${prefix}RawCoordinateLongitude`],
    location?.fields[`${prefix}HorizontalAccuracy`],
  );
}

/** A position of three columns or fields, or null: -180 and -180 is how Photos says that there is none. */
export function positionOf(latitude: unknown, longitude: unknown, accuracyM: unknown): PhotoPosition | null {
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) return null;
  const isAccurate = typeof accuracyM === 'number' && accuracyM > 0 && Number.isFinite(accuracyM);
  return { latitude, longitude, ...(isAccurate && { accuracyM }) };
}

function decodeArchive(archive: Uint8Array): KeyedObject | undefined {
  if (archive.length > MAX_ARCHIVE_BYTES) return undefined;
  const root = decodeKeyedArchive(archive);
  return root instanceof KeyedObject ? root : undefined;
}

function textField(object: KeyedObject | undefined, field: string): string | undefined {
  const value = object?.fields[field];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Runs a reader of an archive; what is damaged gives `undefined` and is told. */
export function readOrTell<T>(read: () => T, tell: () => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    tell();
    return undefined;
  }
}
