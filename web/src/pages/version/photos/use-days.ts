import type { Formats } from '../../../../../src/contract/index.ts';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { photosWords } from '../../../words/photos.ts';
import { useWords } from '../../../words/words.ts';

/** Days come as "2026-05-01", by the clock where the photo was taken: they are no moments and know no time zone. */
export interface DayWriter {
  /** "Friday, 1 May 2026"; of a month, which it is. */
  readonly whole: (day: string) => string;
  /** "May 2026" */
  readonly month: (day: string) => string;
  readonly format: Formats;
}

export function useDays(): DayWriter {
  const language = useLanguage();
  const { noDate } = useWords(photosWords);
  const format = useFormats();
  const write = (day: string, options: Intl.DateTimeFormatOptions): string => {
    const at = dateOf(day);
    return at === undefined ? noDate : writeDate(at, language, options);
  };
  return {
    whole: (day) => write(day, day.length > 7 ? DAY : MONTH),
    month: (day) => write(day, MONTH),
    format,
  };
}

const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const MONTH = { month: 'long', year: 'numeric' } as const;

/** Its noon, by the reader's clock. */
function dateOf(day: string): Date | undefined {
  const [year, month, date = 1] = day.split('-').map(Number);
  if (year === undefined || month === undefined || Number.isNaN(date)) return undefined;
  return new Date(year, month - 1, date, 12);
}
