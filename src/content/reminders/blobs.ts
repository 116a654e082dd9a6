/** Small values that Reminders keeps as JSON, as a property list or as a keyed archive, by release. */
import { decodeKeyedArchive, decodePlist, KeyedObject, PlistReal } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import type { SqlValue } from '../../database/index.ts';
import { WEEKDAYS, type DaySelection, EVERY_DAY } from '../calendar/recurrence.ts';

const MAX_BLOB_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 8;

/** What a blob holds, or undefined when it cannot be read. */
export function decodeBlob(value: SqlValue | undefined): unknown {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return undefined;
  if (value.length > MAX_BLOB_BYTES) return undefined;
  const text = typeof value === 'string' ? value : Buffer.from(value).toString();
  if (/^\s*[[{]/.test(text)) return parsedJson(text);
  if (typeof value === 'string') return undefined;
  try {
    const plist = decodePlist(value);
    return isArchive(plist) ? decodeKeyedArchive(plist) : plist;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isArchive = (value: unknown): boolean => typeof value === 'object' && value !== null && '$archiver' in value;

/** A field of an object, by any of its names; objects of archives are looked into. */
export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  const fields = value instanceof KeyedObject ? value.fields : value;
  if (typeof fields !== 'object' || fields === null) return undefined;
  for (const name of names) {
    if (Object.hasOwn(fields, name)) return (fields as Record<string, unknown>)[name];
  }
  return undefined;
}

function numberField(value: unknown, ...names: readonly string[]): number | undefined {
  return plainNumber(fieldOf(value, ...names));
}

function plainNumber(value: unknown): number | undefined {
  const number = value instanceof PlistReal ? value.value : typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const objects = fieldOf(value, 'NS.objects');
  return Array.isArray(objects) ? objects : [];
}

/** `ZDAYSOFTHEWEEK` and its like. Days of the week count from 1, Sunday; those of the month from its end when negative. */
export function daySelection(get: (attribute: string) => SqlValue | undefined): DaySelection {
  const numbers = (attribute: string): number[] =>
    listOf(decodeBlob(get(attribute)))
      .flatMap((each) => plainNumber(each) ?? [])
      .filter((number) => Number.isInteger(number) && number !== 0 && Math.abs(number) <= 366)
      .slice(0, 366);
  return {
    ...EVERY_DAY,
    byDay: listOf(decodeBlob(get('DAYSOFTHEWEEK')))
      .slice(0, 366)
      .flatMap((each) => {
        const day = numberField(each, 'dayOfTheWeek', 'dayOfWeek') ?? plainNumber(each);
        const ordinal = numberField(each, 'weekNumber') ?? 0;
        const weekday = day === undefined ? undefined : WEEKDAYS[(day + 5) % 7];
        if (weekday === undefined || day === undefined || day < 1 || day > 7) return [];
        return [
          ordinal === 0 || !Number.isInteger(ordinal) || Math.abs(ordinal) > 53 ? { weekday } : { weekday, ordinal },
        ];
      }),
    byMonthDay: numbers('DAYSOFTHEMONTH').filter((day) => Math.abs(day) <= 31),
    byMonth: numbers('MONTHSOFTHEYEAR').filter((month) => month >= 1 && month <= 12),
    byYearDay: numbers('DAYSOFTHEYEAR'),
    byWeekNumber: numbers('WEEKSOFTHEYEAR').filter((week) => Math.abs(week) <= 53),
    bySetPosition: numbers('SETPOSITIONS'),
  };
}

/** Parts of a date, as `NSDateComponents` has them: "2026-05-01T09:30:00", or undefined when there is no day in it. */
export function localTimeOf(components: unknown): string | undefined {
  const part = (name: string): number | undefined => numberField(components, name, `NS.${name}`);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(part('hour') ?? 0, part('minute') ?? 0, part('second') ?? 0);
  const isDate = !Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999;
  return isDate ? at.toISOString().slice(0, 19) : undefined;
}

/** The first text under a name, however deep it lies: colours are wrapped differently from release to release. */
export function deepText(value: unknown, name: string, depth = 0): string | undefined {
  const own = fieldOf(value, name);
  if (typeof own === 'string') return own;
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return undefined;
  const fields = value instanceof KeyedObject ? value.fields : value;
  for (const each of Object.values(fields).slice(0, 100)) {
    const found = typeof each === 'object' ? deepText(each, name, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
