import type { Occurrence } from '../../../../../src/contract/index.ts';

/** Days and months of calendars are written ones, without a zone: "2026-05-01", "2026-05". */

/** The weeks of a month, Monday first, filled up with days of its neighbours. */
export function weeksOf(month: string): string[][] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const start = addDays(`${month}-01`, -((first.getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  for (let at = start; weeks.length === 0 || at.slice(0, 7) <= month; at = addDays(at, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, day) => addDays(at, day)));
  }
  return weeks;
}

function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function addMonths(month: string, months: number): string {
  const [year = 0, at = 1] = month.split('-').map(Number);
  const date = new Date(Date.UTC(year, at - 1 + months, 1));
  return date.toISOString().slice(0, 7);
}

/** What takes place on each day of a month, each day's whole-day events first. What lasts days stands on each of them. */
export function byDay(occurrences: readonly Occurrence[], month: string): Map<string, Occurrence[]> {
  const days = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences) {
    const last = lastDayOf(occurrence);
    for (let day = firstShown(occurrence.start.slice(0, 10), month); day <= last; day = addDays(day, 1)) {
      if (day.slice(0, 7) > month) break;
      const there = days.get(day) ?? [];
      there.push(occurrence);
      days.set(day, there);
    }
  }
  for (const list of days.values()) {
    list.sort((a, b) => Number(b.isAllDay) - Number(a.isAllDay) || a.start.localeCompare(b.start));
  }
  return new Map([...days].toSorted(([a], [b]) => a.localeCompare(b)));
}

function firstShown(day: string, month: string): string {
  return day < `${month}-01` ? `${month}-01` : day;
}

/** What ends at midnight does not stand on the day that begins then. */
function lastDayOf({ start, end, isAllDay }: Occurrence): string {
  const first = start.slice(0, 10);
  if (end === undefined || end <= start) return first;
  const last = end.slice(0, 10);
  return !isAllDay && last > first && end.endsWith('T00:00:00') ? addDays(last, -1) : last;
}
