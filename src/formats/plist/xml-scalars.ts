/** How XML property lists spell dates and reals. */
import { APPLE_EPOCH_SECONDS, appleSecondsOf, dateFromAppleSeconds } from './value.ts';

const SECONDS_PER_DAY = 86_400;

/** Dates about which `Date` cannot be wrong: it takes 30 February for 2 March. Ten times faster than counting days. */
const COMMON_DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * Reads `2026-11-22T10:00:00Z`; years may be negative or longer than four digits. A fraction of a second, which
 * Apple never writes, is kept. Returns undefined for anything else, and for days that do not exist.
 */
export function parseXmlDate(text: string): Date | undefined {
  if (COMMON_DATE.test(text)) return new Date(text);
  const match = /^\s*(-?\d{4,9})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d{1,9})?)Z\s*$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 24 || minute > 59 || second >= 61) return undefined;
  const days = daysSince1970(year, month, day);
  return dateFromAppleSeconds(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - APPLE_EPOCH_SECONDS);
}

/** Whole seconds, rounded down, as Apple writes them. A date that is no date at all becomes the zero of 2001. */
export function formatXmlDate(date: Date): string {
  const seconds = Math.floor(appleSecondsOf(date)) + APPLE_EPOCH_SECONDS;
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  if (!(Math.abs(days) < MAX_DAYS)) return '2001-01-01T00:00:00Z';
  const { year, month, day } = civilDate(days);
  const second = seconds - days * SECONDS_PER_DAY;
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(twoDigits).join(':');
  const sign = year < 0 ? '-' : '';
  return `${sign}${String(Math.abs(year)).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}T${clock}Z`;
}

/** About half a billion years: the years have nine digits at most. */
const MAX_DAYS = 182_000_000_000;

/** Reads a real, including the names of infinity and of what is not a number. Undefined when it is none of these. */
export function parseXmlReal(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const [, sign, name] = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed) ?? [];
  if (name === undefined) return undefined;
  if (name.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? -Infinity : Infinity;
}

/** The shortest text that reads back as the same number. */
export function formatXmlReal(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? '+infinity' : '-infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  return String(value);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : ([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The Gregorian calendar in both directions, counted in 400-year eras that begin on 1 March, so leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function civilDate(daysSince: number): { year: number; month: number; day: number } {
  const days = daysSince + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((monthFromMarch + 2) % 12) + 1;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
