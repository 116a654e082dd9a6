import type { PartialDate } from '../../content/index.ts';

const WITH_YEAR = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const WITHOUT_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** "1 April 1990", "1 April" */
export function dayInWords({ year, month, day }: PartialDate): string {
  const date = new Date(0);
  // Any leap year will do where none is known.
  date.setUTCFullYear(year ?? 2000, month - 1, day);
  return (year === undefined ? WITHOUT_YEAR : WITH_YEAR).format(date);
}
