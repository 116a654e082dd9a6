import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import type { PartialDate } from './contact.ts';

/** The leap year that stands for "year not known". */
const NO_YEAR = 1604;
const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/;
const YEARLESS_DAY = /^--(\d{2})-?(\d{2})$/;

/**
 * A day as the address book keeps it: seconds since 2001, as text, at noon UTC, with the year 1604 for none. Some
 * programs that write address books put ISO 8601 there.
 */
export function readPartialDate(value: unknown): PartialDate | undefined {
  if (typeof value === 'string') {
    const iso = ISO_DAY.exec(value) ?? YEARLESS_DAY.exec(value);
    if (iso !== null) return iso.length === 4 ? dayOf(iso[1], iso[2], iso[3]) : dayOf(undefined, iso[1], iso[2]);
  }
  const date = fromCocoaSeconds(value);
  if (date === undefined) return undefined;
  return dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

function dayOf(
  year: string | number | undefined,
  month: string | number | undefined,
  day: string | number | undefined,
): PartialDate | undefined {
  const numbers = { month: Number(month), day: Number(day) };
  if (!(numbers.month >= 1 && numbers.month <= 12 && numbers.day >= 1 && numbers.day <= 31)) return undefined;
  return year === undefined || Number(year) === NO_YEAR ? numbers : { year: Number(year), ...numbers };
}

/** "1990-04-01", "--04-01" where the year is not known. */
export function formatPartialDate({ year, month, day }: PartialDate): string {
  const start = year === undefined ? '-' : String(year).padStart(4, '0');
  return `${start}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
