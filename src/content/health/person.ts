import { asDictionary, decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { SqlValue } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { readPlace } from '../source/property-list.ts';
import { numberOf } from '../source/row-values.ts';

/** What the owner said about themselves; what is undefined they did not say. */
export interface HealthPerson {
  /** "1980-05-01" */
  readonly birthDate: string | undefined;
  /** As HealthKit calls them: "Female", "APositive", "III". */
  readonly sex: string | undefined;
  readonly bloodType: string | undefined;
  readonly skinType: string | undefined;
  readonly usesWheelchair: boolean | undefined;
}

const SEXES = ['NotSet', 'Female', 'Male', 'Other'];
const BLOOD_TYPES = [
  'NotSet',
  'APositive',
  'ANegative',
  'BPositive',
  'BNegative',
  'ABPositive',
  'ABNegative',
  'OPositive',
  'ONegative',
];
const SKIN_TYPES = ['NotSet', 'I', 'II', 'III', 'IV', 'V', 'VI'];

export function readPerson(database: ContentDatabase): HealthPerson {
  const values = new Map<string, SqlValue>();
  for (const table of ['key_value_secure', 'key_value']) {
    if (!database.has(table, 'key') || !database.has(table, 'value')) continue;
    for (const { name, value } of database.rows(`SELECT "key" AS name, "value" AS value FROM ${table}`)) {
      if (typeof name === 'string' && value !== undefined && !values.has(name)) values.set(name, value);
    }
  }
  const named = (key: string, names: readonly string[]): string | undefined => names[numberOf(values.get(key)) ?? -1];
  const wheelchair = numberOf(values.get('wheelchair_use'));
  return {
    birthDate: birthDateOf(values.get('birthdate')),
    sex: named('sex', SEXES),
    bloodType: named('blood_type', BLOOD_TYPES),
    skinType: named('fitzpatrick_skin_type', SKIN_TYPES),
    usesWheelchair: wheelchair === 2 ? true : wheelchair === 1 ? false : undefined,
  };
}

/** Kept as seconds since 2001, as text, or as archived parts of a date. */
function birthDateOf(value: SqlValue | undefined): string | undefined {
  if (value instanceof Uint8Array) return archivedDate(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) return value.slice(0, 10);
  const at = fromCocoaSeconds(value);
  // The moment is midnight, of UTC or of where the phone was: half a day later it is that day everywhere.
  return at && new Date(at.getTime() + HALF_A_DAY_MS).toISOString().slice(0, 10);
}

function archivedDate(bytes: Uint8Array): string | undefined {
  const archive = unarchived(bytes);
  const fields = archive instanceof KeyedObject ? archive.fields : {};
  const [year, month, day] = ['NS.year', 'NS.month', 'NS.day'].map((name) => fields[name]);
  if (typeof year !== 'number' || typeof month !== 'number' || typeof day !== 'number') return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

const HALF_A_DAY_MS = 43_200_000;

const MEDICAL_ID_PLACES = [
  { domain: 'HealthDomain', relativePath: 'MedicalID/MedicalIDData.archive' },
  { domain: 'HomeDomain', relativePath: 'Library/MedicalID/MedicalIDData.archive' },
];

/** What the lock screen tells rescuers, by Apple's names: "MedicalIDAllergies". Undefined when there is none. */
export async function readMedicalId(backup: Backup): Promise<Readonly<Record<string, unknown>> | undefined> {
  for (const place of MEDICAL_ID_PLACES) {
    const bytes = await readPlace(backup, place);
    const plain = bytes && plainOf(unarchived(bytes), 0);
    if (typeof plain === 'object' && plain !== null && !Array.isArray(plain)) return { ...plain };
  }
  return undefined;
}

function unarchived(bytes: Uint8Array): unknown {
  try {
    return decodeKeyedArchive(bytes);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/** Objects as dictionaries of what they archived. Archives may have cycles: depth bounds them. */
function plainOf(value: unknown, depth: number): unknown {
  if (depth > 12) return undefined;
  if (value instanceof KeyedObject) return plainOf({ ...value.fields }, depth);
  if (Array.isArray(value)) return value.map((each) => plainOf(each, depth + 1));
  if (value instanceof Date || value instanceof Uint8Array || value instanceof Map) return value;
  const dictionary = asDictionary(value);
  if (dictionary === undefined) return value;
  return Object.fromEntries(Object.entries(dictionary).map(([key, each]) => [key, plainOf(each, depth + 1)]));
}
