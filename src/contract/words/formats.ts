/** How a language writes times, lengths of time and amounts. Works in a browser: everything comes from Intl. */

/** The languages of the interface, the mails and the command line. */
export type Language = 'en' | 'de';

/** What sentences are put together with. Times are ISO 8601 in UTC; what is none comes out as it went in. */
export interface Formats {
  /** “today at 19:40”, “on Friday at 22:00”, “on 3 May at 22:00”. */
  moment(iso: string): string;
  /** The same behind “until” or “since”: “Friday at 22:00”. */
  until(iso: string): string;
  /** Without the time of day: “today”, “on 3 May”. */
  day(iso: string): string;
  /** “3 hours ago”, “in 2 days”, “just now”. */
  ago(iso: string): string;
  /** A length of time in one unit: “3 hours”. In German the dative, as behind “seit”, “nach” and “in”: “2 Tagen”. */
  span(ms: number): string;
  number(value: number): string;
  /** @param value of a hundred. */
  percent(value: number): string;
  /** As people say sizes, of thousands: “64 GB”. */
  bytes(value: number): string;
  /** `plural(2, 'try', 'tries')` */
  plural(count: number, one: string, other: string): string;
  list(items: readonly string[]): string;
}

type Unit = 'minute' | 'hour' | 'day' | 'month' | 'year';

const LOCALES = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Language, string>;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Each unit is used from twice its length on, days from one and a half: “36 hours” says more than “2 days”. */
const UNITS: readonly (readonly [Unit, lengthMs: number, fromMs: number])[] = [
  ['year', 365 * DAY_MS, 730 * DAY_MS],
  ['month', 30.44 * DAY_MS, 61 * DAY_MS],
  ['day', DAY_MS, 1.5 * DAY_MS],
  ['hour', 60 * MINUTE_MS, 59.5 * MINUTE_MS],
  ['minute', MINUTE_MS, 0],
];
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
/** Intl knows only the nominative. */
const DATIVE: Readonly<Record<Unit, readonly [one: string, other: string]>> = {
  minute: ['einer Minute', 'Minuten'],
  hour: ['einer Stunde', 'Stunden'],
  day: ['einem Tag', 'Tagen'],
  month: ['einem Monat', 'Monaten'],
  year: ['einem Jahr', 'Jahren'],
};

/** @param timeZone an IANA name: what the clocks on its walls show is what is said. */
export function formatsOf(language: Language, now: Date, timeZone: string): Formats {
  const locale = LOCALES[language];
  const on = language === 'de' ? 'am ' : 'on ';
  const at = language === 'de' ? 'um' : 'at';
  const dayName = (date: Date, preposition: string): string => {
    const days = dayNumber(date, timeZone) - dayNumber(now, timeZone);
    if (Math.abs(days) <= 1) return made(Intl.RelativeTimeFormat, locale, { numeric: 'auto' }).format(days, 'day');
    if (days > 1 && days < 7) return `${preposition}${dates(locale, { weekday: 'long', timeZone }).format(date)}`;
    const isThisYear = wallDate(date, timeZone).slice(0, 4) === wallDate(now, timeZone).slice(0, 4);
    const year = isThisYear ? {} : ({ year: 'numeric' } as const);
    return `${preposition}${dates(locale, { day: 'numeric', month: 'long', ...year, timeZone }).format(date)}`;
  };
  const clock = (date: Date): string =>
    dates(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(date);
  return {
    moment: (iso) => read(iso, (date) => `${dayName(date, on)} ${at} ${clock(date)}`),
    until: (iso) => read(iso, (date) => `${dayName(date, '')} ${at} ${clock(date)}`),
    day: (iso) => read(iso, (date) => dayName(date, on)),
    ago: (iso) =>
      read(iso, (date) => {
        const ms = date.getTime() - now.getTime();
        const [count, unit] = inOneUnit(Math.abs(ms));
        if (count === 0) return language === 'de' ? 'gerade eben' : 'just now';
        return made(Intl.RelativeTimeFormat, locale, { numeric: 'always' }).format(ms < 0 ? -count : count, unit);
      }),
    span: (ms) => {
      const [count, unit] = inOneUnit(Math.max(MINUTE_MS, Math.abs(ms)));
      if (language === 'en') return numbers(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
      const [one, other] = DATIVE[unit];
      return count === 1 ? one : `${numbers(locale, {}).format(count)} ${other}`;
    },
    number: (value) => numbers(locale, {}).format(value),
    percent: (value) => numbers(locale, { style: 'percent' }).format(value / 100),
    bytes: (value) => sizeIn(locale, value),
    plural: (count, one, other) => (made(Intl.PluralRules, locale, {}).select(count) === 'one' ? one : other),
    list: (items) => made(Intl.ListFormat, locale, { type: 'conjunction' }).format(items),
  };
}

function read(iso: string, say: (date: Date) => string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : say(date);
}

/** 2026-05-03, as the clocks of the zone have it. */
function wallDate(date: Date, timeZone: string): string {
  return dates('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(date);
}

function dayNumber(date: Date, timeZone: string): number {
  return Date.parse(wallDate(date, timeZone)) / DAY_MS;
}

function inOneUnit(ms: number): readonly [number, Unit] {
  for (const [unit, lengthMs, fromMs] of UNITS) {
    if (ms >= fromMs) return [Math.round(ms / lengthMs), unit];
  }
  return [0, 'minute'];
}

function sizeIn(locale: string, bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  const maximumFractionDigits = amount < 10 && power > 0 ? 1 : 0;
  return numbers(locale, {
    style: 'unit',
    unit: SIZES[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits,
  }).format(amount);
}

const dates = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  made(Intl.DateTimeFormat, locale, options);

const numbers = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  made(Intl.NumberFormat, locale, options);

/** Making one takes a hundred times as long as using it. */
const kept = new Map<string, unknown>();

function made<T, O>(kind: new (locale: string, options: O) => T, locale: string, options: O): T {
  const key = `${kind.name} ${locale} ${JSON.stringify(options)}`;
  const known = kept.get(key);
  if (known !== undefined) return known as T; // The key begins with its kind.
  const fresh = new kind(locale, options);
  kept.set(key, fresh);
  return fresh;
}
