import { wallClockWithOffset } from '../../shared/time/time-zone.ts';
import type { ExportOptions } from '../kind.ts';

/** In their order. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Moments as people read them, on the clocks of one zone. */
export interface Times {
  /** "Friday, 1 May 2026" */
  day(at: Date): string;
  /** "09:30" */
  time(at: Date): string;
  /** "1 May 2026, 09:30" */
  moment(at: Date): string;
  /** For names of files, which sort by it: "2026-05-01 09.30" */
  forFile(at: Date): string;
  /** For tables: "2026-05-01T09:30:00+02:00"; empty for no moment. */
  iso(at: Date | null | undefined): string;
}

/** @param timeZone an IANA name. */
export function timesIn(timeZone: string): Times {
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone });
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  const iso = (at: Date): string => wallClockWithOffset(timeZone, at);
  return {
    day: (at) => `${weekday.format(at)}, ${date.format(at)}`,
    time: (at) => time.format(at),
    moment: (at) => `${date.format(at)}, ${time.format(at)}`,
    forFile: (at) => iso(at).slice(0, 16).replace('T', ' ').replace(':', '.'),
    iso: (at) => (at ? iso(at) : ''),
  };
}

/** "45 s", "3 min 20 s", "1 h 2 min" */
export function durationInWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whether something happened in the time asked for. What has no date is in it only when none was asked for. */
export function isWithin(at: Date | null | undefined, { from, until }: Pick<ExportOptions, 'from' | 'until'>): boolean {
  if (from === undefined && until === undefined) return true;
  if (!at) return false;
  return (from === undefined || at >= from) && (until === undefined || at < until);
}

/** Whether one of the words asked for is in one of the names; everything is wanted when nothing was asked for. */
export function isAbout(names: readonly (string | null | undefined)[], wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  return wanted.some((text) => names.some((name) => comparable(name ?? '').includes(comparable(text))));
}

const comparable = (text: string): string => text.normalize('NFC').toLowerCase();
