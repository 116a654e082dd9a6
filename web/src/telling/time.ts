/** What pages say of times beside what `Formats` of the contract does. */
import type { Formats, Language } from '../../../src/contract/index.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const kept = new Map<string, Intl.DateTimeFormat>();

/** Writes a date in the reader's time zone. Making a format takes a hundred times as long as using it, so it is kept. */
export function writeDate(at: Date, language: Language, options: Intl.DateTimeFormatOptions): string {
  const key = language + JSON.stringify(options);
  const format = kept.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  kept.set(key, format);
  return format.format(at);
}

/** "Sunday, 1 November 2026 at 19:40": the whole of it, for whoever asks. */
export function exactTime(at: Date, language: Language): string {
  return writeDate(at, language, { dateStyle: 'full', timeStyle: 'short' });
}

/** "22 November": a day without the word that goes before it in a sentence. */
export function dayOf(iso: string, language: Language): string {
  return writeDate(new Date(iso), language, { day: 'numeric', month: 'long' });
}

/** How long something takes: "40 seconds", "12 minutes", "2 hours 5 minutes". Not finer than can be meant. */
export function duration(seconds: number, language: Language, format: Formats): string {
  const say = (count: number, [one, many]: readonly [string, string]): string =>
    `${format.number(count)} ${format.plural(count, one, many)}`;
  const [second, minute, hour] = UNITS[language];
  if (seconds < 59.5) return say(Math.max(1, Math.round(seconds)), second);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return say(minutes, minute);
  const hours = say(Math.floor(minutes / 60), hour);
  return minutes % 60 === 0 ? hours : `${hours} ${say(minutes % 60, minute)}`;
}

const UNITS = {
  en: [
    ['second', 'seconds'],
    ['minute', 'minutes'],
    ['hour', 'hours'],
  ],
  de: [
    ['Sekunde', 'Sekunden'],
    ['Minute', 'Minuten'],
    ['Stunde', 'Stunden'],
  ],
} as const;
